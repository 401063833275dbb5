// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postroad.api.RecipientReport;
import org.postroad.api.RecordType;
import org.postroad.fixtures.DnsFault;
import org.postroad.fixtures.Misbehaviour;
import org.postroad.fixtures.TestCertificates;
import org.postroad.fixtures.TestCertificates.Server;

/**
 * REQUIRETLS (TLS-13, RFC 8689 §4.2.1): which hosts are proved to belong to the domain, and which failures bounce or only delay a message.
 */
class RequireTlsTest extends TransportTesting {

    private static final TestCertificates AUTHORITY = TestCertificates.create();
    private static final Instant SOON = Instant.now().plus(Duration.ofHours(1));
    private static final Server CERTIFIED = AUTHORITY.server(SOON, "mx4.v4.test");
    private static final String OF_ANOTHER_KEY =
            AUTHORITY.server(SOON, "another.test").tlsa();

    private static final String ZONE = """
            v4.test.        MX 10 mx4.v4.test.
            mx4.v4.test.    A 192.0.2.4
            forged.test.    MX 10 mx4.v4.test.
            dual.test.      MX 10 mx4.v4.test.
            dual.test.      MX 20 mx6.v6.test.
            mx6.v6.test.    AAAA 2001:db8::6
            both.test.      MX 10 mx.both.test.
            mx.both.test.   A 192.0.2.4
            mx.both.test.   AAAA 2001:db8::6
            implicit.test.  A 192.0.2.4
            own.test.       MX 10 own.test.
            own.test.       A 192.0.2.4
            alias.test.     CNAME v4.test.
            loose.test.     CNAME v4.test.
            _25._tcp.mx6.v6.test.   TLSA %1$s
            _25._tcp.implicit.test. TLSA %1$s
            """.formatted(CERTIFIED.tlsa());

    @BeforeEach
    void demand() {
        properties.setProperty("mail.mx.requiretls", "true");
        dns.signed("v4.test", "v6.test", "dual.test", "both.test", "alias.test");
        mx4.startTls(CERTIFIED.context()).keywords("REQUIRETLS");
        mx6.startTls(CERTIFIED.context()).keywords("REQUIRETLS");
        publish(CERTIFIED.tlsa());
    }

    /** Publishes a TLSA record for the hosts with an IPv4 address. */
    private void publish(String record) {
        dns.zone(ZONE + "_25._tcp.mx4.v4.test. TLSA " + record + "\n_25._tcp.mx.both.test. TLSA " + record);
    }

    private void assertReturned(String recipient, String why) throws Exception {
        assertEnd(recipient, "5.7.30", why);
    }

    private void assertEnd(String recipient, String status, String why) throws Exception {
        RecipientReport report = failure(recipient).report().recipients().get(0);
        assertThat(report.status()).hasToString(status);
        assertThat(report.decision().explanation()).contains(why);
        assertThat(mx4.received()).isEmpty();
        assertThat(transcript.linesOf("mx4< MAIL")).isEmpty();
    }

    // Ownership of the host

    /** An attacker who forges an answer can name a signed host of its own. */
    @ParameterizedTest
    @ValueSource(strings = {"forged.test", "loose.test"})
    void TLS_13_aHostNamedInAnUnsignedAnswerIsNotAuthenticated(String domain) throws Exception {
        assertReturned("a@" + domain, "neither DNSSEC nor an MTA-STS policy");
        assertThat(mx4.connections()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"v4.test", "alias.test"})
    void TLS_13_aHostNamedInASignedAnswerIsAuthenticated(String domain) throws Exception {
        send(message("a@" + domain));
        assertThat(mx4.received()).hasSize(1);
    }

    /** Step 2 is about MX records. Without them, or if they name the domain itself, the domain's own name is proved. */
    @Test
    void TLS_13_theDomainItselfNeedsNoSignedAnswer() throws Exception {
        dns.signed("implicit.test");
        dns.fault("implicit.test", RecordType.MX, DnsFault.NO_DATA);
        send(message("a@implicit.test"));
        assertThat(mx4.received()).hasSize(1);
    }

    /** The test certificate is not signed by a public authority. */
    @Test
    void TLS_13_theDomainItselfNeedsACertificateForItsName() throws Exception {
        assertReturned("a@own.test", "not trusted");
        assertThat(mx4.connections()).isOne();
    }

    // Authentication of the host

    @Test
    void TLS_13_theWrongCertificateReturnsTheMessage() throws Exception {
        publish(OF_ANOTHER_KEY);
        assertReturned("a@v4.test", "no TLSA record matches");
    }

    @Test
    void TLS_13_theNextHostIsTriedBeforeTheMessageIsReturned() throws Exception {
        publish(OF_ANOTHER_KEY);
        send(message("a@dual.test"));
        assertThat(mx4.connections()).isOne();
        assertThat(mx6.received()).hasSize(1);
    }

    /** Possibly another server with another certificate. */
    @Test
    void TLS_13_theNextAddressIsTriedBeforeTheMessageIsReturned() throws Exception {
        properties.setProperty("mail.mx.addressorder", "ipv4");
        mx4.startTls(AUTHORITY.serverContext("another.test"));
        send(message("a@both.test"));
        assertThat(mx4.connections()).isOne();
        assertThat(mx6.received()).hasSize(1);
    }

    /** The other address is not secure: its certificate must be signed by a public authority and is not. */
    @Test
    void TLS_13_anInsecureAddressDoesNotPreventTheDelivery() throws Exception {
        properties.setProperty("mail.mx.addressorder", "ipv6");
        dns.fault("mx.both.test", RecordType.AAAA, DnsFault.NOT_AUTHENTIC);
        send(message("a@both.test"));
        assertThat(mx6.received()).isEmpty();
        assertThat(mx4.received()).hasSize(1);
    }

    @Test
    void TLS_13_aHostWithoutTlsReturnsTheMessage() throws Exception {
        mx4.onCommand("EHLO", "250-mx4\r\n250 REQUIRETLS");
        assertReturned("a@v4.test", "not offered");
    }

    @ParameterizedTest
    @CsvSource({"554 5.7.0 never, 5.7.30, never", "454 4.7.0 not today, 4.7.0, not today"})
    void TLS_13_aRefusalIsTemporaryOrPermanentAsTheServerSays(String reply, String status, String why)
            throws Exception {
        mx4.onCommand("STARTTLS", reply);
        assertEnd("a@v4.test", status, why);
    }

    @ParameterizedTest
    @ValueSource(strings = {"CLOSE", "BAD_TLS_HANDSHAKE"})
    void TLS_13_aTemporaryFailureDelaysTheMessage(Misbehaviour misbehaviour) throws Exception {
        mx4.onCommand("STARTTLS", misbehaviour);
        RecipientReport report = failure("a@v4.test").report().recipients().get(0);
        assertThat(report.status().isPermanent()).as("%s", report).isFalse();
    }

    @Test
    void TLS_13_aFailedRecordLookupDelaysTheMessage() throws Exception {
        dns.fault("_25._tcp.mx4.v4.test", RecordType.TLSA, DnsFault.SERVFAIL);
        assertEnd("a@v4.test", "4.4.3", "TLSA");
    }

    /** Soft beats hard over the list of hosts (END-01). */
    @Test
    void TLS_13_aHostThatDoesNotAnswerDelaysTheMessage() throws Exception {
        publish(OF_ANOTHER_KEY);
        mx6.greeting("421 4.3.2 not today");
        assertEnd("a@dual.test", "4.3.2", "not today");
    }
}
