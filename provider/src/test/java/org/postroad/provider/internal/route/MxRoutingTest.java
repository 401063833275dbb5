// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.postroad.provider.internal.route.Simulation.U;
import static org.postroad.provider.internal.route.Simulation.ip;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postroad.api.Attempt;
import org.postroad.api.Domain;
import org.postroad.api.EnhancedStatus;
import org.postroad.api.Family;
import org.postroad.api.HostName;
import org.postroad.api.IpAddress;
import org.postroad.api.Mailbox;
import org.postroad.api.RecipientReport;
import org.postroad.api.Relay;
import org.postroad.api.RemoteMta;
import org.postroad.api.RemoteMta.Role;
import org.postroad.api.TlsSummary;
import org.postroad.api.Verdict;
import org.postroad.spi.AddressOrder.Candidate;
import org.postroad.spi.RelaySelector.Reason;

/** The rules one by one, with more hosts, recipients and relays than the table has. */
class MxRoutingTest {

    /** Zone, our families, outcomes at addresses, and the trace: addresses contacted, status, rule. */
    @ParameterizedTest(name = "{0} | {1} | {2} -> {3}")
    @CsvSource(delimiter = '|', textBlock = """
            # LOOKUP
            MX FAIL; A d 4.1                               | both |                          | -> 4.4.3 LOOKUP-02
            MX NXDOMAIN; A d 4.1                           | both |                          | -> 5.1.2 LOOKUP-03
            MX 0 .                                         | both |                          | -> 5.1.10 LOOKUP-07
            MX 0 .; A d 4.1                                | both |                          | -> 5.1.10 LOOKUP-07
            MX 5 .                                         | both |                          | -> 5.4.3 END-05
            MX 0 .; MX 10 m; A m 4.1                       | both |                          | 4.1 -> 2.0.0 TRY-01
            MX 0 .; MX 0 .                                 | both |                          | -> 5.4.3 END-05
            MX 10 b\\.ad; MX 20 m; A m 4.1                 | both |                          | 4.1 -> 2.0.0 TRY-01
            MX 10 b\\.ad                                   | both |                          | -> 5.4.3 END-05
            MX 10 m; A m 4.1; AAAA m FAIL                  | both | 4.1=no-answer            | 4.1 -> 4.4.1 END-01
            MX 10 m; A m FAIL; AAAA m 6.1                  | both |                          | 6.1 -> 2.0.0 TRY-01
            # ORDER
            A d 4.1; AAAA d 6.1                            | both | 4.1=no-answer            | 4.1 6.1 -> 2.0.0 TRY-01
            MX 20 b; MX 10 a; A a 4.1; A b 4.2             | both | 4.1=no-answer            | 4.1 4.2 -> 2.0.0 TRY-01
            MX 10 a; MX 5 b; A a 4.1; A b 4.2              | both | 4.2=450-MAIL             | 4.2 4.1 -> 2.0.0 TRY-01
            MX 10 a; MX 20 b; AAAA a 6.1; A b 4.2          | both | 6.1=no-answer            | 6.1 4.2 -> 2.0.0 TRY-01
            MX 10 a; MX 20 b; AAAA a 6.1; A b 4.2          | v4   |                          | 4.2 -> 2.0.0 TRY-01
            MX 10 a; MX 20 b; A a 4.1; A a 4.2; A b 4.3    | both | 4.1=no-answer 4.2=broken | 4.1 4.2 4.3 -> 2.0.0 TRY-01
            MX 10 a; MX 20 b; A a 4.1; A b 4.1; A b 4.2    | both | 4.1=no-answer            | 4.1 4.2 -> 2.0.0 TRY-01
            MX 10 a; MX 30 a; MX 20 b; A a 4.1; A b 4.2    | both | 4.1=450-RCPT             | 4.1 4.2 -> 2.0.0 TRY-01
            # TRY
            MX 10 a; MX 20 b; A a 4.1; A b 4.2             | both | 4.1=299-END_OF_DATA      | 4.1 -> 2.0.0 TRY-01
            MX 10 a; MX 20 b; A a 4.1; A b 4.2             | both | 4.1=550-RCPT             | 4.1 -> 5.0.0 TRY-02
            MX 10 a; MX 20 b; A a 4.1; A b 4.2             | both | 4.1=554-DATA             | 4.1 -> 5.0.0 TRY-02
            MX 10 a; MX 20 b; A a 4.1; A b 4.2             | both | 4.1=450-END_OF_DATA      | 4.1 4.2 -> 2.0.0 TRY-01
            MX 10 a; A a 4.1; AAAA a 6.1                   | both | 4.1=421-GREETING         | 4.1 6.1 -> 2.0.0 TRY-01
            MX 10 a; MX 20 b; A a 4.1; AAAA a 6.1; A b 4.2 | both | 4.1=554-GREETING         | 4.1 4.2 -> 2.0.0 TRY-01
            MX 10 a; MX 20 b; A a 4.1; AAAA a 6.1; A b 4.2 | both | 4.1=521-EHLO             | 4.1 4.2 -> 2.0.0 TRY-01
            MX 10 a; MX 20 b; A a 4.1; A b 4.2             | both | 4.1=unfit-5.6.7          | 4.1 4.2 -> 2.0.0 TRY-01
            MX 10 a; MX 20 b; A a 4.1; A b 4.2             | both | 4.1=doubt                | 4.1 -> 4.4.2 TRY-05
            # END
            MX 10 a; MX 20 b; A a 4.1; A b 4.2             | both | 4.1=450-RCPT 4.2=no-answer     | 4.1 4.2 -> 4.0.0 END-01
            MX 10 a; MX 20 b; A a 4.1; A b 4.2             | both | 4.1=no-answer 4.2=broken       | 4.1 4.2 -> 4.4.2 END-01
            MX 10 a; MX 20 b; A a 4.1; A b 4.2             | both | 4.1=broken 4.2=no-answer       | 4.1 4.2 -> 4.4.1 END-01
            MX 10 a; MX 20 b; A a 4.1; A b 4.2             | both | 4.1=no-answer 4.2=554-GREETING | 4.1 4.2 -> 4.4.1 END-01
            MX 10 a; MX 20 b; A a 4.1; A b 4.2             | both | 4.1=554-GREETING 4.2=no-answer | 4.1 4.2 -> 4.4.1 END-01
            MX 10 a; MX 20 b; A a 4.1; A b 4.2             | both | 4.1=554-GREETING 4.2=521-EHLO  | 4.1 4.2 -> 5.0.0 END-02
            MX 10 a; MX 20 b; A a 4.1; A b 4.2             | both | 4.1=554-EHLO 4.2=unfit-5.6.7   | 4.1 4.2 -> 5.6.7 END-02
            MX 10 a; MX 20 b; A a 4.1; A b FAIL            | both | 4.1=554-GREETING               | 4.1 -> 4.4.3 END-01
            MX 10 a; A a 4.1; AAAA a FAIL                  | both | 4.1=554-GREETING               | 4.1 -> 4.4.3 END-01
            MX 10 a; A a 4.1                               | both | 4.1=554-STARTTLS               | 4.1 -> 4.7.4 END-01
            MX 10 a; A a 4.1                               | both | 4.1=354-MAIL                   | 4.1 -> 4.5.0 END-01
            MX 10 a; MX 20 b; A a FAIL; AAAA b 6.2         | v4   |                          | -> 4.4.3 END-03
            MX 10 a; MX 20 b; AAAA a FAIL; A b FAIL        | both |                          | -> 4.4.3 END-03
            MX 10 a; MX 20 b; AAAA a 6.1                   | v4   |                          | -> 5.4.4 END-04
            MX 10 a; MX 20 b; A b 4.2                      | v6   |                          | -> 5.4.4 END-04
            MX 10 a; MX 20 b                               | v4   |                          | -> 5.4.3 END-05
            AAAA d 6.1                                     | v4   |                          | -> 5.4.4 END-04
            A x 4.1                                        | v4   |                          | -> 5.1.2 END-06
            """)
    void END_severalMxesHaveTheResultOfTheTable(String zone, String families, String outcomes, String trace) {
        Simulation simulation = new Simulation(zone).families(families).outcomes(outcomes == null ? "" : outcomes);
        assertThat(simulation.trace()).isEqualTo(trace);
    }

