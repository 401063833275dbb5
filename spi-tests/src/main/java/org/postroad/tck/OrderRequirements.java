// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.postroad.api.IpAddress;
import org.postroad.fixtures.FakeSmtpServer;
import org.postroad.tck.catalogue.Feature;

/** ORDER: which host, which address, when. */
abstract class OrderRequirements extends LookupRequirements {

    private static final Expect DIALS = Expect.lookAt("which addresses are dialled, and in which order");

    /** The probability that one of two equal hosts never comes first by chance is 2 to the power of -39. */
    private static final int ENOUGH_SENDS = 40;

    /** The probability that three hosts are in order every time by chance is 6 to the power of -12. */
    private static final int SOME_SENDS = 12;

    OrderRequirements() {}

    private void refuse(String... addresses) {
        for (String address : addresses) {
            bench().network().refuse(address);
        }
    }

    @Nested
    class Hosts {

        @Requirement
        void ORDER_01_withoutMxTheDomainIsTheHostOverIpv4() throws Exception {
            dns("d.test. A 192.0.2.1\n");
            mx("domain", "192.0.2.1");
            expectAccepted(send("u@d.test"), "u@d.test");
        }

        @Requirement
        void ORDER_01_withoutMxTheDomainIsTheHostOverIpv6() throws Exception {
            dns("d.test. AAAA 2001:db8::1\n");
            mx("domain", "2001:db8::1");
            expectAccepted(send("u@d.test"), "u@d.test");
        }

        @Requirement
        void ORDER_01_withMxTheDomainIsNotAHost() throws Exception {
            dns("d.test. MX 10 mx.d.test.\nmx.d.test. A 192.0.2.1\nd.test. A 192.0.2.20\n");
            refuse("192.0.2.1");
            mx("domain", "192.0.2.20");
            send("u@d.test");
            expectDials("192.0.2.1");
        }

        @Requirement
        void ORDER_01_withMxWithoutAddressTheDomainIsNotAHost() throws Exception {
            dns("d.test. MX 10 mx.d.test.\nd.test. A 192.0.2.20\n");
            mx("domain", "192.0.2.20");
            send("u@d.test");
            expectDials();
        }

        @Requirement
        void ORDER_02_lowerPreferencesAreTriedFirst() throws Exception {
            dns("""
                    d.test.     MX 100 mx3.d.test.
                    d.test.     MX 5   mx1.d.test.
                    d.test.     MX 20  mx2.d.test.
                    mx1.d.test. A 192.0.2.1
                    mx2.d.test. A 192.0.2.20
                    mx3.d.test. A 192.0.2.3
                    """);
            refuse("192.0.2.1", "192.0.2.20", "192.0.2.3");
            for (int i = 0; i < SOME_SENDS; i++) {
                send("u@d.test");
                List<String> dials = dials();
                DIALS.equal(
                        "dialled addresses:",
                        List.of("192.0.2.1", "192.0.2.20", "192.0.2.3"),
                        dials.subList(Math.min(dials.size(), 3 * i), dials.size()));
            }
        }

        @Requirement
        void ORDER_03_equalPreferencesAreShuffledForEachDelivery() throws Exception {
            dns("""
                    d.test.     MX 10 mx1.d.test.
                    d.test.     MX 10 mx2.d.test.
                    mx1.d.test. A 192.0.2.1
                    mx2.d.test. A 192.0.2.20
                    """);
            mx("mx1", "192.0.2.1");
            mx("mx2", "192.0.2.20");
            Set<String> seen = new HashSet<>();
            for (int i = 0; i < ENOUGH_SENDS && seen.size() < 2; i++) {
                expectAccepted(send("u@d.test"), "u@d.test");
                seen.addAll(dials());
            }
            DIALS.equal("the hosts that were first in " + ENOUGH_SENDS + " sends:", 2, seen.size());
        }

        @Requirement
        void ORDER_04_aPreferredIpv6HostComesBeforeAnIpv4Host() throws Exception {
            dns("""
                    d.test.     MX 10 mx1.d.test.
                    d.test.     MX 20 mx2.d.test.
                    mx1.d.test. AAAA 2001:db8::1
                    mx2.d.test. A 192.0.2.20
                    """);
            refuse("2001:db8::1");
            mx("mx2", "192.0.2.20");
            expectAccepted(send("u@d.test"), "u@d.test");
            expectDials("2001:db8::1", "192.0.2.20");
        }

