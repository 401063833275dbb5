// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.connect;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.postroad.api.RemoteMta;
import org.postroad.fixtures.VirtualClock;
import org.postroad.provider.internal.connect.DialSimulation.DialOutcome;
import org.postroad.provider.internal.connect.DialSimulation.Line;

/** Properties that hold whatever the outcome of the dials. */
class HappyEyeballsPropertiesTest {

    /** A host, its behaviour, and the dial settings. */
    record Scenario(List<Line> lines, Optional<Duration> attemptDelay, Duration timeout, Duration deadline) {

        DialSimulation run() {
            ConnectSettings settings = new ConnectSettings(
                    FamiliesSetting.BOTH,
                    LocalAddresses.NONE,
                    timeout,
                    attemptDelay,
                    List.of(),
                    Optional.empty(),
                    Optional.empty());
            return new DialSimulation(lines, settings, deadline).run();
        }

        List<RemoteMta> remotes() {
            return lines.stream().map(Line::remote).toList();
        }
    }

    @Provide
    Arbitrary<Scenario> scenarios() {
        Arbitrary<List<Line>> lines = Combinators.combine(
                        Arbitraries.of(DialOutcome.values()),
                        Arbitraries.longs().between(0, 2000),
                        Arbitraries.of(4, 6))
                .as(List::<Object>of)
                .list()
                .ofMaxSize(8)
                .map(all -> IntStream.range(0, all.size())
                        .mapToObj(i -> line(i, all.get(i)))
                        .toList());
        return Combinators.combine(
                        lines,
                        Arbitraries.longs()
                                .between(10, 2000)
                                .map(Duration::ofMillis)
                                .optional(),
                        Arbitraries.longs().between(1, 3000).map(Duration::ofMillis),
                        Arbitraries.longs().between(0, 6000).map(Duration::ofMillis))
                .as(Scenario::new)
                .withoutEdgeCases(); // they are so numerous that nothing else would be tried
    }

    private static Line line(int number, List<Object> parts) {
        String prefix = parts.get(2).equals(4) ? "192.0.2." : "2001:db8::";
        return new Line(DialSimulation.remote(prefix + (number + 1)), (DialOutcome) parts.get(0), (Long) parts.get(1));
    }

    @Property
    void eachAddressIsReportedExactlyOnce(@ForAll("scenarios") Scenario scenario) {
        DialSimulation simulation = scenario.run();
        List<RemoteMta> places = new ArrayList<>(simulation.winner().stream().toList());
        failedAndOvertaken(simulation).forEach(places::add);
        places.addAll(simulation.race().untried());
        assertThat(places).containsExactlyInAnyOrderElementsOf(scenario.remotes());
    }

    private static Stream<RemoteMta> failedAndOvertaken(DialSimulation simulation) {
        return Stream.concat(simulation.race().failures().stream(), simulation.race().lostRace().stream())
                .map(DialResult.Failure::remote);
    }

    @Property
    void theAddressesAreDialledInTheirOrder(@ForAll("scenarios") Scenario scenario) {
        List<RemoteMta> dialled = scenario.run().starts.stream()
                .map(HappyEyeballs.StartDial::remote)
                .toList();
        assertThat(dialled).isEqualTo(scenario.remotes().subList(0, dialled.size()));
    }

    @Property
    void thereIsAtMostOneWinnerAndThenNothingIsDialled(@ForAll("scenarios") Scenario scenario) {
        List<String> log = scenario.run().log;
        List<String> afterwards = log.stream()
                .dropWhile(line -> !line.contains("connected"))
                .skip(1)
                .toList();
        assertThat(afterwards).allMatch(line -> line.contains("close"));
    }

    @Property
    void withoutAWinnerAllAreTriedUnlessTheDeadlineComes(@ForAll("scenarios") Scenario scenario) {
        DialSimulation simulation = scenario.run();
        if (simulation.winner().isEmpty()) {
            assertThat(simulation.race().lostRace()).isEmpty();
            assertThat(simulation.race().untried().isEmpty()
                            || !simulation.now().isBefore(VirtualClock.START.plus(scenario.deadline())))
                    .isTrue();
        }
    }

    @Property
    void startsAreTheDelayApartUnlessADialFailedInBetween(@ForAll("scenarios") Scenario scenario) {
        DialSimulation simulation = scenario.run();
        for (int i = 1; i < simulation.starts.size(); i++) {
            Instant before = simulation.starts.get(i - 1).at();
            Instant at = simulation.starts.get(i).at();
            boolean delayIsOver = scenario.attemptDelay()
                    .filter(delay -> at.equals(before.plus(delay)))
                    .isPresent();
            assertThat(delayIsOver || simulation.failedAt.contains(at)).isTrue();
        }
    }

    @Property
    void everyDialEndsInItsTimeAndTheRaceWithTheLast(@ForAll("scenarios") Scenario scenario) {
        DialSimulation simulation = scenario.run();
        Instant end = VirtualClock.START.plus(scenario.deadline());
        assertThat(simulation.starts).allSatisfy(start -> {
            assertThat(start.at()).isBefore(end);
            assertThat(start.until()).isAfter(start.at()).isBeforeOrEqualTo(end);
            assertThat(start.until()).isBeforeOrEqualTo(start.at().plus(scenario.timeout()));
        });
        assertThat(simulation.now()).isBeforeOrEqualTo(end.plus(HappyEyeballs.GRACE));
    }

    @Property
    void onlyDialledAddressesWithoutAnAnswerAreSilent(@ForAll("scenarios") Scenario scenario) {
        DialSimulation simulation = scenario.run();
        List<RemoteMta> mayBeSilent =
                new ArrayList<>(failedAndOvertaken(simulation).toList());
        mayBeSilent.removeAll(simulation.refused);
        assertThat(simulation.race().silent()).doesNotHaveDuplicates();
        assertThat(mayBeSilent).containsAll(simulation.race().silent());
    }
}
