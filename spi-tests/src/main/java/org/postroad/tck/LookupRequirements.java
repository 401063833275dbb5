// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import java.util.List;
import org.junit.jupiter.api.Nested;
import org.postroad.api.RecordType;
import org.postroad.fixtures.DnsFault;
import org.postroad.fixtures.FakeDnsServer;
import org.postroad.fixtures.FakeSmtpServer;
import org.postroad.tck.SendResult.Place;

/** LOOKUP: the outcomes of DNS lookups. */
abstract class LookupRequirements extends TransportTck {

    private static final Expect QUESTIONS = Expect.lookAt("which DNS queries are sent, and in which order");

    private static final String ZONE = """
            d.test.    MX 10 mx.d.test.
            mx.d.test. A 192.0.2.1
            """;

    LookupRequirements() {}

    private List<String> questions() {
        return bench().transcript().linesOf("dns:");
    }

    @Nested
    class Names {

        @Requirement
        void LOOKUP_01_mxIsLookedUpFirst() throws Exception {
            dns(ZONE);
            mx("mx", "192.0.2.1");
            expectAccepted(send("u@d.test"), "u@d.test");
            QUESTIONS.that(
                    "MX of d.test as the first query",
                    questions(),
                    lines -> lines.get(0).startsWith("dns: MX d.test "));
        }

        @Requirement
        void LOOKUP_01_anAliasIsFollowed() throws Exception {
            dns("alias.test. CNAME d.test.\n" + ZONE);
            mx("mx", "192.0.2.1");
            expectAccepted(send("u@alias.test"), "u@alias.test");
        }

        @Requirement
        void LOOKUP_01_anAliasIsFollowedIfTheServerDoesNot() throws Exception {
            FakeDnsServer dns = dns("alias.test. CNAME d.test.\n" + ZONE);
            dns.fault("d.test", RecordType.MX, DnsFault.AUTHENTIC); // the correct answer, but only to a direct query
            mx("mx", "192.0.2.1");
            expectAccepted(send("u@alias.test"), "u@alias.test");
        }

        @Requirement
        void LOOKUP_01_aNonAsciiNameIsQueriedInALabelForm() throws Exception {
            dns("xn--bcher-kva.test. MX 10 mx.d.test.\n" + ZONE);
            mx("mx", "192.0.2.1");
            send("u@b\u00fccher.test");
            expectAsked("xn--bcher-kva.test", RecordType.MX);
            expectDials("192.0.2.1");
        }

        @Requirement
        void LOOKUP_03_aDomainThatDoesNotExistFailsImmediately() throws Exception {
            dns(ZONE);
            SendResult result = send("u@nowhere.test");
            expectStatus(result, "u@nowhere.test", "5.1.2");
            QUESTIONS.that(
                    "no query except MX of nowhere.test, with no other suffix",
                    questions(),
                    lines -> lines.stream().allMatch(line -> line.startsWith("dns: MX nowhere.test ")));
        }

        @Requirement
        void LOOKUP_09_noParentIsQueriedIfTheNameDoesNotExist() throws Exception {
            dns(ZONE + "d.test. A 192.0.2.1\n");
            bench().network().refuse("192.0.2.1");
            send("u@sub.d.test");
            expectNoParent();
        }

        @Requirement
        void LOOKUP_09_noParentIsQueriedIfTheNameHasNoRecords() throws Exception {
            dns(ZONE + "d.test. A 192.0.2.1\nsub.d.test. TXT \"no mail\"\n");
            bench().network().refuse("192.0.2.1");
            send("u@sub.d.test");
            expectNoParent();
        }

        private void expectNoParent() {
            expectDials();
            for (RecordType<?> type : List.of(RecordType.MX, RecordType.A, RecordType.AAAA)) {
                expectNotAsked("d.test", type);
                expectNotAsked("test", type);
            }
        }
    }

    @Nested
    class MxFailure {

        @Requirement
        void LOOKUP_02_servfailIsDeferred() throws Exception {
            expectDeferred(DnsFault.SERVFAIL);
        }

        @Requirement
        void LOOKUP_02_refusedIsDeferred() throws Exception {
            expectDeferred(DnsFault.REFUSED);
        }

        @Requirement
        void LOOKUP_02_noAnswerIsDeferred() throws Exception {
            set("mail.mx.dns.timeout", "300");
            expectDeferred(DnsFault.DROP);
        }

        @Requirement
        void LOOKUP_02_aLoopOfAliasesIsDeferred() throws Exception {
            dns("a.test. CNAME b.test.\nb.test. CNAME a.test.\n");
            expectStatus(send("u@a.test"), "u@a.test", "4.4.3");
        }

        /** Expects a deferral although the domain's own address would answer. */
        private void expectDeferred(DnsFault fault) throws Exception {
            FakeDnsServer dns = dns(ZONE + "d.test. A 192.0.2.20\n");
            dns.fault("d.test", RecordType.MX, fault);
            mx("mx", "192.0.2.1");
            mx("domain", "192.0.2.20");
            SendResult result = send("u@d.test", "v@d.test");
            expectStatus(result, "u@d.test", "4.4.3");
            expectStatus(result, "v@d.test", "4.4.3");
            Expect.lookAt("how a deferral is distinguished from a refusal")
                    .equal("the array with a deferred recipient:", Place.UNSENT, result.placeOf("u@d.test"));
            expectDials();
        }
    }