        @Requirement
        void ORDER_04_aPreferredIpv4HostComesBeforeAnIpv6Host() throws Exception {
            dns("""
                    d.test.     MX 10 mx1.d.test.
                    d.test.     MX 20 mx2.d.test.
                    mx1.d.test. A 192.0.2.1
                    mx2.d.test. AAAA 2001:db8::2
                    """);
            refuse("192.0.2.1");
            mx("mx2", "2001:db8::2");
            expectAccepted(send("u@d.test"), "u@d.test");
            expectDials("192.0.2.1", "2001:db8::2");
        }

        @Requirement
        void ORDER_04_aHostWithoutUsableAddressIsSkipped() throws Exception {
            set("mail.mx.families", "ipv4");
            dns("""
                    d.test.     MX 10 mx1.d.test.
                    d.test.     MX 20 mx2.d.test.
                    mx1.d.test. AAAA 2001:db8::1
                    mx2.d.test. A 192.0.2.20
                    """);
            mx("mx2", "192.0.2.20");
            expectAccepted(send("u@d.test"), "u@d.test");
            expectDials("192.0.2.20");
        }
    }

    @Nested
    class AddressesOfAHost {

        private static final IpAddress IPV4 = IpAddress.parse("192.0.2.1");
        private static final IpAddress IPV6 = IpAddress.parse("2001:db8::1");

        private static final String FOUR = """
                d.test.    MX 10 mx.d.test.
                mx.d.test. A 192.0.2.1
                mx.d.test. AAAA 2001:db8::1
                mx.d.test. A 192.0.2.20
                mx.d.test. AAAA 2001:db8::2
                """;

        @Requirement
        void ORDER_05_everyAddressIsTried() throws Exception {
            dns(FOUR);
            refuse("192.0.2.1", "192.0.2.20", "2001:db8::1", "2001:db8::2");
            send("u@d.test");
            DIALS.equal("the number of dials:", 4, dials().size());
            DIALS.equal(
                    "the addresses dialled, in whatever order:",
                    Set.of("192.0.2.1", "192.0.2.20", "2001:db8::1", "2001:db8::2"),
                    Set.copyOf(dials()));
        }

        @Requirement
        void ORDER_05_ipv4ComesFirstIfConfigured() throws Exception {
            expectFamilyFirst("ipv4", ".");
        }

        @Requirement
        void ORDER_05_ipv6ComesFirstIfConfigured() throws Exception {
            expectFamilyFirst("ipv6", ":");
        }

        private void expectFamilyFirst(String order, String mark) throws Exception {
            needs(Feature.ADDRESS_ORDER);
            set("mail.mx.addressorder", order);
            dns("""
                    d.test.    MX 10 mx.d.test.
                    mx.d.test. A 192.0.2.1
                    mx.d.test. AAAA 2001:db8::1
                    """);
            refuse("192.0.2.1", "2001:db8::1");
            send("u@d.test");
            DIALS.that(
                    "an address of " + order + " first, then one of the other family",
                    dials(),
                    dials -> dials.size() == 2 && dials.get(0).contains(mark));
        }

        @Requirement
        void ORDER_06_connectionAttemptsToDifferentHostsDoNotOverlap() throws Exception {
            dns("""
                    d.test.     MX 10 mx1.d.test.
                    d.test.     MX 20 mx2.d.test.
                    mx1.d.test. A 192.0.2.1
                    mx1.d.test. AAAA 2001:db8::1
                    mx2.d.test. A 192.0.2.20
                    """);
            refuse("192.0.2.1", "2001:db8::1");
            mx("mx2", "192.0.2.20");
            HoldingConnector holding =
                    new HoldingConnector(bench().network(), Set.of(IpAddress.parse("2001:db8::1")), 2);
            set("mail.mx.connector", holding);
            expectAccepted(send("u@d.test"), "u@d.test");
            DIALS.equal("dials to mx1 that were still waiting when mx2 was dialled:", 0, holding.overtaken());
        }

        @Requirement
        void ORDER_06_commandsAreSentOnOneConnectionOnly() throws Exception {
            Raced raced = race();
            Expect survivor = Expect.lookAt("on which of several connections commands are sent");
            survivor.equal(
                    "messages accepted:",
                    1,
                    raced.ipv4().received().size() + raced.ipv6().received().size());
            survivor.isTrue(
                    "commands on one connection only",
                    raced.ipv4().commands() == 0 || raced.ipv6().commands() == 0,
                    raced.ipv4().commands() + " commands over IPv4 and "
                            + raced.ipv6().commands() + " over IPv6");
        }

