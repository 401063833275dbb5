// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import org.junit.jupiter.api.Nested;

/** ADDR: which addresses are usable. */
abstract class AddressRequirements extends OrderRequirements {

    private static final Expect DIALS = Expect.lookAt("which addresses count as reachable");

    AddressRequirements() {}

    @Nested
    class OurFamilies {

        private static final String BOTH = """
                d.test.    MX 10 mx.d.test.
                mx.d.test. A 192.0.2.1
                mx.d.test. AAAA 2001:db8::1
                """;

        private void sendAs(String families) throws Exception {
            set("mail.mx.families", families);
            dns(BOTH);
            bench().network().refuse("192.0.2.1").refuse("2001:db8::1");
            send("u@d.test");
        }

        @Requirement
        void ADDR_02_withIpv4OnlyIpv4IsDialled() throws Exception {
            sendAs("ipv4");
            expectDials("192.0.2.1");
        }

        @Requirement
        void ADDR_02_withIpv6OnlyIpv6IsDialled() throws Exception {
            sendAs("ipv6");
            expectDials("2001:db8::1");
        }

        @Requirement
        void ADDR_02_withBothFamiliesBothAreDialled() throws Exception {
            sendAs("both");
            DIALS.that(
                    "both addresses dialled",
                    dials(),
                    dials -> dials.size() == 2 && dials.contains("192.0.2.1") && dials.contains("2001:db8::1"));
        }

        @Requirement
        void ADDR_04_theConfiguredPrefixLeadsToIpv4() throws Exception {
            set("mail.mx.families", "ipv6");
            set("mail.mx.nat64.prefix", "2001:db8:64::/96");
            dns("d.test. MX 10 mx.d.test.\nmx.d.test. A 192.0.2.1\n");
            mx("mx", "2001:db8:64::c000:201");
            expectAccepted(send("u@d.test"), "u@d.test");
            expectDials("2001:db8:64::c000:201");
        }

        @Requirement
        void ADDR_04_thePrefixIsFoundInDns() throws Exception {
            set("mail.mx.families", "ipv6");
            dns("""
                    ipv4only.arpa. A 192.0.0.170
                    ipv4only.arpa. A 192.0.0.171
                    ipv4only.arpa. AAAA 2001:db8:64::c000:aa
                    ipv4only.arpa. AAAA 2001:db8:64::c000:ab
                    d.test.        MX 10 mx.d.test.
                    mx.d.test.     A 192.0.2.1
                    """);
            mx("mx", "2001:db8:64::c000:201");
            expectAccepted(send("u@d.test"), "u@d.test");
            expectDials("2001:db8:64::c000:201");
        }
    }

    @Nested
    class Refused {

        @Requirement
        void ADDR_05_loopbackIsNotDialled() throws Exception {
            expectRefused("A 127.0.0.1");
        }

        @Requirement
        void ADDR_05_privateAddressesAreNotDialled() throws Exception {
            expectRefused("A 10.1.2.3", "A 172.16.1.1", "A 192.168.0.1", "AAAA fd00::1");
        }

        @Requirement
        void ADDR_05_linkLocalAddressesAreNotDialled() throws Exception {
            expectRefused("A 169.254.169.254", "AAAA fe80::1");
        }

        @Requirement
        void ADDR_05_multicastUnspecifiedAndReservedAreNotDialled() throws Exception {
            expectRefused("A 224.0.0.1", "A 0.0.0.0", "A 240.0.0.1", "AAAA ff02::1", "AAAA ::");
        }

        @Requirement
        void ADDR_05_documentationAddressesAreNotDialled() throws Exception {
            set("mail.mx.addresses.allow", "");
            expectRefused("A 192.0.2.1", "A 198.51.100.1", "A 203.0.113.1", "AAAA 2001:db8::1");
        }

        @Requirement
        void ADDR_05_addressesEmbeddedInIpv6AreNotDialled() throws Exception {
            expectRefused(
                    "AAAA ::ffff:10.1.2.3",
                    "AAAA 64:ff9b::10.1.2.3",
                    "AAAA 2002:0a01:0203::1",
                    "AAAA 2001:0:c633:6401::f5fe:fdfc");
        }

        @Requirement
        void ADDR_05_otherAddressesAreNotAffected() throws Exception {
            dns("""
                    d.test.    MX 10 mx.d.test.
                    mx.d.test. A 10.1.2.3
                    mx.d.test. A 192.0.2.1
                    mx.d.test. AAAA fe80::1
                    """);
            mx("mx", "192.0.2.1");
            expectAccepted(send("u@d.test"), "u@d.test");
            expectDials("192.0.2.1");
        }

        @Requirement
        void ADDR_05_anAllowedAddressIsDialled() throws Exception {
            set("mail.mx.addresses.allow", "10.1.0.0/16");
            dns("d.test. MX 10 mx.d.test.\nmx.d.test. A 10.1.2.3\n");
            mx("mx", "10.1.2.3");
            expectAccepted(send("u@d.test"), "u@d.test");
        }

        /** Expects the result for a host without addresses. */
        private void expectRefused(String... records) throws Exception {
            StringBuilder zone = new StringBuilder("d.test. MX 10 mx.d.test.\n");
            for (String record : records) {
                zone.append("mx.d.test. ").append(record).append('\n');
            }
            dns(zone.toString());
            expectStatus(send("u@d.test"), "u@d.test", "5.4.3");
            expectDials();
        }
    }
}