    @Test
    void LOOKUP_01_mxIsLookedUpFirst() {
        Simulation simulation = new Simulation("MX 10 m; A m 4.1");
        simulation.run();
        assertThat(simulation.asked).startsWith("d MX");
    }

    @Test
    void LOOKUP_02_afterAFailedMxLookupNoAddressIsLookedUp() {
        Simulation simulation = new Simulation("MX FAIL; A d 4.1");
        RecipientReport report = simulation.run().get(0);
        assertThat(simulation.asked).containsExactly("d MX");
        assertThat(report.verdict()).isEqualTo(Verdict.DEFERRED);
        assertThat(report.decision().explanation()).contains("MX records of d").contains("SERVFAIL");
    }

    @Test
    void LOOKUP_03_afterNxdomainNoAddressIsLookedUp() {
        Simulation simulation = new Simulation("MX NXDOMAIN; A d 4.1");
        RecipientReport report = simulation.run().get(0);
        assertThat(simulation.asked).containsExactly("d MX");
        assertThat(report.verdict()).isEqualTo(Verdict.FAILED);
        assertThat(report.decision().explanation()).isEqualTo("The domain d does not exist");
    }

    @ParameterizedTest
    @CsvSource({"v4, AAAA", "v6, A"})
    void LOOKUP_04_theOtherFamilyIsLookedUpBeforeAConclusionNeedsIt(String families, String other) {
        Simulation simulation = new Simulation("MX 10 m").families(families);
        simulation.run();
        assertThat(simulation.asked).contains("m " + other).doesNotHaveDuplicates();
    }

