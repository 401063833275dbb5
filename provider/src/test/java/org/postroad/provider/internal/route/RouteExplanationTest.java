// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.postroad.provider.internal.route.Simulation.brief;
import static org.postroad.provider.internal.route.Simulation.ip;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postroad.api.HostName;
import org.postroad.api.IpAddress;
import org.postroad.api.RecipientReport.Decision;
import org.postroad.api.RemoteMta.Role;
import org.postroad.api.RouteAddress;
import org.postroad.api.RouteHost;

/** The reasons for which hosts and addresses are passed over, after a delivery in which no address answers. */
class RouteExplanationTest {

    private static Simulation silent(String zone) {
        Simulation simulation = new Simulation(zone);
        simulation.perRecipient = (remote, mailbox) -> "no-answer";
        return simulation;
    }

    private static List<RouteHost> hosts(Simulation simulation) {
        return hosts(simulation, step -> false);
    }

    /** Returns the hosts after the steps before the first that passes the test. */
    private static List<RouteHost> hosts(Simulation simulation, Predicate<Step> end) {
        simulation.runUntil(step -> step instanceof Step.Conclude || end.test(step));
        RouteExplanation explanation = new RouteExplanation(simulation.request(), simulation.known);
        simulation.lookUp(explanation.openQuestions());
        return explanation.hosts(simulation.known);
    }

    /** Returns for example {@code 10 m [4.1, 6.1 ADDR-02]; 20 n ORDER-04 []}. */
    private static String text(List<RouteHost> hosts) {
        return hosts.stream()
                .map(host -> (host.role() == Role.RELAY ? "relay " : "")
                        + (host.preference().isPresent() ? host.preference().getAsInt() + " " : "")
                        + host.name()
                        + rule(host.passedOver())
                        + host.addresses().stream()
                                .map(address -> brief(address.address()) + rule(address.passedOver()))
                                .collect(Collectors.joining(", ", " [", "]")))
                .collect(Collectors.joining("; "));
    }