        /** The connection that was used may be kept for the next message. */
        @Requirement
        void ORDER_06_theOtherConnectionsAreClosed() throws Exception {
            Raced raced = race();
            FakeSmtpServer loser = raced.ipv4().received().isEmpty() ? raced.ipv4() : raced.ipv6();
            int made = raced.connector().connectedTo(loser == raced.ipv4() ? IPV4 : IPV6);
            boolean closed = Resources.await(
                    quarter(), // the server may not have noticed all established connections yet
                    () -> loser.connections() >= made && loser.openConnections() == 0);
            Expect.lookAt("who closes the connections that lost the race")
                    .isTrue(
                            "no open connection without commands",
                            closed,
                            loser.openConnections() + " at " + loser.name());
        }

        /** The servers for the two addresses of one host. */
        private record Raced(FakeSmtpServer ipv4, FakeSmtpServer ipv6, HoldingConnector connector) {}

        /** Sends a message to a host with two slow addresses, which connect at the same time. */
        private Raced race() throws Exception {
            dns("""
                    d.test.    MX 10 mx.d.test.
                    mx.d.test. A 192.0.2.1
                    mx.d.test. AAAA 2001:db8::1
                    """);
            HoldingConnector holding = new HoldingConnector(bench().network(), Set.of(IPV4, IPV6), 2);
            Raced raced = new Raced(mx("ipv4", IPV4.toString()), mx("ipv6", IPV6.toString()), holding);
            set("mail.mx.connector", holding);
            expectAccepted(send("u@d.test"), "u@d.test");
            return raced;
        }

        @Requirement
        void ORDER_07_theCapKeepsAnIpv6AddressAmongManyIpv4Ones() throws Exception {
            expectBothFamilies(many("192.0.2.") + "mx.d.test. AAAA 2001:db8::1\n");
        }

        @Requirement
        void ORDER_07_theCapKeepsAnIpv4AddressAmongManyIpv6Ones() throws Exception {
            expectBothFamilies(many("2001:db8::") + "mx.d.test. A 192.0.2.1\n");
        }

        private String many(String prefix) {
            StringBuilder zone = new StringBuilder("d.test. MX 10 mx.d.test.\n");
            String type = prefix.contains(":") ? "AAAA" : "A";
            IntStream.range(31, 40)
                    .forEach(i -> zone.append("mx.d.test. " + type + " " + prefix)
                            .append(i)
                            .append("\n"));
            return zone.toString();
        }

        private void expectBothFamilies(String zone) throws Exception {
            set("mail.mx.maxaddresses", "3");
            dns(zone);
            IntStream.range(31, 40).forEach(i -> refuse("192.0.2." + i, "2001:db8::" + i));
            send("u@d.test");
            DIALS.that(
                    "an address of each family among those dialled",
                    dials(),
                    dials -> dials.stream().anyMatch(dial -> dial.contains(":"))
                            && dials.stream().anyMatch(dial -> dial.contains(".")));
        }
    }

    @Nested
    class OwnHost {

        private static final String ZONE = """
                d.test.     MX 10 mx1.d.test.
                d.test.     MX 20 mx2.d.test.
                d.test.     MX 20 mx3.d.test.
                d.test.     MX 30 mx4.d.test.
                mx1.d.test. A 192.0.2.1
                mx2.d.test. A 192.0.2.20
                mx3.d.test. A 192.0.2.3
                mx4.d.test. A 192.0.2.4
                """;

        @Requirement
        void ORDER_08_onlyHostsWithALowerPreferenceThanOursAreTried() throws Exception {
            set("mail.mx.localnames", "mx2.d.test");
            dns(ZONE);
            refuse("192.0.2.1", "192.0.2.20", "192.0.2.3", "192.0.2.4");
            expectStatus(send("u@d.test"), "u@d.test", "4.4.1");
            expectDials("192.0.2.1");
        }

        @Requirement
        void ORDER_08_withoutABetterHostMailWouldLoop() throws Exception {
            set("mail.mx.localnames", "localhost, mx1.d.test");
            dns(ZONE);
            refuse("192.0.2.1", "192.0.2.20", "192.0.2.3", "192.0.2.4");
            expectStatus(send("u@d.test"), "u@d.test", "5.4.6");
            expectDials();
        }

        @Requirement
        void ORDER_08_ourOwnAddressIsRecognised() throws Exception {
            set("mail.mx.ownaddresses", "auto");
            String own = ownAddress();
            dns("d.test. MX 10 mx.d.test.\nmx.d.test. " + (own.contains(":") ? "AAAA " : "A ") + own + "\n");
            refuse(own);
            expectStatus(send("u@d.test"), "u@d.test", "5.4.6");
            expectDials();
        }

        private String ownAddress() throws SocketException {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
                    .map(address -> IpAddress.of(address).toString())
                    .findFirst()
                    .orElseThrow(() ->
                            new Skip(Skip.Kind.NOT_ON_THIS_SYSTEM, "This machine has no address other than loopback"));
        }
    }
}