    @Test
    void LOOKUP_04_theOtherFamilyIsNotLookedUpIfNothingDependsOnIt() {
        Simulation simulation = new Simulation("MX 10 m; A m 4.1; AAAA m 6.1").families("v4");
        simulation.run();
        assertThat(simulation.asked).containsExactly("d MX", "m A");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            v4 | false | m A
            v6 | false | m AAAA
            v4 | true  | m A
            v6 | true  | m A, m AAAA
            """)
    void LOOKUP_04_theFirstQuestionsAreThoseWhoseAnswersCouldBeUsable(String families, boolean nat64, String asked) {
        Simulation simulation = new Simulation("MX 10 m; A m 4.1; AAAA m 6.1").families(families);
        simulation.nat64 = nat64;
        simulation.run();
        assertThat(String.join(", ", simulation.asked)).isEqualTo("d MX, " + asked);
    }

    @Test
    void LOOKUP_05_a6IsLookedUpOnlyIfSwitchedOn() {
        Simulation off = new Simulation("MX 10 m; A6 m 6.1");
        assertThat(off.trace()).isEqualTo("-> 5.4.3 END-05");
        assertThat(off.asked).doesNotContain("m A6");
        Simulation on = new Simulation("MX 10 m; A6 m 6.1");
        on.a6 = true;
        assertThat(on.trace()).isEqualTo("6.1 -> 2.0.0 TRY-01");
    }

    @Test
    void LOOKUP_05_aFailedA6LookupIsTemporary() {
        Simulation simulation = new Simulation("MX 10 m; A6 m FAIL");
        simulation.a6 = true;
        assertThat(simulation.trace()).isEqualTo("-> 4.4.3 END-03");
    }

    @ParameterizedTest
    @CsvSource({"[192.0.2.7], both, 4.7 -> 2.0.0 TRY-01", "[IPv6:2001:db8::7], v4, -> 5.4.4 END-04"})
    void LOOKUP_06_anAddressLiteralNeedsNoDns(String literal, String families, String trace) {
        Simulation simulation = new Simulation("").families(families);
        simulation.domain = literal;
        assertThat(simulation.trace()).isEqualTo(trace);
        assertThat(simulation.asked).isEmpty();
    }

    @Test
    void LOOKUP_07_aNullMxIsExplained() {
        assertThat(new Simulation("MX 0 .").run().get(0).decision().explanation())
                .isEqualTo("The domain d accepts no mail (null MX)");
    }

    @Test
    void LOOKUP_08_oneFailedFamilyDoesNotHideTheOther() {
        assertThat(new Simulation("MX 10 m; A m FAIL; AAAA m 6.1").trace()).isEqualTo("6.1 -> 2.0.0 TRY-01");
        assertThat(new Simulation("MX 10 m; A m 4.1; AAAA m FAIL").trace()).isEqualTo("4.1 -> 2.0.0 TRY-01");
    }

    @Test
    void LOOKUP_09_noParentIsLookedUp() {
        Simulation simulation = new Simulation("A x 4.1");
        simulation.domain = "a.b.c";
        simulation.run();
        assertThat(simulation.asked).allMatch(question -> question.startsWith("a.b.c "));
    }

    @Test
    void ORDER_01_withoutMxTheDomainItselfIsTheOnlyHost() {
        Simulation simulation = new Simulation("A d 4.1; AAAA d 6.1").outcomes("4.1=no-answer 6.1=no-answer");
        assertThat(simulation.trace()).isEqualTo("4.1 6.1 -> 4.4.1 END-01");
        assertThat(simulation.contacted).allMatch(remote -> remote.host().equals(HostName.parse("d")));
    }

    @Test
    void ORDER_02_preferencesAreNumbersNotText() {
        assertThat(new Simulation("MX 10 a; MX 9 b; A a 4.1; A b 4.2").trace()).isEqualTo("4.2 -> 2.0.0 TRY-01");
    }

    @Test
    void ORDER_03_equalPreferencesAreShuffledForEveryDelivery() {
        Set<String> first = new HashSet<>();
        for (long seed = 0; seed < 50; seed++) {
            Simulation simulation = new Simulation("MX 10 a; MX 10 b; MX 10 c; A a 4.1; A b 4.2; A c 4.3");
            simulation.seed = seed;
            first.add(simulation.trace());
        }
        assertThat(first).hasSize(3);
    }

    @Test
    void ORDER_03_theShuffleStaysTheSameWithinADelivery() {
        Simulation simulation = new Simulation("MX 10 a; MX 10 b; MX 10 c; A a 4.1; A b 4.2; A c 4.3")
                .outcomes("4.1=no-answer 4.2=no-answer 4.3=no-answer");
        simulation.run();
        assertThat(simulation.distinctAddresses()).hasSize(3);
        assertThat(simulation.contacted).hasSize(3);
    }

    @Test
    void ORDER_04_aHigherPreferenceValueIsNotConsideredBeforeTheLowerOnesAreExhausted() {
        Simulation simulation = new Simulation("MX 10 a; MX 20 b; AAAA a 6.1; A b 4.2");
        simulation.run();
        assertThat(simulation.asked).noneMatch(question -> question.startsWith("b "));
    }

    @Test
    void ORDER_05_theAddressOrderReceivesTheSourceAddresses() {
        Simulation simulation = new Simulation("MX 10 m; A m 4.1; A m 4.2; AAAA m 6.1")
                .outcomes("4.1=no-answer 4.2=no-answer 6.1=no-answer");
        simulation.order = (candidates, random) -> candidates.stream()
                .sorted((one, two) ->
                        two.address().toString().compareTo(one.address().toString()))
                .toList();
        assertThat(simulation.trace()).isEqualTo("6.1 4.2 4.1 -> 4.4.1 END-01");
    }

    @Test
    void ORDER_05_randomnessIsTheSameForAHostWithinADelivery() {
        Simulation simulation =
                new Simulation("MX 10 m; A m 4.1; A m 4.2; A m 4.3").outcomes("4.1=450-RCPT 4.2=450-RCPT 4.3=450-RCPT");
        Set<Long> drawn = new HashSet<>();
        simulation.order = (candidates, random) -> {
            drawn.add(random.nextLong());
            return candidates;
        };
        simulation.run();
        assertThat(drawn).hasSize(1);
        simulation.known = DeliveryHistory.NOTHING;
        simulation.seed = 2;
        simulation.run();
        assertThat(drawn).hasSize(2);
    }

    @Test
    void ORDER_06_oneStepNamesTheAddressesOfOneHostOnly() {
        Simulation simulation = new Simulation("MX 10 a; MX 20 b; A a 4.1; AAAA a 6.1; A b 4.2");
        Step step = firstTry(simulation);
        assertThat(((Step.ContactHost) step).remotes())
                .hasSize(2)
                .allMatch(remote -> remote.host().equals(HostName.parse("a")));
    }

    private static Step firstTry(Simulation simulation) {
        simulation.at("4.1", "450-RCPT");
        simulation.run();
        DeliveryHistory beforeTheFirst = new DeliveryHistory(simulation.known.entries().stream()
                .takeWhile(fact -> fact instanceof DeliveryHistory.LookedUp)
                .toList());
        return MxRouting.next(simulation.request(), beforeTheFirst);
    }

    @Test
    void ORDER_07_theCapKeepsBothFamilies() {
        Simulation simulation = new Simulation("MX 10 m; A m 4.1; A m 4.2; A m 4.3; AAAA m 6.1")
                .outcomes("4.1=no-answer 4.2=no-answer 4.3=no-answer 6.1=no-answer");
        simulation.maxAddresses = 2;
        assertThat(simulation.trace()).isEqualTo("4.1 6.1 -> 4.4.1 END-01");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            MX 10 us; A us 4.1                                   | -> 5.4.6 ORDER-08
            MX 10 a; MX 20 us; MX 30 c; A a 4.2; A us 4.1; A c 4.3 | 4.2 -> 4.4.1 END-01
            MX 10 us; MX 10 a; A a 4.2; A us 4.1                 | -> 5.4.6 ORDER-08
            MX 10 a; MX 20 us; A us 4.1                          | -> 5.4.3 END-05
            """)
    void ORDER_08_ourOwnNameAndAllHigherPreferenceValuesAreDropped(String zone, String trace) {
        Simulation simulation = new Simulation(zone).at("4.2", "no-answer");
        simulation.localNames = Set.of(HostName.parse("us"));
        assertThat(simulation.trace()).isEqualTo(trace);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            MX 10 m; A m 4.1                                     | -> 5.4.6 ORDER-08
            MX 10 a; MX 20 m; MX 30 c; A a 4.2; A m 4.1; A c 4.3 | 4.2 -> 4.4.1 END-01
            A d 4.1                                              | -> 5.4.6 ORDER-08
            """)
    void ORDER_08_ourOwnAddressAndAllHigherPreferenceValuesAreDropped(String zone, String trace) {
        Simulation simulation = new Simulation(zone).at("4.2", "no-answer");
        simulation.ownAddresses = Set.of(ip("4.1"));
        assertThat(simulation.trace()).isEqualTo(trace);
    }

    @Test
    void ORDER_08_aRefusedAddressOfOursStillCounts() {
        Simulation simulation = new Simulation("MX 10 m; A m 4.1");
        simulation.ownAddresses = Set.of(ip("4.1"));
        simulation.refused = Set.of(ip("4.1"));
        assertThat(simulation.run().get(0).decision().explanation())
                .isEqualTo("We are the best mail exchanger of d; mail would loop");
    }

    @Test
    void ADDR_02_onlyAddressesOfOurFamiliesAreContacted() {
        String zone = "MX 10 m; A m 4.1; AAAA m 6.1";
        assertThat(new Simulation(zone).families("v4").trace()).isEqualTo("4.1 -> 2.0.0 TRY-01");
        assertThat(new Simulation(zone).families("v6").trace()).isEqualTo("6.1 -> 2.0.0 TRY-01");
    }

    @Test
    void ADDR_04_throughNat64AnIpv4AddressIsUsable() {
        Simulation simulation = new Simulation("MX 10 m; A m 4.1").families("v6");
        simulation.nat64 = true;
        assertThat(simulation.trace()).isEqualTo("64:ff9b::c000:201 -> 2.0.0 TRY-01");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            MX 10 m; A m 4.1             | -> 4.4.3 END-03
            MX 10 m; A m 4.2             | -> 5.4.3 END-05
            MX 10 m                      | -> 5.4.3 END-05
            MX 10 m; A m 4.1; AAAA m 6.1 | 6.1 -> 2.0.0 TRY-01
            """)
    void ADDR_04_aFailedNat64DiscoveryDefersMailThatDependsOnIt(String zone, String trace) {
        Simulation simulation = new Simulation(zone).families("v6");
        simulation.refused = Set.of(ip("4.2"));
        simulation.nat64Failure = Optional.of("ipv4only.arpa: SERVFAIL");
        assertThat(simulation.trace()).isEqualTo(trace);
    }