    @Nested
    class Addresses {

        @Requirement
        void LOOKUP_04_withIpv4OnlyAaaaIsQueriedToo() throws Exception {
            set("mail.mx.families", "ipv4");
            dns("d.test. MX 10 mx.d.test.\nmx.d.test. AAAA 2001:db8::1\n");
            send("u@d.test");
            expectAsked("mx.d.test", RecordType.A);
            expectAsked("mx.d.test", RecordType.AAAA);
        }

        @Requirement
        void LOOKUP_04_withIpv6OnlyAIsQueriedToo() throws Exception {
            set("mail.mx.families", "ipv6");
            dns("d.test. A 192.0.2.1\n");
            send("u@d.test");
            expectAsked("d.test", RecordType.A);
            expectAsked("d.test", RecordType.AAAA);
        }

        @Requirement
        void LOOKUP_04_eachHostIsLookedUp() throws Exception {
            set("mail.mx.families", "ipv4");
            dns("""
                    d.test.     MX 10 mx1.d.test.
                    d.test.     MX 20 mx2.d.test.
                    mx1.d.test. TXT "no address"
                    mx2.d.test. TXT "no address"
                    """);
            send("u@d.test");
            for (String host : List.of("mx1.d.test", "mx2.d.test")) {
                expectAsked(host, RecordType.A);
                expectAsked(host, RecordType.AAAA);
            }
        }

        @Requirement
        void LOOKUP_05_a6IsQueriedIfSwitchedOn() throws Exception {
            set("mail.mx.dns.a6", "true");
            dns("d.test. MX 10 mx.d.test.\nmx.d.test. A6 0 2001:db8::1\n");
            mx("mx", "2001:db8::1");
            expectAccepted(send("u@d.test"), "u@d.test");
        }

        @Requirement
        void LOOKUP_05_a6IsNotQueriedOtherwise() throws Exception {
            dns("d.test. MX 10 mx.d.test.\nmx.d.test. A6 0 2001:db8::1\n");
            send("u@d.test");
            expectNotAsked("mx.d.test", RecordType.A6);
        }

        @Requirement
        void LOOKUP_08_noAnswerForAaaaDoesNotHideA() throws Exception {
            FakeDnsServer dns = dns(ZONE);
            dns.fault("mx.d.test", RecordType.AAAA, DnsFault.SERVFAIL);
            mx("mx", "192.0.2.1");
            expectAccepted(send("u@d.test"), "u@d.test");
        }

        @Requirement
        void LOOKUP_08_noAnswerForADoesNotHideAaaa() throws Exception {
            FakeDnsServer dns = dns("d.test. MX 10 mx.d.test.\nmx.d.test. AAAA 2001:db8::1\n");
            dns.fault("mx.d.test", RecordType.A, DnsFault.SERVFAIL);
            mx("mx", "2001:db8::1");
            expectAccepted(send("u@d.test"), "u@d.test");
        }

        @Requirement
        void LOOKUP_08_aFailedLookupOfOneHostDoesNotHideTheNext() throws Exception {
            FakeDnsServer dns = dns("d.test. MX 5 lost.d.test.\n" + ZONE);
            dns.fault("lost.d.test", RecordType.A, DnsFault.SERVFAIL);
            dns.fault("lost.d.test", RecordType.AAAA, DnsFault.SERVFAIL);
            mx("mx", "192.0.2.1");
            expectAccepted(send("u@d.test"), "u@d.test");
        }
    }

    @Nested
    class LiteralsAndNone {

        @Requirement
        void LOOKUP_06_anIpv4LiteralNeedsNoDns() throws Exception {
            expectLiteral("192.0.2.1", "u@[192.0.2.1]");
        }

        @Requirement
        void LOOKUP_06_anIpv6LiteralNeedsNoDns() throws Exception {
            expectLiteral("2001:db8::1", "u@[IPv6:2001:db8::1]");
        }

        private void expectLiteral(String address, String recipient) throws Exception {
            FakeDnsServer dns = dns(ZONE);
            FakeSmtpServer server = mx("literal", address);
            expectAccepted(send(recipient), recipient);
            QUESTIONS.equal("the number of queries for a literal:", 0, dns.questions());
            Expect.lookAt("the path in RCPT")
                    .equal(
                            "the recipients at the literal:",
                            List.of("<" + recipient + ">"),
                            server.received().get(0).recipients());
        }

        @Requirement
        void LOOKUP_07_aNullMxFailsImmediately() throws Exception {
            dns("d.test. MX 0 .\nd.test. A 192.0.2.1\n");
            mx("domain", "192.0.2.1");
            expectStatus(send("u@d.test"), "u@d.test", "5.1.10");
            expectDials();
        }

        @Requirement
        void LOOKUP_07_aDotAmongOthersIsIgnored() throws Exception {
            dns("d.test. MX 0 .\nd.test. A 192.0.2.9\n" + ZONE);
            mx("domain", "192.0.2.9");
            mx("mx", "192.0.2.1");
            expectAccepted(send("u@d.test"), "u@d.test");
            expectDials("192.0.2.1");
        }
    }
}
