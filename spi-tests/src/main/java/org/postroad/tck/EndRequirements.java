// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import java.util.List;
import org.junit.jupiter.api.Nested;
import org.postroad.api.RecordType;
import org.postroad.fixtures.DnsFault;
import org.postroad.fixtures.FakeDnsServer;
import org.postroad.fixtures.Misbehaviour;
import org.postroad.tck.SendResult.Place;
import org.postroad.tck.catalogue.Feature;

/** END: when the list is exhausted. */
abstract class EndRequirements extends AddressRequirements {

    private static final Expect STATUS = Expect.lookAt("which of several failures determines the recipient's status");

    private static final List<String> SENDERS = List.of("ipv4", "ipv6", "both");

    private static final String TWO = """
            d.test.     MX 10 mx1.d.test.
            d.test.     MX 20 mx2.d.test.
            mx1.d.test. A 192.0.2.1
            mx2.d.test. A 192.0.2.20
            """;

    EndRequirements() {}

    private void fail(FakeDnsServer dns, String host, RecordType<?> type) {
        dns.fault(host, type, DnsFault.SERVFAIL);
    }

    private void expectEnd(String families, String zone, String status) throws Exception {
        set("mail.mx.families", families);
        dns(zone);
        expectStatus(send("u@d.test"), "u@d.test", status);
        expectDials();
    }

    @Nested
    class Tried {

        @Requirement
        void END_01_noAnswerIsDeferred() throws Exception {
            dns(TWO);
            bench().network().noAnswer("192.0.2.1").noAnswer("192.0.2.20");
            SendResult result = send("u@d.test");
            expectStatus(result, "u@d.test", "4.4.1");
            STATUS.equal("the array with a deferred recipient:", Place.UNSENT, result.placeOf("u@d.test"));
        }

        @Requirement
        void END_01_aLostConnectionIsDeferred() throws Exception {
            dns("d.test. A 192.0.2.1\n");
            mx("mx", "192.0.2.1").onCommand("MAIL", Misbehaviour.CLOSE);
            expectStatus(send("u@d.test"), "u@d.test", "4.4.2");
        }

        @Requirement
        void END_01_aReplyBeatsALaterSilence() throws Exception {
            dns(TWO);
            mx("mx1", "192.0.2.1").onCommand("RCPT", "450 4.2.1 mailbox busy");
            bench().network().noAnswer("192.0.2.20");
            expectStatus(send("u@d.test"), "u@d.test", "4.2.1");
        }

        @Requirement
        void END_01_theLastReplyCounts() throws Exception {
            dns(TWO);
            mx("mx1", "192.0.2.1").onCommand("RCPT", "450 4.2.1 mailbox busy");
            mx("mx2", "192.0.2.20").onCommand("RCPT", "451 4.7.1 greylisted");
            expectStatus(send("u@d.test"), "u@d.test", "4.7.1");
        }

        @Requirement
        void END_01_temporaryFailuresBeatPermanentOnes() throws Exception {
            dns(TWO);
            mx("mx1", "192.0.2.1").onCommand("RCPT", "450 4.2.1 mailbox busy");
            mx("mx2", "192.0.2.20").greeting("554 no service here");
            expectStatus(send("u@d.test"), "u@d.test", "4.2.1");
        }

        @Requirement
        void END_01_aRelayIsNotUsedAfterSilence() throws Exception {
            needs(Feature.RELAY);
            set("mail.mx.relay", "smtp://relay.test");
            dns(TWO + "relay.test. A 192.0.2.25\n");
            mx("relay", "192.0.2.25");
            bench().network().noAnswer("192.0.2.1").noAnswer("192.0.2.20");
            expectStatus(send("u@d.test"), "u@d.test", "4.4.1");
        }

        @Requirement
        void END_02_ifEveryHostRefusesAllMailItIsPermanent() throws Exception {
            dns(TWO);
            mx("mx1", "192.0.2.1").onCommand("EHLO", "550 5.7.1 not you").onCommand("HELO", "550 5.7.1 not you");
            mx("mx2", "192.0.2.20").greeting("554 5.3.2 no service here");
            SendResult result = send("u@d.test");
            STATUS.that(
                    "a permanent status, and not the first host's 5.7.1",
                    result.statusOf("u@d.test"),
                    status -> status.startsWith("5.") && !status.equals("5.7.1"));
        }
    }

    @Nested
    class NotTried {

        @Requirement
        void END_03_noIpv4AndAFailedIpv6LookupIsDeferred() throws Exception {
            expectDeferred("ipv4", "TXT \"no address\"", RecordType.AAAA);
        }

        @Requirement
        void END_03_ipv6OnlyAndAFailedIpv4LookupIsDeferred() throws Exception {
            expectDeferred("ipv4", "AAAA 2001:db8::1", RecordType.A);
        }

        @Requirement
        void END_03_noIpv6AndAFailedIpv4LookupIsDeferred() throws Exception {
            expectDeferred("ipv6", "TXT \"no address\"", RecordType.A);
        }