    @Test
    void ADDR_04_aFailedNat64DiscoveryIsNamed() {
        Simulation simulation = new Simulation("MX 10 m; A m 4.1").families("v6");
        simulation.nat64Failure = Optional.of("ipv4only.arpa: SERVFAIL");
        assertThat(simulation.run().get(0).decision().explanation()).endsWith("NAT64 for m: ipv4only.arpa: SERVFAIL");
    }

    @Test
    void ADDR_04_aHostWithIpv4NeedsNoNat64() {
        Simulation simulation = new Simulation("MX 10 m; AAAA m 6.1").families("v4");
        simulation.nat64 = true;
        assertThat(simulation.trace()).isEqualTo("-> 5.4.4 END-04");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            MX 10 m; A m 4.1                     | both | -> 5.4.3 END-05
            A d 4.1                              | both | -> 5.1.2 END-06
            MX 10 m; A m 4.1; A m 4.2            | both | 4.2 -> 2.0.0 TRY-01
            MX 10 m; MX 20 n; A m 4.1; AAAA n 6.2 | both | 6.2 -> 2.0.0 TRY-01
            MX 10 m; A m 4.1                     | v6   | -> 5.4.3 END-05
            """)
    void ADDR_05_aRefusedAddressCountsAsNoneAndDoesNotAffectTheOthers(String zone, String families, String trace) {
        Simulation simulation = new Simulation(zone).families(families);
        simulation.refused = Set.of(ip("4.1"));
        assertThat(simulation.trace()).isEqualTo(trace);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            MX 10 m; MX 20 n; A m 4.1; A n 4.2 | m 192.0.2.1
            A d 4.1; A d 4.2                   | d 192.0.2.1
            MX 10 m; A m 4.2                   |
            """)
    void ADDR_05_theReportListsTheRefusedAddresses(String zone, @Nullable String refused) {
        Simulation simulation = new Simulation(zone).families("both");
        simulation.refused = Set.of(ip("4.1"));
        simulation.run();
        assertThat(MxRouting.refusedAddresses(simulation.request(), simulation.known))
                .extracting(each -> each.host() + " " + each.address())
                .isEqualTo(refused == null ? List.of() : List.of(refused));
    }

    @Test
    void ADDR_05_onlyALackOfAddressesIsExplainedByRefusedOnes() {
        Simulation without = new Simulation("MX 10 m; A m 4.1").families("both");
        without.refused = Set.of(ip("4.1"));
        assertThat(without.run().get(0).decision().explanation()).contains("m 192.0.2.1 is refused");
        Simulation rejected =
                new Simulation("MX 10 m; A m 4.1; A m 4.2").families("both").outcomes("4.2=550-RCPT");
        rejected.refused = Set.of(ip("4.1"));
        assertThat(rejected.run().get(0).decision().explanation()).doesNotContain("is refused");
    }

    /** Two mail exchangers have the same address; the first name's session fails as given, the second one's is accepted. */
    @ParameterizedTest
    @CsvSource({
        "tls-4.7.5, 4.1 4.1 -> 2.0.0 TRY-01",
        "454-STARTTLS, 4.1 -> 4.0.0 END-01",
        "unfit-4.7.5, 4.1 -> 4.7.5 END-01",
        "no-answer, 4.1 -> 4.4.1 END-01"
    })
    void TLS_06_onlyWhatIsPublishedForANameLeavesItsAddressToOtherNames(String first, String trace) {
        Simulation simulation = new Simulation("MX 10 a; MX 20 b; A a 4.1; A b 4.1");
        simulation.perRecipient = (remote, mailbox) -> remote.host().equals(HostName.parse("a")) ? first : null;
        assertThat(simulation.trace()).isEqualTo(trace);
    }

    @Test
    void TLS_06_anAddressIsNotContactedAgainForTheSameName() {
        assertThat(new Simulation("MX 10 a; MX 20 a; A a 4.1")
                        .outcomes("4.1=tls-4.7.5")
                        .trace())
                .isEqualTo("4.1 -> 4.7.5 END-01");
    }