    private static String rule(Optional<Decision> decision) {
        return decision.map(found -> " " + found.rule()).orElse("");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            MX 10 m; A m 4.1; AAAA m 6.1        | both | 10 m [4.1, 6.1]
            MX 10 m; A m 4.1; AAAA m 6.1        | v4   | 10 m [4.1, 6.1 ADDR-02]
            MX 10 m; AAAA m 6.1                 | v4   | 10 m ADDR-02 [6.1 ADDR-02]
            MX 20 n; MX 10 m; A m 4.1; A n 4.2  | both | 10 m [4.1]; 20 n [4.2]
            MX 20 m; MX 10 m; A m 4.1           | both | 10 m [4.1]
            MX 10 m; MX 20 n; A m 4.1           | both | 10 m [4.1]; 20 n ORDER-04 []
            MX 10 m; A m FAIL                   | both | 10 m LOOKUP-08 []
            MX 10 m; A m FAIL; AAAA m 6.1       | both | 10 m [6.1]
            MX 10 m; MX 20 n; A m 4.1; A n 4.1  | both | 10 m [4.1]; 20 n TRY-03 [4.1 TRY-03]
            MX 0 .                              | both | 0 . LOOKUP-07 []
            MX 10 m; MX 20 a_b; A m 4.1         | both | 10 m [4.1]; 20 a_b ORDER-04 []
            A d 4.1; AAAA d 6.1                 | v6   | d [4.1 ADDR-02, 6.1]
            MX FAIL; A d 4.1                    | both | ''
            MX NXDOMAIN                         | both | ''
            """)
    void ADDR_hostsAndAddressesAreContactedOrPassedOver(String zone, String families, String expected) {
        assertThat(text(hosts(silent(zone).families(families)))).isEqualTo(expected);
    }

    @Test
    void LOOKUP_01_anExchangeThatIsNoHostNameIsPassedOver() {
        assertThat(text(hosts(silent("MX 10 m; MX 20 a..b; A m 4.1")))).isEqualTo("10 m [4.1]; 20 a..b LOOKUP-01 []");
    }

    @Test
    void ORDER_08_fromTheLevelOfAnOwnNameOnAllHostsArePassedOver() {
        Simulation simulation = silent("MX 10 a; MX 20 b; MX 20 c; MX 30 e; A a 4.1; A b 4.2; A c 4.3; A e 4.4");
        simulation.localNames = Set.of(HostName.parse("b"));
        List<RouteHost> hosts = hosts(simulation);
        assertThat(text(hosts)).startsWith("10 a [4.1]; 20 ").endsWith("; 30 e ORDER-08 []");
        assertThat(hosts)
                .filteredOn(host -> host.name().equals("b"))
                .singleElement()
                .satisfies(host -> {
                    assertThat(host.passedOver().orElseThrow().explanation()).startsWith("it is a name of this host");
                    assertThat(host.addresses()).isEmpty();
                });
        assertThat(hosts)
                .filteredOn(host -> Set.of("c", "e").contains(host.name()))
                .hasSize(2)
                .allSatisfy(host -> assertThat(host.passedOver().orElseThrow().explanation())
                        .startsWith("this host is a mail exchanger of the domain"));
    }

    @Test
    void ORDER_08_anOwnAddressIsNamed() {
        Simulation simulation = silent("MX 10 a; MX 20 b; MX 30 c; A a 4.1; A b 4.2; A b 4.9; A c 4.3");
        simulation.ownAddresses = Set.of(ip("4.9"));
        List<RouteHost> hosts = hosts(simulation);
        assertThat(text(hosts)).isEqualTo("10 a [4.1]; 20 b ORDER-08 [4.2 ORDER-08, 4.9 ORDER-08]; 30 c ORDER-08 []");
        assertThat(hosts.get(1).passedOver().orElseThrow().explanation()).isEqualTo("it has an address of this host");
        assertThat(hosts.get(1).addresses())
                .extracting(address -> address.passedOver().orElseThrow().explanation())
                .containsExactly(
                        "it has an address of this host", "it is an address of this host (mail.mx.ownaddresses)");
    }

    @Test
    void ADDR_05_aRefusedAddressIsPassedOverWithTheReason() {
        Simulation simulation = silent("MX 10 m; A m 4.1; A m 4.2");
        simulation.refused = Set.of(ip("4.1"));
        List<RouteHost> hosts = hosts(simulation);
        assertThat(text(hosts)).isEqualTo("10 m [4.1 ADDR-05, 4.2]");
        assertThat(hosts.get(0).addresses().get(0).passedOver().orElseThrow().explanation())
                .isEqualTo("private (mail.mx.addresses.allow)");
    }

    @Test
    void ADDR_04_anAddressIsShownWithTheOneThatIsDialled() {
        Simulation simulation = silent("MX 10 m; A m 4.1; AAAA m 6.1").families("v6");
        simulation.nat64 = true;
        assertThat(hosts(simulation).get(0).addresses())
                .extracting(RouteAddress::dialled)
                .containsExactly(IpAddress.parse("64:ff9b::192.0.2.1"), ip("6.1"));
    }

    @Test
    void ADDR_04_nat64ThatIsNotKnownIsAReasonForIpv4Only() {
        Simulation v6 = silent("MX 10 m; A m 4.1").families("v6");
        v6.nat64Failure = Optional.of("SERVFAIL");
        assertThat(text(hosts(v6))).isEqualTo("10 m LOOKUP-08 [4.1 ADDR-04]");
        Simulation v4 = silent("MX 10 m; AAAA m 6.1; A m 4.1").families("v4");
        v4.nat64Failure = Optional.of("SERVFAIL");
        assertThat(text(hosts(v4))).isEqualTo("10 m [4.1, 6.1 ADDR-02]");
    }

    @Test
    void ADDR_02_allFamiliesOfThisHostAreNamed() {
        List<RouteHost> hosts = hosts(silent("MX 10 m; A m 4.1; AAAA m 6.1").families("v4"));
        assertThat(hosts.get(0).addresses().get(1).passedOver().orElseThrow().explanation())
                .isEqualTo("this host reaches IPv4 only");
    }

    @Test
    void ORDER_07_addressesAboveTheLimitArePassedOver() {
        Simulation simulation = silent("MX 10 m; A m 4.1; A m 4.2; A m 4.3");
        simulation.maxAddresses = 2;
        List<RouteHost> hosts = hosts(simulation);
        assertThat(text(hosts)).isEqualTo("10 m [4.1, 4.2, 4.3 ORDER-07]");
        assertThat(hosts.get(0).addresses().get(2).passedOver().orElseThrow().explanation())
                .isEqualTo("the host has more than 2 addresses (mail.mx.maxaddresses)");
    }

    @Test
    void RFC5321_exchangersAboveTheLimitComeLastByPreference() {
        Simulation simulation = silent("MX 30 c; MX 20 b; MX 10 a; A a 4.1; A b 4.2; A c 4.3");
        simulation.maxMx = 1;
        List<RouteHost> hosts = hosts(simulation);
        assertThat(text(hosts)).isEqualTo("10 a [4.1]; 20 b RFC 5321 5.1 []; 30 c RFC 5321 5.1 []");
        assertThat(hosts.get(2).passedOver().orElseThrow().explanation())
                .isEqualTo("there are more than 1 mail exchangers (mail.mx.maxmx)");
    }

    @Test
    void TRY_03_anAddressThatWasContactedForAnotherHostNamesThatHost() {
        List<RouteHost> hosts = hosts(silent("MX 10 a; MX 20 b; MX 30 c; A a 4.9; A b 4.1; A c 4.1"));
        assertThat(hosts.get(2).addresses().get(0).passedOver().orElseThrow().explanation())
                .isEqualTo("contacted as an address of b");
    }

    @Test
    void RELAY_relaysComeLastWithoutPreference() {
        Simulation simulation = silent("MX 10 m; AAAA m 6.1").families("v4").relay("ok");
        assertThat(text(hosts(simulation))).isEqualTo("10 m ADDR-02 [6.1 ADDR-02]; relay r [4.99, 6.99 ADDR-02]");
    }

    @Test
    void ROUTE_aConfiguredHostHasNoPreferenceAndIsNeverRefused() {
        Simulation simulation = silent("A h 4.1");
        simulation.nextHop = new NextHop(HostName.parse("h"), false, 25, Role.ROUTE);
        simulation.refused = Set.of(ip("4.1"));
        List<RouteHost> hosts = hosts(simulation);
        assertThat(text(hosts)).isEqualTo("h [4.1]");
        assertThat(hosts.get(0).role()).isEqualTo(Role.ROUTE);
    }

    @Test
    void END_01_whatTheTimeDidNotSufficeForIsSaid() {
        Simulation simulation = silent("MX 10 a; MX 20 b; A a 4.1; A b 4.2");
        List<RouteHost> hosts = hosts(simulation, step -> step instanceof Step.ContactHost);
        assertThat(text(hosts)).isEqualTo("10 a END-01 [4.1 END-01]; 20 b END-01 [4.2 END-01]");
        Simulation early = silent("MX 10 a; A a 4.1");
        early.runUntil(step -> step instanceof Step.AskAddresses);
        assertThat(text(new RouteExplanation(early.request(), early.known).hosts(early.known)))
                .isEqualTo("10 a END-01 []");
    }

    @Test
    void LOOKUP_04_theOpenQuestionsAreThoseOfTheOtherFamilyAndOfConsideredHosts() {
        Simulation simulation =
                silent("MX 10 a; MX 20 b; MX 30 c; A a 4.1; A b 4.2; A c 4.3").families("v4");
        simulation.localNames = Set.of(HostName.parse("b"));
        simulation.run();
        assertThat(new RouteExplanation(simulation.request(), simulation.known).openQuestions())
                .extracting(question -> question.host() + " " + question.type())
                .containsExactly("a AAAA");
        Simulation all = silent("MX 10 a; A a 4.1; A r 4.9").families("v4").relay("ok");
        all.run();
        assertThat(new RouteExplanation(all.request(), all.known).openQuestions())
                .extracting(question -> question.host() + " " + question.type())
                .contains("a AAAA");
    }
}
