// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.mail.internet.MimeMessage;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postroad.api.Attempt;
import org.postroad.api.DeliveryEvent;
import org.postroad.api.RecordType;
import org.postroad.api.TlsSummary.Level;
import org.postroad.fixtures.DnsFault;
import org.postroad.fixtures.Misbehaviour;
import org.postroad.fixtures.TestCertificates;
import org.postroad.fixtures.TestCertificates.Server;
import org.postroad.spi.DeliveryListener;

/** DANE for SMTP (RFC 7672), from DNS to the message. The DNS server on loopback sets the AD bit. */
class DaneTest extends TransportTesting {

    private static final TestCertificates AUTHORITY = TestCertificates.create();
    private static final Instant SOON = Instant.now().plus(Duration.ofHours(1));
    private static final String NAME = "_25._tcp.mx4.v4.test";
    private static final String ZONE = """
            v4.test.       MX 10 mx4.v4.test.
            mx4.v4.test.   A 192.0.2.4
            dual.test.     MX 10 mx4.v4.test.
            dual.test.     MX 20 mx6.v6.test.
            mx6.v6.test.   AAAA 2001:db8::6
            alias.test.    MX 10 mail.alias.test.
            mail.alias.test. CNAME mx4.v4.test.
            """;

    private final List<Attempt> attempts = new CopyOnWriteArrayList<>();
    private Server server;

    @BeforeEach
    void sign() {
        dns.faultForAll(DnsFault.AUTHENTIC);
        properties.put("mail.mx.listener", (DeliveryListener) event -> {
            if (event instanceof DeliveryEvent.Attempted attempted) {
                attempts.add(attempted.attempt());
            }
        });
        show(AUTHORITY.server(SOON, "mx4.v4.test"));
    }

    private void show(Server shown) {
        server = shown;
        mx4.startTls(shown.context());
    }

    private void publish(String... records) {
        StringBuilder zone = new StringBuilder(ZONE);
        for (String record : records) {
            zone.append(NAME).append(". TLSA ").append(record).append('\n');
        }
        dns.zone(zone.toString());
    }

    private static String record(int usage, X509Certificate certificate) throws Exception {
        byte[] digest = MessageDigest.getInstance("SHA-256")
                .digest(certificate.getPublicKey().getEncoded());
        return usage + " 1 1 " + HexFormat.of().formatHex(digest);
    }

    private void assertDelivered(String recipient, Level level) throws Exception {
        send(message(recipient));
        assertThat(mx4.received()).hasSize(1);
        assertThat(attempts)
                .singleElement()
                .satisfies(attempt -> assertThat(attempt.tls().level()).isEqualTo(level));
    }

    private void assertDeferred(String recipient, String status, String why) throws Exception {
        assertThat(failure(recipient).report().recipients().get(0)).satisfies(report -> {
            assertThat(report.status()).hasToString(status);
            assertThat(report.decision().explanation()).contains(why);
        });
        assertThat(mx4.received()).isEmpty();
        assertThat(transcript.linesOf("mx4< MAIL")).isEmpty();
    }

    @Test
    void dane_aMatchingCertificateIsReported() throws Exception {
        publish(record(3, server.certificate()));
        assertDelivered("a@v4.test", Level.DANE);
        assertThat(attempts.get(0).tls().handshake()).hasValueSatisfying(handshake -> {
            assertThat(handshake.protocol()).isEqualTo("TLSv1.3");
            assertThat(handshake.names()).containsExactly("mx4.v4.test");
            assertThat(handshake.fingerprint()).hasSize(64);
        });
    }

    @Test
    void dane_aCertificateThatDoesNotMatchDefersTheMail() throws Exception {
        publish(record(3, AUTHORITY.server(SOON, "mx4.v4.test").certificate()));
        assertDeferred("a@v4.test", "4.7.5", "no TLSA record matches");
    }

    @Test
    void dane_anExpiredCertificateThatMatchesIsAccepted() throws Exception {
        show(AUTHORITY.server(Instant.now().minus(Duration.ofHours(1)), "other.test"));
        publish(record(3, server.certificate()));
        assertDelivered("a@v4.test", Level.DANE);
    }

