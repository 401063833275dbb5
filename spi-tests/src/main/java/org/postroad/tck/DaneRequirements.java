// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.postroad.api.RecordType;
import org.postroad.fixtures.DnsFault;
import org.postroad.fixtures.FakeDnsServer;
import org.postroad.fixtures.FakeSmtpServer;
import org.postroad.fixtures.Misbehaviour;
import org.postroad.fixtures.TestCertificates;
import org.postroad.fixtures.TestCertificates.Server;

/**
 * TLS-04 to 08: the requirements of a mail exchanger's TLSA records. The matching records in these tests are for the server's
 * own key ({@code 3 1 1}).
 */
abstract class DaneRequirements extends ContentRequirements {

    private static final Expect TLS =
            Expect.lookAt("what the host's TLSA records require, and what happens if it is not met");
    private static final TestCertificates AUTHORITY = TestCertificates.create();
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Server SERVER = AUTHORITY.server(Instant.now().plus(HOUR), "first.two.test");
    private static final String OF_ANOTHER_KEY =
            AUTHORITY.server(Instant.now().plus(HOUR), "first.two.test").tlsa();

    /** A record with an unassigned matching type (RFC 6698 §2.1.3), which no client can use. */
    private static final String UNUSABLE = "3 1 200 0123456789abcdef";

    /** Two domains, with one host and with two. The second host has no TLS and no published records. */
    private static final String ZONE = """
            one.test.        MX 10 first.two.test.
            two.test.        MX 10 first.two.test.
            two.test.        MX 20 second.two.test.
            first.two.test.  A 192.0.2.1
            second.two.test. A 192.0.2.20
            """;

    /** Aliases and addresses in zones that are partly signed. All host names lead to the first host. */
    private static final String ALIASES = """
            away.test.        MX 10 mx.away.test.
            mx.away.test.     CNAME mx.unsigned.test.
            mx.unsigned.test. A 192.0.2.1
            within.test.      MX 10 mx.within.test.
            mx.within.test.   CNAME mx.target.test.
            mx.target.test.   A 192.0.2.1
            loose.test.       MX 10 mx.loose.test.
            mx.loose.test.    CNAME mx.unsigned.test.
            own.test.         MX 10 mx.target.test.
            plain.test.       MX 10 mx.unsigned.test.
            both.test.        MX 10 mx.both.test.
            mx.both.test.     A 192.0.2.1
            mx.both.test.     AAAA 2001:db8::1
            """;

    /** Only for the suite of this package. */
    DaneRequirements() {}

    /** Sets up the first host with this certificate and these TLSA records. */
    private FakeDnsServer published(Server server, String... records) throws Exception {
        FakeDnsServer dns = published(records);
        first.startTls(server.context());
        return dns;
    }

    private FakeDnsServer published(String... records) throws Exception {
        StringBuilder zone = new StringBuilder(ZONE);
        for (String record : records) {
            zone.append(tlsa("first.two.test", record));
        }
        FakeDnsServer dns = signed(zone.toString(), "one.test", "two.test");
        first = mx("first", "192.0.2.1");
        second = mx("second", "192.0.2.20");
        return dns;
    }

    /** Sets up the hosts with aliases with this certificate and these additional zone lines. */
    private FakeDnsServer aliases(Server server, String... records) throws Exception {
        FakeDnsServer dns = signed(
                ALIASES + String.join("", records),
                "away.test",
                "within.test",
                "target.test",
                "own.test",
                "plain.test",
                "both.test");
        first = mx("first", "192.0.2.1").startTls(server.context());
        return dns;
    }

    /** Sets up a server with certificates for both names, and TLSA records for the certificate of the first. */
    private void named(String base, String other) throws Exception {
        Map<String, Server> servers = AUTHORITY.serverByName("default.test", base, other);
        Server server = servers.getOrDefault(base, SERVER);
        aliases(server, tlsa(base, server.tlsa()));
    }

    private static String tlsa(String base, String record) {
        return "_25._tcp." + base + ". TLSA " + record + "\n";
    }

    /** Starts a DNS server that reports these zones as validated. */
    private FakeDnsServer signed(String zone, String... zones) {
        FakeDnsServer server = dns(zone);
        server.signed(zones);
        return server;
    }

    private void expectSentOverTls(String recipient, FakeSmtpServer server) throws Exception {
        expectAccepted(send(recipient), recipient);
        expectReceived(server, "<" + recipient + ">");
        TLS.isTrue("the message comes over TLS", server.received().get(0).encrypted(), "it comes without TLS");
    }

    private void expectNothing(String recipient, String status, FakeSmtpServer server) throws Exception {
        expectStatus(send(recipient), recipient, status);
        expectNoMailAt(server);
    }