    @Test
    void TLS_06_theAnswersWithAnAddressAreThoseThatListIt() {
        Simulation simulation = new Simulation("MX 10 m; A m 4.1; A m 4.2; AAAA m 6.1").families("both");
        simulation.run();
        for (String address : List.of("4.1", "4.2", "6.1")) {
            RemoteMta remote = new RemoteMta(Role.MAIL_EXCHANGER, HostName.parse("m"), ip(address), 25);
            assertThat(MxRouting.answersWith(simulation.request(), simulation.known, remote))
                    .singleElement()
                    .satisfies(answer -> assertThat(answer.records()).contains(ip(address)));
        }
        RemoteMta other = new RemoteMta(Role.MAIL_EXCHANGER, HostName.parse("m"), ip("4.3"), 25);
        assertThat(MxRouting.answersWith(simulation.request(), simulation.known, other))
                .isEmpty();
    }

    @Test
    void TRY_01_theReportNamesTheHostThatAccepted() {
        RecipientReport report = new Simulation("MX 10 m; A m 4.1").run().get(0);
        assertThat(report.verdict()).isEqualTo(Verdict.DELIVERED);
        assertThat(report.decision().explanation()).isEqualTo("Accepted by m[192.0.2.1]:25, end of data: 250 text");
        assertThat(report.decidedBy().orElseThrow().remote().role()).isEqualTo(Role.MAIL_EXCHANGER);
    }

    @Test
    void TRY_02_andTRY_06_eachRecipientHasItsOwnResult() {
        Mailbox good = Mailbox.parse("good@d");
        Mailbox bad = Mailbox.parse("bad@d");
        Mailbox late = Mailbox.parse("late@d");
        Simulation simulation = new Simulation("MX 10 a; MX 20 b; A a 4.1; A b 4.2");
        simulation.recipients = List.of(bad, good, late);
        simulation.perRecipient = (remote, mailbox) -> {
            if (mailbox.equals(bad)) {
                return "550-RCPT";
            }
            return mailbox.equals(late) && remote.address().equals(ip("4.1")) ? "450-RCPT" : "250-END_OF_DATA";
        };
        List<RecipientReport> reports = simulation.run();
        assertThat(reports).extracting(RecipientReport::recipient).containsExactly(bad, good, late);
        assertThat(reports)
                .extracting(RecipientReport::verdict)
                .containsExactly(Verdict.FAILED, Verdict.DELIVERED, Verdict.DELIVERED);
        assertThat(reports.get(0).decision().explanation()).startsWith("Rejected by a[192.0.2.1]:25, RCPT TO: 550");
        assertThat(simulation.offered).containsExactly(List.of(bad, good, late), List.of(late));
    }

    @Test
    void TRY_05_aLostReplyIsReportedInDoubt() {
        RecipientReport report = new Simulation("MX 10 a; MX 20 b; A a 4.1; A b 4.2")
                .at("4.1", "doubt")
                .run()
                .get(0);
        assertThat(report.verdict()).isEqualTo(Verdict.IN_DOUBT);
        assertThat(report.decision().explanation())
                .startsWith("It may have arrived, the reply was lost; a[192.0.2.1]:25");
    }

    @Test
    void TRY_06_recipientsAcceptedAtOneHostAreNeverOfferedToTheNext() {
        Mailbox other = Mailbox.parse("v@d");
        Simulation simulation = new Simulation("MX 10 a; MX 20 b; A a 4.1; A b 4.2");
        simulation.recipients = List.of(U, other);
        simulation.perRecipient = (remote, mailbox) -> mailbox.equals(other) ? "450-RCPT" : null;
        List<RecipientReport> reports = simulation.run();
        assertThat(simulation.offered).containsExactly(List.of(U, other), List.of(other));
        assertThat(reports.get(1).verdict()).isEqualTo(Verdict.DEFERRED);
        assertThat(reports.get(1).decision().explanation())
                .isEqualTo("Nothing is left to try; b[192.0.2.2]:25, RCPT TO: 450 text");
    }

    @Test
    void END_01_theLast4yzReplyBeatsLaterFailures() {
        RecipientReport report = new Simulation("MX 10 a; MX 20 b; MX 30 c; A a 4.1; A b 4.2; A c 4.3")
                .outcomes("4.1=450-RCPT 4.2=451-RCPT 4.3=no-answer")
                .run()
                .get(0);
        assertThat(report.reply().orElseThrow().code()).isEqualTo(451);
    }

    @Test
    void END_02_onlyRefusingHostsMakeAPermanentFailure() {
        RecipientReport report = new Simulation("MX 10 a; MX 20 b; A a 4.1; A b 4.2")
                .outcomes("4.1=554-GREETING 4.2=521-GREETING")
                .run()
                .get(0);
        assertThat(report.verdict()).isEqualTo(Verdict.FAILED);
        assertThat(report.reply().orElseThrow().code()).isEqualTo(521);
    }

    @Test
    void END_03_theHistoryHasEveryLookupInOrder() {
        Simulation simulation = new Simulation("MX 10 m; A m FAIL");
        simulation.run();
        assertThat(simulation.known.lookups())
                .extracting(lookup -> lookup.name() + " " + lookup.type())
                .containsExactlyElementsOf(simulation.asked);
    }

    @Test
    void END_03_theFailedLookupIsNamed() {
        RecipientReport report = new Simulation("MX 10 m; A m FAIL").run().get(0);
        assertThat(report.decision().explanation())
                .isEqualTo("The addresses of the mail exchangers are not all known for now: A of m:"
                        + " SERVER_FAILURE (SERVFAIL)");
    }

    @Test
    void END_04_theExplanationNamesBothSides() {
        RecipientReport report =
                new Simulation("MX 10 m; AAAA m 6.1").families("v4").run().get(0);
        assertThat(report.decision().explanation())
                .contains("[IPv4]")
                .contains(" d ")
                .contains("no relay");
        assertThat(report.verdict()).isEqualTo(Verdict.FAILED);
    }

    @Test
    void END_05_andEND_06_haveAnExplanation() {
        assertThat(new Simulation("MX 10 m").run().get(0).decision().explanation())
                .isEqualTo("No mail exchanger of d has a usable address");
        assertThat(new Simulation("A x 4.1").run().get(0).decision().explanation())
                .isEqualTo("There is no mail exchanger and no usable address for d");
    }