    @Test
    void dane_duringAKeyRolloverEitherKeyIsAccepted() throws Exception {
        publish(record(3, AUTHORITY.server(SOON, "mx4.v4.test").certificate()), record(3, server.certificate()));
        assertDelivered("a@v4.test", Level.DANE);
    }

    @Test
    void dane_aTaRecordAcceptsACertificateForTheHost() throws Exception {
        publish(record(2, AUTHORITY.authority()));
        assertDelivered("a@v4.test", Level.DANE);
    }

    @Test
    void dane_aTaRecordAcceptsACertificateForTheDomain() throws Exception {
        show(AUTHORITY.server(SOON, "v4.test"));
        publish(record(2, AUTHORITY.authority()));
        assertDelivered("a@v4.test", Level.DANE);
    }

    @Test
    void dane_aTaRecordRefusesACertificateForAnotherName() throws Exception {
        show(AUTHORITY.server(SOON, "other.test"));
        publish(record(2, AUTHORITY.authority()));
        assertDeferred("a@v4.test", "4.7.5", "other.test");
    }

    @Test
    void dane_theRecordsOfAnAliasAreThoseOfItsTarget() throws Exception {
        publish(record(3, server.certificate()));
        assertDelivered("a@alias.test", Level.DANE);
        assertThat(dns.questions("_25._tcp.mail.alias.test", RecordType.TLSA)).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0 1 1 ", "1 1 1 ", "3 1 7 "})
    void dane_unusableRecordsRequireTls(String beginning) throws Exception {
        publish(beginning + "ab".repeat(32));
        assertDelivered("a@v4.test", Level.OPPORTUNISTIC);
    }

    @Test
    void dane_unusableRecordsWithoutTlsDeferTheMail() throws Exception {
        publish("1 1 1 " + "ab".repeat(32));
        mx4.onCommand("STARTTLS", "454 4.7.0 not today");
        assertDeferred("a@v4.test", "4.7.0", "not today");
    }

    @Test
    void dane_aStrippedStarttlsDefersTheMail() throws Exception {
        publish(record(3, server.certificate()));
        mx4.onCommand("EHLO", "250 mx4.v4.test");
        assertDeferred("a@v4.test", "4.7.4", "not offered");
    }

    @ParameterizedTest
    @EnumSource(
            value = Misbehaviour.class,
            names = {"BAD_TLS_HANDSHAKE", "CLOSE"})
    void dane_aFailedHandshakeIsNotFollowedByPlaintext(Misbehaviour misbehaviour) throws Exception {
        publish(record(3, server.certificate()));
        mx4.onCommand("STARTTLS", misbehaviour);
        failure("a@v4.test");
        assertThat(transcript.linesOf("mx4< MAIL")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = DnsFault.class,
            names = {"SERVFAIL", "REFUSED"})
    void dane_aHostWhoseTlsaLookupFailsIsSkipped(DnsFault fault) throws Exception {
        publish(record(3, server.certificate()));
        dns.fault(NAME, RecordType.TLSA, fault);
        assertDeferred("a@v4.test", "4.4.3", "TLSA");
        assertThat(mx4.connections()).isZero();
    }

    @Test
    void dane_theNextHostGetsTheMail() throws Exception {
        publish(record(3, server.certificate()));
        dns.fault(NAME, RecordType.TLSA, DnsFault.SERVFAIL);
        send(message("a@dual.test"));
        assertThat(mx4.connections()).isZero();
        assertThat(mx6.received()).hasSize(1);
    }

    @Test
    void dane_recordsOfAnUnsignedNameAreNotLookedUp() throws Exception {
        dns.heal();
        publish(record(3, AUTHORITY.server(SOON, "mx4.v4.test").certificate()));
        assertDelivered("a@v4.test", Level.OPPORTUNISTIC);
        assertThat(dns.questions(NAME, RecordType.TLSA)).isZero();
    }

    @Test
    void dane_noRecordsAreLookedUpIfDaneIsDisabled() throws Exception {
        properties.setProperty("mail.mx.dane.enable", "false");
        publish(record(3, AUTHORITY.server(SOON, "mx4.v4.test").certificate()));
        assertDelivered("a@v4.test", Level.OPPORTUNISTIC);
        assertThat(dns.questions(NAME, RecordType.TLSA)).isZero();
    }

    @Test
    void dane_aSecureDenialMeansNoRecords() throws Exception {
        publish();
        assertDelivered("a@v4.test", Level.OPPORTUNISTIC);
        assertThat(dns.questions(NAME, RecordType.TLSA)).isOne();
    }

    @Test
    void dane_aNameTooLongForTlsaHasNoRecords() throws Exception {
        String host = ("a".repeat(60) + ".").repeat(4) + "test"; // 248 characters
        dns.zone("v4.test. MX 10 " + host + ".\n" + host + ". A 192.0.2.4\n");
        assertDelivered("a@v4.test", Level.OPPORTUNISTIC);
    }

    @Test
    void dane_aKeptConnectionIsUsedForTheSameProtectionOnly() throws Exception {
        publish();
        send(message("a@v4.test"));
        Postroad.close();
        publish(record(3, server.certificate()));
        send(message("a@v4.test"));
        send(message("b@v4.test"));
        assertThat(attempts)
                .extracting(attempt -> attempt.tls().level())
                .containsExactly(Level.OPPORTUNISTIC, Level.DANE, Level.DANE);
        assertThat(mx4.connections()).isEqualTo(2); // the third message used the connection of the second
    }

    @Test
    void requiretls_isSentToAnAuthenticatedServer() throws Exception {
        properties.setProperty("mail.mx.requiretls", "true");
        publish(record(3, server.certificate()));
        mx4.keywords("REQUIRETLS");
        assertDelivered("a@v4.test", Level.DANE);
        assertThat(transcript.linesOf("mx4< MAIL")).singleElement().asString().endsWith(" REQUIRETLS");
    }

    @Test
    void requiretls_aServerWithoutTheExtensionDoesNotGetTheMessage() throws Exception {
        properties.setProperty("mail.mx.requiretls", "true");
        publish(record(3, server.certificate()));
        assertFailed("a@v4.test", "which the server does not offer");
    }

    @Test
    void requiretls_anUnauthenticatedHostDoesNotGetTheMessage() throws Exception {
        properties.setProperty("mail.mx.requiretls", "true");
        dns.heal();
        publish();
        mx4.keywords("REQUIRETLS");
        assertFailed("a@v4.test", "neither DNSSEC nor an MTA-STS policy");
        assertThat(mx4.connections()).isZero();
    }

    /** The test certificate is not signed by a public authority. */
    @Test
    void requiretls_withoutRecordsTheCertificateMustBeTrusted() throws Exception {
        properties.setProperty("mail.mx.requiretls", "true");
        publish();
        mx4.keywords("REQUIRETLS");
        assertFailed("a@v4.test", "not trusted");
    }

    @Test
    void requiretls_theHeaderTlsRequiredNoIsRespected() throws Exception {
        publish(record(3, AUTHORITY.server(SOON, "mx4.v4.test").certificate()));
        MimeMessage message = message("a@v4.test");
        message.setHeader("TLS-Required", "No");
        send(message);
        assertThat(attempts)
                .singleElement()
                .satisfies(attempt -> assertThat(attempt.tls().level()).isEqualTo(Level.OPPORTUNISTIC));
        assertThat(mx4.received().get(0).text()).contains("TLS-Required: No\r\n");
    }

    private void assertFailed(String recipient, String why) throws Exception {
        assertThat(failure(recipient).report().recipients().get(0)).satisfies(report -> {
            assertThat(report.status()).hasToString("5.7.30");
            assertThat(report.decision().explanation()).contains(why);
        });
        assertThat(mx4.received()).isEmpty();
        assertThat(transcript.linesOf("mx4< MAIL")).isEmpty();
    }
}
