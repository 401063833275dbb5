// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.postroad.api.EnhancedStatus;
import org.postroad.api.RecipientReport;
import org.postroad.api.RemoteMta;
import org.postroad.api.RemoteMta.Role;
import org.postroad.api.Verdict;

/** Properties that hold for every zone, every sender and every behaviour of the servers. */
class RoutingPropertiesTest {

    private static final List<String> OUTCOMES = List.of(
            "250-END_OF_DATA",
            "no-answer",
            "broken",
            "doubt",
            "421-GREETING",
            "554-GREETING",
            "450-RCPT",
            "550-RCPT",
            "unfit-5.6.7",
            "unfit-4.7.4");

    /** A host: preference 0 to 3, and the results of its A and AAAA lookups. */
    record GeneratedHost(int preference, List<String> a, List<String> aaaa) {}

    /** A complete scenario. */
    record Scenario(
            List<GeneratedHost> hosts,
            boolean mx,
            String families,
            String relay,
            Map<String, String> outcomes,
            long seed) {

        Simulation simulation(String extraLines) {
            List<String> lines = new ArrayList<>();
            for (int i = 0; i < hosts.size(); i++) {
                String name = mx ? "h" + i : "d";
                if (mx) {
                    lines.add("MX " + hosts.get(i).preference() + " " + name);
                }
                hosts.get(i).a().forEach(address -> lines.add("A " + name + " " + address));
                hosts.get(i).aaaa().forEach(address -> lines.add("AAAA " + name + " " + address));
            }
            Simulation simulation = new Simulation(String.join(";", lines) + ";" + extraLines)
                    .families(families)
                    .relay(relay);
            outcomes.forEach(simulation::at);
            simulation.seed = seed;
            return simulation;
        }

        int preferenceOf(RemoteMta remote) {
            String name = remote.host().toString();
            return mx ? hosts.get(Integer.parseInt(name.substring(1))).preference() : 0;
        }
    }

    @Provide
    Arbitrary<Scenario> scenarios() {
        Arbitrary<GeneratedHost> host = Combinators.combine(
                        Arbitraries.integers().between(0, 3), lookups("4."), lookups("6."))
                .as(GeneratedHost::new);
        Arbitrary<Map<String, String>> outcomes = Arbitraries.maps(
                Combinators.combine(
                                Arbitraries.of("4.", "6."),
                                Arbitraries.integers().between(1, 5))
                        .as((family, number) -> family + number),
                Arbitraries.of(OUTCOMES));
        Arbitrary<Boolean> mx = Arbitraries.of(true, true, false);
        return Combinators.combine(
                        host.list().ofMinSize(1).ofMaxSize(4),
                        mx,
                        Arbitraries.of("v4", "v6", "both"),
                        Arbitraries.of("none", "ok", "dead"),
                        outcomes,
                        Arbitraries.longs())
                .as((hosts, hasMx, families, relay, results, seed) -> new Scenario(
                        hasMx ? hosts : hosts.subList(0, 1), hasMx, families, relay, new HashMap<>(results), seed))
                .withoutEdgeCases(); // with this many parts, only edge cases would be generated
    }

    private static Arbitrary<List<String>> lookups(String prefix) {
        Arbitrary<List<String>> found = Arbitraries.integers()
                .between(1, 5)
                .map(number -> prefix + number)
                .list()
                .uniqueElements()
                .ofMinSize(1)
                .ofMaxSize(3);
        return Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(3, found),
                net.jqwik.api.Tuple.of(2, Arbitraries.just(List.of())),
                net.jqwik.api.Tuple.of(1, Arbitraries.just(List.of("FAIL"))));
    }

    @Property
    void END_aConclusionIsAlwaysReached(@ForAll("scenarios") Scenario scenario) {
        RecipientReport report = scenario.simulation("").run().get(0);
        assertThat(report.decision().rule()).isNotEmpty();
    }

    @Property
    void ORDER_02_attemptedPreferencesNeverDecrease(@ForAll("scenarios") Scenario scenario) {
        Simulation simulation = scenario.simulation("");
        simulation.run();
        List<Integer> preferences = simulation.contacted.stream()
                .filter(remote -> remote.role() == Role.MAIL_EXCHANGER)
                .map(scenario::preferenceOf)
                .toList();
        assertThat(preferences).isSorted();
    }

    @Property
    void TRY_03_noAddressIsTriedTwiceInASend(@ForAll("scenarios") Scenario scenario) {
        Simulation simulation = scenario.simulation("");
        simulation.run();
        assertThat(simulation.contacted).extracting(RemoteMta::address).doesNotHaveDuplicates();
    }

    @Property
    void END_05_neverIs512IfAnMxExists(@ForAll("scenarios") Scenario scenario) {
        RecipientReport report = scenario.simulation("").run().get(0);
        if (scenario.mx()) {
            assertThat(report.status()).isNotEqualTo(EnhancedStatus.BAD_DESTINATION_SYSTEM_5_1_2);
        }
    }

    /**
     * Adds an address that accepts mail, at a separate host of the highest preference value: a success remains one, and a soft failure
     * cannot become hard. (At an existing host it would change the order, and a hard rejection there would be a legitimate result.)
     */
    @Property
    void END_addingAnAddressNeverTurnsASuccessIntoAFailure(@ForAll("scenarios") Scenario scenario) {
        if (!scenario.mx()) {
            return;
        }
        Verdict before = scenario.simulation("").run().get(0).verdict();
        Verdict after = scenario.simulation("MX 9 last; A last 4.77; AAAA last 6.77")
                .run()
                .get(0)
                .verdict();
        if (before == Verdict.DELIVERED) {
            assertThat(after).isEqualTo(Verdict.DELIVERED);
        }
        if (before == Verdict.DEFERRED) {
            assertThat(after).isNotEqualTo(Verdict.FAILED);
        }
    }

    @Property
    void END_03_aTemporaryDnsFailureIsNeverABounce(@ForAll("scenarios") Scenario scenario) {
        Simulation simulation = scenario.simulation("");
        RecipientReport report = simulation.run().get(0);
        boolean failed = simulation.known.lookups().stream()
                .anyMatch(lookup -> lookup.answer().failure().isPresent());
        boolean decidedByServer =
                report.decidedBy().isPresent() && !report.decision().rule().startsWith("END");
        if (failed && !decidedByServer) {
            assertThat(report.verdict()).isNotEqualTo(Verdict.FAILED);
        }
    }

    @Property
    void RELAY_02_theRelayIsContactedOnlyWithoutAnAddressOfOurFamilies(@ForAll("scenarios") Scenario scenario) {
        Simulation simulation = scenario.simulation("");
        simulation.run();
        boolean relayed = simulation.contacted.stream().anyMatch(remote -> remote.role() == Role.RELAY);
        boolean direct = simulation.contacted.stream().anyMatch(remote -> remote.role() == Role.MAIL_EXCHANGER);
        assertThat(relayed && direct).isFalse();
    }
}