    @Test
    void RELAY_01_onlyConfiguredRelaysAreUsed() {
        Simulation simulation = new Simulation("MX 10 m; AAAA m 6.1; A r 4.99").families("v4");
        simulation.run();
        assertThat(simulation.contacted).isEmpty();
        assertThat(simulation.relayQuestions).hasSize(1);
    }

    @Test
    void RELAY_02_theSelectorReceivesEverythingItNeeds() {
        Simulation simulation =
                new Simulation("MX 10 m; AAAA m 6.1").families("v4").relay("ok");
        simulation.run();
        var question = simulation.relayQuestions.get(0);
        assertThat(question.domain()).isEqualTo(Domain.parse("d"));
        assertThat(question.recipients()).containsExactly(U);
        assertThat(question.sender()).isEmpty();
        assertThat(question.families().ours()).containsExactly(Family.IPV4);
        assertThat(question.families().destination()).containsExactly(Family.IPV6);
        assertThat(question.reason()).isEqualTo(Reason.OTHER_FAMILY);
    }

    @Test
    void RELAY_02_refusedAddressesDoNotCountAsAFamilyOfTheDestination() {
        Simulation simulation =
                new Simulation("MX 10 m; A m 4.1; AAAA m 6.1").families("v4").relay("ok");
        simulation.refused = Set.of(ip("4.1"));
        simulation.run();
        assertThat(simulation.relayQuestions.get(0).families().destination()).containsExactly(Family.IPV6);
    }

    @Test
    void RELAY_02_relaysAreTriedInOrder() {
        Simulation simulation =
                relays("A r1 4.91; A r2 4.92", "smtp://r1", "smtp://r2").at("4.91", "no-answer");
        assertThat(simulation.trace()).isEqualTo("r4.91 r4.92 -> 2.0.0 TRY-01");
    }

    @Test
    void RELAY_03_theRelayGetsOnlyThePendingRecipientsOfTheDomain() {
        Simulation simulation =
                new Simulation("MX 10 m; AAAA m 6.1").families("v4").relay("ok");
        simulation.run();
        assertThat(simulation.offered).containsExactly(List.of(U));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            1 | 4.91=no-answer 4.92=no-answer | r4.91 r4.92 -> 4.4.1 RELAY-05
            2 | 4.91=no-answer 4.92=broken    | r4.91 r4.92 r4.91 r4.92 -> 4.4.2 RELAY-05
            3 | 4.91=broken 4.92=450-RCPT     | r4.91 r4.92 r4.91 r4.91 -> 4.0.0 RELAY-05
            """)
    void RELAY_05_anUnreachableRelayIsTriedAgain(int attempts, String outcomes, String trace) {
        Simulation simulation =
                relays("A r1 4.91; A r2 4.92", "smtp://r1", "smtp://r2").outcomes(outcomes);
        simulation.relayAttempts = attempts;
        assertThat(simulation.trace()).isEqualTo(trace);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            4.91=550-RCPT                            | r4.91 -> 5.0.0 RELAY-06
            4.91=450-RCPT 4.92=no-answer             | r4.91 r4.92 r4.92 -> 4.0.0 RELAY-05
            4.91=554-GREETING                        | r4.91 r4.92 -> 2.0.0 TRY-01
            4.91=554-GREETING 4.92=521-GREETING      | r4.91 r4.92 -> 5.0.0 RELAY-06
            4.91=535-AUTH 4.92=535-AUTH              | r4.91 r4.92 -> 4.7.8 RELAY-05
            """)
    void RELAY_06_theRelaysReplyIsTheResult(String outcomes, String trace) {
        Simulation simulation =
                relays("A r1 4.91; A r2 4.92", "smtp://r1", "smtp://r2").outcomes(outcomes);
        simulation.relayAttempts = 2;
        assertThat(simulation.trace()).isEqualTo(trace);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            A r1 FAIL               | -> 4.4.3 RELAY-07
            A r1 FAIL; A r2 4.92    | r4.92 -> 2.0.0 TRY-01
            A r2 FAIL               | -> 4.4.3 RELAY-07
            A x 4.1                 | -> 4.3.5 RELAY-07
            AAAA r1 6.91            | -> 4.3.5 RELAY-07
            """)
    void RELAY_07_aRelayWithoutUsableAddressDoesNotBounceMail(String zone, String trace) {
        assertThat(relays(zone, "smtp://r1", "smtp://r2").trace()).isEqualTo(trace);
    }

    @Test
    void RELAY_07_theExplanationsNameTheProblem() {
        assertThat(relays("A r1 FAIL", "smtp://r1").run().get(0).decision().explanation())
                .startsWith("The addresses of the relay are not known for now: A of r1");
        assertThat(relays("A x 4.1", "smtp://r1").run().get(0).decision().explanation())
                .isEqualTo("No configured relay has an address in [IPv4], which is all that we reach");
    }

    @Test
    void RELAY_07_aSelectorThatFailsDoesNotBounceMail() {
        Simulation simulation = new Simulation("MX 10 m; AAAA m 6.1").families("v4");
        simulation.selectorFailure = Optional.of("table unreadable");
        RecipientReport report = simulation.run().get(0);
        assertThat(report.status()).isEqualTo(EnhancedStatus.SYSTEM_MISCONFIGURED_4_3_5);
        assertThat(report.decision().explanation()).isEqualTo("The relay selector failed: table unreadable");
    }

    @Test
    void RELAY_07_theAddressGuardDoesNotApplyToRelays() {
        Simulation simulation = relays("A r1 4.91", "smtp://r1");
        simulation.refused = Set.of(ip("4.91"));
        simulation.ownAddresses = Set.of(ip("4.91"));
        assertThat(simulation.trace()).isEqualTo("r4.91 -> 2.0.0 TRY-01");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            MX 10 m; A m 4.1              | 4.1=no-answer               | 4.1 r4.99 -> 2.0.0 TRY-01
            MX 10 m; A m 4.1              | 4.1=450-RCPT                | 4.1 r4.99 -> 2.0.0 TRY-01
            MX 10 m; A m 4.1              | 4.1=550-RCPT                | 4.1 -> 5.0.0 TRY-02
            MX 10 m; A m 4.1              | 4.1=554-GREETING            | 4.1 -> 5.0.0 END-02
            MX 10 m; MX 20 n; A m 4.1; A n FAIL | 4.1=554-GREETING      | 4.1 r4.99 -> 2.0.0 TRY-01
            MX 10 m; A m 4.1              | 4.1=no-answer 4.99=550-RCPT | 4.1 r4.99 -> 5.0.0 RELAY-06
            MX 10 m; A m 4.1              | 4.1=450-RCPT 4.99=no-answer 6.99=no-answer | 4.1 r4.99 r6.99 -> 4.4.1 RELAY-05
            MX 10 m; MX 20 us; A m 4.1    | 4.1=no-answer               | 4.1 -> 4.4.1 END-01
            MX 10 m; A m FAIL             |                             | -> 4.4.3 END-03
            """)
    void RELAY_08_theFallbackRelayComesAfterEND_01(String zone, String outcomes, String trace) {
        Simulation simulation = new Simulation(zone).relay("ok").outcomes(outcomes == null ? "" : outcomes);
        simulation.fallback = true;
        simulation.localNames = Set.of(HostName.parse("us"));
        assertThat(simulation.trace()).isEqualTo(trace);
        simulation.relayQuestions.forEach(
                question -> assertThat(question.reason()).isEqualTo(Reason.FALLBACK));
    }