    private void expectNoMailAt(FakeSmtpServer server) {
        TLS.equal(
                "MAIL commands at " + server.name() + ":",
                List.of(),
                bench().transcript().linesOf(server.name() + "< MAIL"));
    }

    /** Expects that the first host gets nothing and that the second, which has no TLS requirements, gets the message. */
    private void expectTheNextHost() throws Exception {
        expectAccepted(send("a@two.test"), "a@two.test");
        expectReceived(second, "<a@two.test>");
        expectNoMailAt(first);
    }

    @Nested
    class UsableRecords {

        @Requirement
        void TLS_04_theKeyOfTheRecordGetsTheMessage() throws Exception {
            published(SERVER, SERVER.tlsa());
            expectSentOverTls("a@one.test", first);
        }

        @Requirement
        void TLS_04_oneRecordThatMatchesIsEnough() throws Exception {
            published(SERVER, OF_ANOTHER_KEY, SERVER.tlsa());
            expectSentOverTls("a@one.test", first);
        }

        /** RFC 7672 §3.1.1: the record identifies the key, whatever names and dates the certificate has. */
        @Requirement
        void TLS_04_namesAndDatesDoNotMatter() throws Exception {
            Server old = AUTHORITY.server(Instant.now().minus(HOUR), "elsewhere.test");
            published(old, old.tlsa());
            expectSentOverTls("a@one.test", first);
        }

        @Requirement
        void TLS_04_anotherKeyGetsNothing() throws Exception {
            published(SERVER, OF_ANOTHER_KEY);
            expectNothing("a@one.test", "4.7.5", first);
        }

        @Requirement
        void TLS_04_anAdditionalUnusableRecordChangesNothing() throws Exception {
            published(SERVER, OF_ANOTHER_KEY, UNUSABLE);
            expectNothing("a@one.test", "4.7.5", first);
        }

        @Requirement
        void TLS_04_afterAnotherKeyTheNextHostIsTried() throws Exception {
            published(SERVER, OF_ANOTHER_KEY);
            expectTheNextHost();
        }

        @Requirement
        void TLS_04_withoutStartTlsNothingIsSent() throws Exception {
            published(OF_ANOTHER_KEY);
            expectNothing("a@one.test", "4.7.4", first);
        }

        @Requirement
        void TLS_04_withoutStartTlsTheNextHostIsTried() throws Exception {
            published(OF_ANOTHER_KEY);
            expectTheNextHost();
        }

        @Requirement
        void TLS_04_aFailedHandshakeIsNotFollowedByPlaintext() throws Exception {
            published(SERVER, SERVER.tlsa());
            first.onCommand("STARTTLS", Misbehaviour.BAD_TLS_HANDSHAKE);
            expectTheNextHost();
        }
    }

    @Nested
    class UnusableRecords {

        @Requirement
        void TLS_05_anyCertificateIsAccepted() throws Exception {
            published(SERVER, UNUSABLE);
            expectSentOverTls("a@one.test", first);
        }

        @Requirement
        void TLS_05_withoutTlsNothingIsSent() throws Exception {
            published(UNUSABLE);
            expectNothing("a@one.test", "4.7.4", first);
        }

        @Requirement
        void TLS_05_theNextHostIsTried() throws Exception {
            published(UNUSABLE);
            expectTheNextHost();
        }

        @Requirement
        void TLS_05_aFailedHandshakeIsNotFollowedByPlaintext() throws Exception {
            published(SERVER, UNUSABLE);
            first.onCommand("STARTTLS", Misbehaviour.BAD_TLS_HANDSHAKE);
            expectTheNextHost();
        }
    }

    @Nested
    class SecureAliases {

        @Requirement
        void TLS_06_recordsAtASecureAliasIntoAnUnsignedZoneCount() throws Exception {
            aliases(SERVER, tlsa("mx.away.test", OF_ANOTHER_KEY));
            expectNothing("a@away.test", "4.7.5", first);
        }

        @Requirement
        void TLS_06_theKeyOfRecordsAtASecureAliasGetsTheMessage() throws Exception {
            aliases(SERVER, tlsa("mx.away.test", SERVER.tlsa()));
            expectSentOverTls("a@away.test", first);
        }

        @Requirement
        void TLS_06_recordsAtAnAliasTargetInTheUnsignedZoneDoNotCount() throws Exception {
            aliases(SERVER, tlsa("mx.unsigned.test", OF_ANOTHER_KEY));
            expectSentOverTls("a@away.test", first);
        }

        @Requirement
        void TLS_06_recordsOfAHostInTheUnsignedZoneDoNotCount() throws Exception {
            aliases(SERVER, tlsa("mx.unsigned.test", OF_ANOTHER_KEY));
            expectSentOverTls("a@plain.test", first);
        }