        @Requirement
        void END_03_ipv4OnlyAndAFailedIpv6LookupIsDeferred() throws Exception {
            expectDeferred("ipv6", "A 192.0.2.1", RecordType.AAAA);
        }

        @Requirement
        void END_03_twoFailedLookupsAreDeferred() throws Exception {
            for (String families : SENDERS) {
                expectDeferred(families, "A 192.0.2.1", RecordType.A, RecordType.AAAA);
            }
        }

        /** Expects a deferral for the domain as implicit MX and as a listed MX; a relay must not change that. */
        private void expectDeferred(String families, String record, RecordType<?>... notKnown) throws Exception {
            set("mail.mx.families", families);
            set("mail.mx.relay", "smtp://[192.0.2.25]");
            FakeDnsServer dns = dns("d.test. " + record + "\nlisted.test. MX 10 d.test.\n");
            for (RecordType<?> type : notKnown) {
                fail(dns, "d.test", type);
            }
            expectStatus(send("u@d.test"), "u@d.test", "4.4.3");
            expectStatus(send("u@listed.test"), "u@listed.test", "4.4.3");
            expectDials();
        }

        @Requirement
        void END_03_aFailedLookupOfOneHostAndOtherFamilyOfTheOtherIsDeferred() throws Exception {
            set("mail.mx.families", "ipv4");
            FakeDnsServer dns = dns("""
                    d.test.     MX 10 mx1.d.test.
                    d.test.     MX 20 mx2.d.test.
                    mx1.d.test. TXT "not known"
                    mx2.d.test. AAAA 2001:db8::2
                    """);
            fail(dns, "mx1.d.test", RecordType.A);
            expectStatus(send("u@d.test"), "u@d.test", "4.4.3");
            expectDials();
        }

        @Requirement
        void END_04_ipv6OnlyWithoutMxIs544() throws Exception {
            expectEnd("ipv4", "d.test. AAAA 2001:db8::1\n", "5.4.4");
        }

        @Requirement
        void END_04_ipv6OnlyWithMxIs544() throws Exception {
            expectEnd("ipv4", "d.test. MX 10 mx.d.test.\nmx.d.test. AAAA 2001:db8::1\n", "5.4.4");
        }

        @Requirement
        void END_04_ipv4OnlyWithoutMxIs544() throws Exception {
            expectEnd("ipv6", "d.test. A 192.0.2.1\n", "5.4.4");
        }

        @Requirement
        void END_04_ipv4OnlyWithMxIs544() throws Exception {
            expectEnd("ipv6", "d.test. MX 10 mx.d.test.\nmx.d.test. A 192.0.2.1\n", "5.4.4");
        }

        @Requirement
        void END_04_aRelayIsUsedForIpv6() throws Exception {
            expectRelayed("ipv4", "AAAA 2001:db8::1", "A 192.0.2.25", "192.0.2.25");
        }

        @Requirement
        void END_04_aRelayIsUsedForIpv4() throws Exception {
            expectRelayed("ipv6", "A 192.0.2.1", "AAAA 2001:db8::25", "2001:db8::25");
        }

        private void expectRelayed(String families, String destination, String relay, String dialled) throws Exception {
            needs(Feature.RELAY);
            set("mail.mx.families", families);
            set("mail.mx.relay", "smtp://relay.test");
            dns("d.test. " + destination + "\nlisted.test. MX 10 d.test.\nrelay.test. " + relay + "\n");
            mx("relay", dialled);
            expectAccepted(send("u@d.test"), "u@d.test");
            expectAccepted(send("u@listed.test"), "u@listed.test");
            expectDialsOfNoneBut(dialled);
        }

        @Requirement
        void END_05_mxWithoutAddressIs543() throws Exception {
            String zone = "d.test. MX 10 mx.d.test.\nmx.d.test. TXT \"no address\"\n";
            for (String families : SENDERS) {
                expectEnd(families, zone, "5.4.3");
            }
        }

        @Requirement
        void END_05_mxThatDoesNotExistIs543() throws Exception {
            expectEnd("both", "d.test. MX 10 nowhere.test.\nd.test. MX 20 nobody.test.\n", "5.4.3");
        }

        @Requirement
        void END_05_aRelayIsNotUsed() throws Exception {
            withRelay("d.test. MX 10 mx.d.test.\nmx.d.test. TXT \"no address\"\n", "5.4.3");
        }

        @Requirement
        void END_06_aDomainWithoutAddressIs512() throws Exception {
            for (String families : SENDERS) {
                expectEnd(families, "d.test. TXT \"no address\"\n", "5.1.2");
            }
        }

        @Requirement
        void END_06_aRelayIsNotUsed() throws Exception {
            withRelay("d.test. TXT \"no address\"\n", "5.1.2");
        }

        private void withRelay(String zone, String status) throws Exception {
            needs(Feature.RELAY);
            set("mail.mx.relay", "smtp://relay.test");
            mx("relay", "192.0.2.25");
            expectEnd("ipv4", zone + "relay.test. A 192.0.2.25\n", status);
        }
    }
}