    @Test
    void RELAY_08_withoutTheSettingTheSelectorIsNotAsked() {
        Simulation simulation = new Simulation("MX 10 m; A m 4.1").relay("ok").at("4.1", "no-answer");
        assertThat(simulation.trace()).isEqualTo("4.1 -> 4.4.1 END-01");
        assertThat(simulation.relayQuestions).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            MX 10 m; A m 4.1                    | 4.1=450-RCPT     | 4.1 -> 4.0.0 END-01
            MX 10 m; MX 20 n; A m 4.1; A n FAIL | 4.1=554-GREETING | 4.1 -> 4.4.3 END-01
            """)
    void RELAY_08_ifTheFallbackHasNoRelayEND_01IsTheResult(String zone, String outcomes, String trace) {
        Simulation none = new Simulation(zone).outcomes(outcomes);
        none.fallback = true;
        assertThat(none.trace()).isEqualTo(trace);
        Simulation unresolvable = new Simulation(zone).outcomes(outcomes);
        unresolvable.fallback = true;
        unresolvable.relays = List.of(Relay.parse("smtp://nowhere"));
        assertThat(unresolvable.trace()).isEqualTo(trace);
    }

    @Test
    void RELAY_08_aHostThatRefusedUsAsMxMayStillBeTheRelay() {
        Simulation simulation =
                new Simulation("MX 10 m; MX 20 n; A m 4.1; A n 4.2").outcomes("4.1=554-GREETING 4.2=no-answer");
        simulation.fallback = true;
        simulation.relays = List.of(Relay.parse("smtp://m:587"));
        assertThat(simulation.trace()).isEqualTo("4.1 4.2 r4.1 -> 5.0.0 RELAY-06");
    }

    @Test
    void ORDER_05_eachHostHasItsOwnRandomness() {
        Simulation simulation =
                new Simulation("MX 10 a; MX 20 b; A a 4.1; A b 4.2").outcomes("4.1=450-RCPT 4.2=450-RCPT");
        simulation.seed = 0;
        Set<Long> drawn = new HashSet<>();
        simulation.order = (candidates, random) -> {
            drawn.add(random.nextLong());
            return candidates;
        };
        simulation.run();
        assertThat(drawn).hasSize(2);
    }

    private static Simulation relays(String zone, String... urls) {
        Simulation simulation = new Simulation("MX 10 m; AAAA m 6.1; " + zone).families("v4");
        simulation.relays = List.of(urls).stream().map(Relay::parse).toList();
        return simulation;
    }

    @Test
    void ORDER_aConfiguredHostIsTheOnlyOneAndNeitherGuardedNorOurs() {
        Simulation simulation = new Simulation("MX 10 m; A m 4.1; A gw 4.7");
        simulation.nextHop = new NextHop(HostName.parse("gw"), false, 2525, Role.ROUTE);
        simulation.refused = Set.of(ip("4.7"));
        simulation.ownAddresses = Set.of(ip("4.7"));
        simulation.localNames = Set.of(HostName.parse("gw"));
        assertThat(simulation.trace()).isEqualTo("4.7 -> 2.0.0 TRY-01");
        assertThat(simulation.contacted.get(0).port()).isEqualTo(2525);
        assertThat(simulation.asked).doesNotContain("d MX");
    }

    @Test
    void ORDER_aConfiguredHostWithoutAddressDoesNotBounceMail() {
        Simulation simulation = new Simulation("AAAA gw 6.7").families("v4");
        simulation.nextHop = new NextHop(HostName.parse("gw"), false, 25, Role.ROUTE);
        RecipientReport report = simulation.run().get(0);
        assertThat(report.status()).isEqualTo(EnhancedStatus.SYSTEM_MISCONFIGURED_4_3_5);
        assertThat(report.decision().explanation())
                .isEqualTo("The configured next hop gw has no address that we can reach");
    }

    @Test
    void ORDER_aConfiguredDomainHasItsMxLookedUpAndItsHostsGuarded() {
        Simulation simulation = new Simulation("MX 10 m; A m 4.1; A m 4.2");
        simulation.domain = "elsewhere";
        simulation.nextHop = new NextHop(HostName.parse("d"), true, 25, Role.ROUTE);
        simulation.refused = Set.of(ip("4.1"));
        assertThat(simulation.trace()).isEqualTo("4.2 -> 2.0.0 TRY-01");
    }

    @Test
    void ORDER_theNumberOfMailExchangersConsideredHasALimit() {
        String zone = "MX 10 a; MX 20 b; MX 20 c; MX 30 e; A a 4.1; A b 4.2; A c 4.3; A e 4.4";
        String dead = "4.1=no-answer 4.2=no-answer 4.3=no-answer 4.4=no-answer";
        for (int max = 1; max <= 5; max++) {
            Simulation simulation = new Simulation(zone).outcomes(dead);
            simulation.maxMx = max;
            simulation.run();
            assertThat(simulation.distinctAddresses()).hasSize(Math.min(max, 4));
        }
    }

    @Test
    void END_01_aDeliveryConcludedEarlyDefersPendingRecipients() {
        Simulation fresh = new Simulation("MX 10 m; A m 4.1");
        RecipientReport before = MxRouting.concludeEarly(
                        fresh.request(),
                        DeliveryHistory.NOTHING,
                        EnhancedStatus.DELIVERY_TIME_EXPIRED_4_4_7,
                        "out of time")
                .reports()
                .get(0);
        assertThat(before.status()).isEqualTo(EnhancedStatus.DELIVERY_TIME_EXPIRED_4_4_7);
        assertThat(before.decision().explanation()).isEqualTo("out of time");
        Simulation tried = new Simulation("MX 10 m; A m 4.1").at("4.1", "450-RCPT");
        tried.run();
        RecipientReport after = MxRouting.concludeEarly(
                        tried.request(), tried.known, EnhancedStatus.DELIVERY_TIME_EXPIRED_4_4_7, "out of time")
                .reports()
                .get(0);
        assertThat(after.reply().orElseThrow().code()).isEqualTo(450);
        Simulation done = new Simulation("MX 10 m; A m 4.1");
        done.run();
        assertThat(MxRouting.concludeEarly(done.request(), done.known, EnhancedStatus.UNDEFINED_4_0_0, "x")
                        .reports()
                        .get(0)
                        .verdict())
                .isEqualTo(Verdict.DELIVERED);
    }

    private static RecipientReport expiredAt(Simulation simulation, Predicate<Step> step) {
        simulation.runUntil(step);
        return MxRouting.concludeExpired(simulation.request(), simulation.known)
                .reports()
                .get(0);
    }

    @Test
    void END_03_timeThatRunsOutBeforeDnsAnswersIsADnsFailure() {
        for (Predicate<Step> open : List.<Predicate<Step>>of(
                step -> step instanceof Step.AskMx, step -> step instanceof Step.AskAddresses)) {
            RecipientReport report = expiredAt(new Simulation("MX 10 m; A m 4.1"), open);
            assertThat(report.status()).isEqualTo(EnhancedStatus.DIRECTORY_FAILURE_4_4_3);
            assertThat(report.verdict()).isEqualTo(Verdict.DEFERRED);
        }
    }

    @Test
    void END_01_timeThatRunsOutBeforeAContactIsNotADnsFailure() {
        assertThat(expiredAt(new Simulation("MX 10 m; A m 4.1"), step -> step instanceof Step.ContactHost)
                        .status())
                .isEqualTo(EnhancedStatus.DELIVERY_TIME_EXPIRED_4_4_7);
    }

    @Test
    void END_01_theReplyOfAHostBeforeTheNextLookupIsTheResult() {
        Simulation tried = new Simulation("MX 10 m; A m 4.1; MX 20 n; A n 4.2").at("4.1", "450-RCPT");
        RecipientReport report = expiredAt(tried, step -> !tried.contacted.isEmpty() && step.asksDns());
        assertThat(report.reply().orElseThrow().code()).isEqualTo(450);
    }

    @Test
    void TRY_09_aSupersededAttemptDecidesNothing() {
        Simulation simulation = new Simulation("MX 10 m; A m 4.1");
        simulation.runUntil(step -> step instanceof Step.ContactHost);
        Step.ContactHost before = (Step.ContactHost) MxRouting.next(simulation.request(), simulation.known);
        Attempt refused = new Attempt(
                before.remotes().get(0),
                Instant.EPOCH,
                Duration.ZERO,
                TlsSummary.NONE,
                List.of(Simulation.outcome(simulation.recipients.get(0), "554-MAIL")),
                true);
        DeliveryHistory known = simulation.known.plus(new DeliveryHistory.Contacted(refused));
        assertThat(MxRouting.next(simulation.request(), known)).isEqualTo(before);
        assertThat(known.attempts()).containsExactly(refused);
    }

    @Test
    void ORDER_05_sourcesReachTheAddressOrder() {
        Simulation simulation = new Simulation("");
        simulation.domain = "[192.0.2.1]";
        simulation.known = DeliveryHistory.NOTHING.plus(new DeliveryHistory.LookedUp(
                new org.postroad.api.Lookup<>(
                        HostName.parse("x"),
                        org.postroad.api.RecordType.A,
                        new org.postroad.api.DnsAnswer.NoData<>(
                                java.time.Duration.ZERO, org.postroad.api.Security.UNKNOWN)),
                java.util.Map.of(ip("4.1"), ip("4.50"))));
        Set<Candidate> seen = new HashSet<>();
        simulation.order = (candidates, random) -> {
            seen.addAll(candidates);
            return candidates;
        };
        simulation.run();
        assertThat(seen).containsExactly(new Candidate(ip("4.1"), Optional.of(ip("4.50"))));
    }

    @Test
    void ADDR_01_theLocalHostMustHaveAFamily() {
        assertThatThrownBy(() -> new RoutingRequest.LocalHost(Set.of(), Set.of(), Set.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void LOOKUP_06_mxOfAnAddressIsRefused() {
        assertThatThrownBy(() -> new NextHop(IpAddress.parse("192.0.2.1"), true, 25, Role.ROUTE))
                .hasMessageContaining("192.0.2.1");
    }

    @ParameterizedTest
    @CsvSource({"0, 2", "1, 1"})
    void ORDER_07_limitsHaveMinimums(int maxMx, int maxAddresses) {
        assertThatThrownBy(() -> new RoutingSettings.LookupLimits(maxMx, maxAddresses))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(new RoutingSettings.LookupLimits(1, 2).maxMx()).isEqualTo(1);
    }

    @Test
    void RELAY_05_relayAttemptsMustBeAtLeastOne() {
        assertThatThrownBy(() -> new RoutingSettings.RelayUse(0, false)).hasMessageContaining("0 times");
    }

    @Test
    void TRY_06_aDeliveryMustHaveARecipient() {
        assertThatThrownBy(() -> new RoutingRequest.Addressees(Domain.parse("d"), Optional.empty(), List.of()))
                .hasMessageContaining("to d");
    }
}