        @Requirement
        void TLS_06_recordsAtAnUnsignedAliasDoNotCount() throws Exception {
            aliases(SERVER, tlsa("mx.loose.test", OF_ANOTHER_KEY));
            expectSentOverTls("a@loose.test", first);
        }

        @Requirement
        void TLS_06_recordsAtTheEndOfASecureChainComeFirst() throws Exception {
            aliases(SERVER, tlsa("mx.target.test", OF_ANOTHER_KEY), tlsa("mx.within.test", SERVER.tlsa()));
            expectNothing("a@within.test", "4.7.5", first);
        }

        @Requirement
        void TLS_06_recordsAtTheAliasComeSecond() throws Exception {
            aliases(SERVER, tlsa("mx.within.test", OF_ANOTHER_KEY));
            expectNothing("a@within.test", "4.7.5", first);
        }
    }

    @Nested
    class SecureAddresses {

        /** Uses IPv4 only, so that the first host is contacted at the address under test. */
        private void insecure(RecordType<?> type) throws Exception {
            set("mail.mx.families", "ipv4");
            aliases(SERVER, tlsa("mx.both.test", OF_ANOTHER_KEY)).fault("mx.both.test", type, DnsFault.NOT_AUTHENTIC);
        }

        @Requirement
        void TLS_06_anInsecureAddressOfTheOtherFamilyDoesNotReleaseASecureOne() throws Exception {
            insecure(RecordType.AAAA);
            expectNothing("a@both.test", "4.7.5", first);
        }

        @Requirement
        void TLS_06_aSecureAddressOfTheOtherFamilyDoesNotBindAnInsecureOne() throws Exception {
            insecure(RecordType.A);
            expectSentOverTls("a@both.test", first);
        }
    }

    /** Servers with several names present the certificate for the name in the SNI. */
    @Nested
    class ServerName {

        @Requirement
        void TLS_07_sniIsTheHostWithTheRecords() throws Exception {
            named("mx.target.test", "mx.within.test");
            expectSentOverTls("a@own.test", first);
        }

        @Requirement
        void TLS_07_sniIsTheEndOfASecureChainWithTheRecords() throws Exception {
            named("mx.target.test", "mx.within.test");
            expectSentOverTls("a@within.test", first);
        }

        @Requirement
        void TLS_07_sniIsTheAliasWithTheRecords() throws Exception {
            named("mx.within.test", "mx.target.test");
            expectSentOverTls("a@within.test", first);
        }

        @Requirement
        void TLS_07_sniIsTheSecureAliasIntoAnUnsignedZone() throws Exception {
            named("mx.away.test", "mx.unsigned.test");
            expectSentOverTls("a@away.test", first);
        }
    }

    /** The records are unknown, so the host must be skipped, whether or not it offers TLS, and whatever key it presents. */
    @Nested
    class UnknownRecords {

        private static final String RECORDS = "_25._tcp.first.two.test";

        @Requirement
        void TLS_08_aHostWithAFailedLookupIsSkipped() throws Exception {
            published(SERVER).fault(RECORDS, RecordType.TLSA, DnsFault.SERVFAIL);
            expectNothing("a@one.test", "4.4.3", first);
        }

        @Requirement
        void TLS_08_aHostWithABogusAnswerIsSkipped() throws Exception {
            published(SERVER, SERVER.tlsa()).fault(RECORDS, RecordType.TLSA, DnsFault.SERVFAIL_BOGUS);
            expectNothing("a@one.test", "4.4.3", first);
        }

        @Requirement
        void TLS_08_aHostWithAFailedLookupIsSkippedWithoutStartTlsToo() throws Exception {
            published().fault(RECORDS, RecordType.TLSA, DnsFault.SERVFAIL_BOGUS);
            expectNothing("a@one.test", "4.4.3", first);
        }

        @Requirement
        void TLS_08_theNextHostIsTried() throws Exception {
            published(SERVER).fault(RECORDS, RecordType.TLSA, DnsFault.SERVFAIL);
            expectTheNextHost();
        }

        /** Otherwise an attacker who suppresses the alias would also suppress its TLSA records. */
        @Requirement
        void TLS_08_aHostWithAFailedAliasLookupIsSkipped() throws Exception {
            aliases(SERVER, tlsa("mx.away.test", OF_ANOTHER_KEY))
                    .fault("mx.away.test", RecordType.CNAME, DnsFault.SERVFAIL);
            expectNothing("a@away.test", "4.4.3", first);
        }

        @Requirement
        void TLS_08_recordsAtTheAliasDoNotReplaceAFailedLookupAtItsEnd() throws Exception {
            aliases(SERVER, tlsa("mx.within.test", SERVER.tlsa()))
                    .fault("_25._tcp.mx.target.test", RecordType.TLSA, DnsFault.SERVFAIL);
            expectNothing("a@within.test", "4.4.3", first);
        }
    }
}
