// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.postroad.fixtures.FakeDnsServer;
import org.postroad.fixtures.FakeSmtpServer;
import org.postroad.fixtures.Misbehaviour;
import org.postroad.fixtures.TestCertificates;
import org.postroad.fixtures.TestCertificates.Server;

/**
 * TLS-04 to 08: what TLSA records of a mail exchanger demand. The records that count here are those of the server's own key ({@code 3 1
 * 1}).
 */
abstract class DaneRequirements extends ContentRequirements {

    private static final Expect TLS =
            Expect.lookAt("what the host's TLSA records demand, and what is done where it is not met");
    private static final TestCertificates AUTHORITY = TestCertificates.create();
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Server SERVER = AUTHORITY.server(Instant.now().plus(HOUR), "first.two.test");
    private static final String OF_ANOTHER_KEY =
            AUTHORITY.server(Instant.now().plus(HOUR), "first.two.test").tlsa();

    /** Of a matching type that nobody knows (RFC 6698 §2.1.3), so that nobody can compare it. */
    private static final String UNUSABLE = "3 1 200 0123456789abcdef";

    /** Two domains, of one host and of two. The second host has no TLS, and nothing is published for it. */
    private static final String ZONE = """
            one.test.        MX 10 first.two.test.
            two.test.        MX 10 first.two.test.
            two.test.        MX 20 second.two.test.
            first.two.test.  A 192.0.2.1
            second.two.test. A 192.0.2.20
            """;

    /** For the suite of this package. */
    DaneRequirements() {}

    /** The first host has this certificate, and these TLSA records. */
    private void published(Server server, String... records) throws Exception {
        published(records);
        first.startTls(server.context());
    }

    private void published(String... records) throws Exception {
        StringBuilder zone = new StringBuilder(ZONE);
        for (String record : records) {
            zone.append(tlsa("first.two.test", record));
        }
        signed(zone.toString(), "one.test", "two.test");
        first = mx("first", "192.0.2.1");
        second = mx("second", "192.0.2.20");
    }

    private static String tlsa(String base, String record) {
        return "_25._tcp." + base + ". TLSA " + record + "\n";
    }

    /** The DNS, which says of these zones that they are validated. */
    private FakeDnsServer signed(String zone, String... zones) {
        FakeDnsServer server = dns(zone);
        server.signed(zones);
        return server;
    }

    private void expectSentOverTls(String recipient, FakeSmtpServer server) throws Exception {
        expectAccepted(send(recipient), recipient);
        expectReceived(server, "<" + recipient + ">");
        TLS.isTrue("the message comes over TLS", server.received().get(0).encrypted(), "it comes in the clear");
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

    /** The first host gets nothing, and the second one, of which nobody demands anything, gets it. */
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
            expectSentOverTls("a@two.test", first);
            expectNotContacted(second);
        }

        @Requirement
        void TLS_04_oneRecordThatMatchesIsEnough() throws Exception {
            published(SERVER, OF_ANOTHER_KEY, SERVER.tlsa());
            expectSentOverTls("a@one.test", first);
        }

        /** RFC 7672 §3.1.1: the record is about the key, whatever names and dates the certificate has. */
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
        void TLS_04_anUnusableRecordBesideChangesNothing() throws Exception {
            published(SERVER, OF_ANOTHER_KEY, UNUSABLE);
            expectNothing("a@one.test", "4.7.5", first);
        }

        @Requirement
        void TLS_04_andTheNextHostIsTried() throws Exception {
            published(SERVER, OF_ANOTHER_KEY);
            expectTheNextHost();
        }

        @Requirement
        void TLS_04_withoutStartTlsItGetsNothing() throws Exception {
            published(OF_ANOTHER_KEY);
            expectNothing("a@one.test", "4.7.4", first);
        }

        @Requirement
        void TLS_04_andTheNextHostIsTriedThen() throws Exception {
            published(OF_ANOTHER_KEY);
            expectTheNextHost();
        }

        @Requirement
        void TLS_04_aHandshakeThatFailsIsNotMadeUpForInTheClear() throws Exception {
            published(SERVER, SERVER.tlsa());
            first.onCommand("STARTTLS", Misbehaviour.BAD_TLS_HANDSHAKE);
            expectTheNextHost();
        }
    }

    @Nested
    class UnusableRecords {

        @Requirement
        void TLS_05_anyCertificateWillDo() throws Exception {
            published(SERVER, UNUSABLE);
            expectSentOverTls("a@two.test", first);
            expectNotContacted(second);
        }

        @Requirement
        void TLS_05_butNotNoTls() throws Exception {
            published(UNUSABLE);
            expectNothing("a@one.test", "4.7.4", first);
        }

        @Requirement
        void TLS_05_andTheNextHostIsTried() throws Exception {
            published(UNUSABLE);
            expectTheNextHost();
        }

        @Requirement
        void TLS_05_aHandshakeThatFailsIsNotMadeUpForInTheClear() throws Exception {
            published(SERVER, UNUSABLE);
            first.onCommand("STARTTLS", Misbehaviour.BAD_TLS_HANDSHAKE);
            expectTheNextHost();
        }
    }
}
