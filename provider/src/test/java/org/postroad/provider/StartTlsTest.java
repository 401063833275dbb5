// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.mail.Transport;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postroad.api.Attempt;
import org.postroad.api.DeliveryEvent;
import org.postroad.api.DomainReport;
import org.postroad.api.TlsFailure;
import org.postroad.api.TlsSummary;
import org.postroad.fixtures.Misbehaviour;
import org.postroad.fixtures.TestCertificates;
import org.postroad.spi.DeliveryListener;

/** STARTTLS with mail exchangers: opportunistic, required, disabled. */
class StartTlsTest extends TransportTesting {

    private static final TestCertificates CERTIFICATES = TestCertificates.create();

    @Test
    void starttls_aFailedHandshakeIsFollowedByPlaintextAtTheSameAddress() throws Exception {
        mx6.startTls(CERTIFICATES.serverContext("mx6.v6.test"))
                .onCommand("STARTTLS", Misbehaviour.BAD_TLS_HANDSHAKE, 1);
        Transport.send(message("a@dual.test"));
        assertThat(mx6.received())
                .singleElement()
                .satisfies(message -> assertThat(message.encrypted()).isFalse());
        assertThat(mx6.connections()).isEqualTo(2);
        assertThat(mx4.connections()).isZero();
    }

    @ParameterizedTest
    @EnumSource(
            value = Misbehaviour.class,
            names = {"CLOSE", "RESET", "GARBAGE_LINE"})
    void TLS_02_aLossAtEhloAfterTheHandshakeIsFollowedByPlaintext(Misbehaviour misbehaviour) throws Exception {
        mx4.startTls(CERTIFICATES.serverContext("mx4.v4.test")).onCommandOverTls("EHLO", misbehaviour);
        assertPlaintextAfterFailure();
    }

    /** In TLS 1.3 the client finishes before the server checks the client certificate. */
    @Test
    void TLS_02_aDemandForAClientCertificateIsFollowedByPlaintext() throws Exception {
        mx4.startTls(CERTIFICATES.serverContext("mx4.v4.test")).demandClientCertificate();
        assertPlaintextAfterFailure();
    }

    @ParameterizedTest
    @ValueSource(strings = {"MAIL", "RCPT", "DATA"})
    void TLS_02_aLossBeforeTheMessageWasAcceptedIsFollowedByPlaintext(String command) throws Exception {
        mx4.startTls(CERTIFICATES.serverContext("mx4.v4.test")).onCommandOverTls(command, Misbehaviour.CLOSE);
        assertPlaintextAfterFailure();
    }

    private void assertPlaintextAfterFailure() throws Exception {
        properties.setProperty("mail.mx.reportsuccess", "true");
        List<Optional<TlsFailure>> tlsResults = new CopyOnWriteArrayList<>();
        properties.put("mail.mx.listener", (DeliveryListener) event -> {
            if (event instanceof DeliveryEvent.TlsConcluded concluded) {
                tlsResults.add(concluded.result().failure());
            }
        });
        DomainReport report = failure("a@v4.test").report().domains().get(0);
        assertThat(mx4.received())
                .singleElement()
                .satisfies(message -> assertThat(message.encrypted()).isFalse());
        assertThat(mx4.connections()).isEqualTo(2);
        assertThat(report.attempts()).extracting(Attempt::superseded).containsExactly(true, false);
        assertThat(tlsResults).filteredOn(Optional::isPresent).hasSize(1); // TLSRPT counts the loss
    }

    @ParameterizedTest
    @ValueSource(strings = {"EHLO", "MAIL", "DATA"})
    void TLS_02_aLossIsNotFollowedByPlaintextIfTlsIsRequired(String command) throws Exception {
        properties.setProperty("mail.mx.starttls.required", "true");
        mx4.startTls(CERTIFICATES.serverContext("mx4.v4.test")).onCommandOverTls(command, Misbehaviour.CLOSE);
        failure("a@v4.test");
        assertThat(mx4.received()).isEmpty();
        assertThat(mx4.connections()).isEqualTo(1);
    }

    @Test
    void TLS_02_aDoubtIsNotFollowedByPlaintext() throws Exception {
        mx4.startTls(CERTIFICATES.serverContext("mx4.v4.test")).onEndOfData(Misbehaviour.CLOSE);
        failure("a@v4.test");
        assertThat(mx4.connections()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"454 4.7.0 not now", "502 5.5.1 never"})
    void starttls_aServerThatRefusesTheCommandGetsTheMessageInPlaintext(String refusal) throws Exception {
        mx4.startTls(CERTIFICATES.serverContext("mx4.v4.test")).onCommand("STARTTLS", refusal);
        Transport.send(message("a@v4.test"));
        assertThat(mx4.received()).hasSize(1);
        assertThat(mx4.connections()).isEqualTo(1);
    }

    @Test
    void starttls_requiredSkipsAServerWithoutItAndGivesTheReason() throws Exception {
        properties.setProperty("mail.mx.starttls.required", "true");
        mx4.startTls(CERTIFICATES.serverContext("mx4.v4.test"));
        Transport.send(message("a@dual.test"));
        assertThat(mx6.received()).isEmpty();
        assertThat(mx4.received())
                .singleElement()
                .satisfies(message -> assertThat(message.encrypted()).isTrue());
        assertThat(failure("b@v6.test").report().recipients().get(0).status()).hasToString("4.7.4");
    }

    @ParameterizedTest
    @EnumSource(
            value = Misbehaviour.class,
            names = {"BAD_TLS_HANDSHAKE", "CLOSE"})
    void starttls_requiredNeverFallsBackToPlaintext(Misbehaviour misbehaviour) throws Exception {
        properties.setProperty("mail.mx.starttls.required", "true");
        mx4.startTls(CERTIFICATES.serverContext("mx4.v4.test")).onCommand("STARTTLS", misbehaviour);
        failure("a@v4.test");
        assertThat(mx4.received()).isEmpty();
        assertThat(transcript.linesOf("mx4< MAIL")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = Misbehaviour.class,
            names = {"BAD_TLS_HANDSHAKE", "CLOSE"})
    void starttls_withoutFallbackAFailedHandshakeIsNotFollowedByPlaintext(Misbehaviour misbehaviour) throws Exception {
        properties.setProperty("mail.mx.tls.fallback", "false");
        mx4.startTls(CERTIFICATES.serverContext("mx4.v4.test")).onCommand("STARTTLS", misbehaviour);
        failure("a@v4.test");
        assertThat(transcript.linesOf("mx4< MAIL")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "ssl.protocols, TLSv1.2, TLSv1.2",
        "ssl.protocols, 'TLSv1.2 TLSv1.3', TLSv1.3",
        "ssl.ciphersuites, TLS_CHACHA20_POLY1305_SHA256, TLS_CHACHA20_POLY1305_SHA256",
        "ssl.ciphersuites, TLS_AES_128_GCM_SHA256, TLS_AES_128_GCM_SHA256"
    })
    void tls_offeredValuesAreTheConfiguredOnes(String property, String value, String expected) throws Exception {
        properties.setProperty("mail.mx." + property, value);
        mx4.startTls(CERTIFICATES.serverContext("mx4.v4.test")).onCommand("RCPT", "550 no");
        assertThat(failure("a@v4.test").report().domains().get(0).attempts())
                .singleElement()
                .satisfies(attempt -> assertThat(attempt.tls().toString()).contains(expected));
    }

    @ParameterizedTest
    @CsvSource({
        "ssl.protocols, SSLv9, TLSv1.3",
        "ssl.protocols, 'TLSv1.3 tls1.2', TLSv1.2",
        "ssl.ciphersuites, ROT13, TLS_AES_128_GCM_SHA256"
    })
    void tls_valuesThatTheJvmLacksAreNamed(String property, String value, String allowed) throws Exception {
        assertUnreadable("mail.mx." + property, value, allowed);
    }

    @Test
    void starttls_isNotUsedIfDisabled() throws Exception {
        properties.setProperty("mail.mx.starttls.enable", "false");
        mx4.startTls(CERTIFICATES.serverContext("mx4.v4.test"));
        Transport.send(message("a@v4.test"));
        assertThat(transcript.linesOf("mx4< STARTTLS")).isEmpty();
    }

    @Test
    void starttls_theReportHasProtocolAndCertificate() throws Exception {
        mx4.startTls(CERTIFICATES.serverContext("mx4.v4.test")).onCommand("RCPT TO:<bad@", "550 no");
        assertThat(failure("good@v4.test", "bad@v4.test")
                        .report()
                        .domains()
                        .get(0)
                        .attempts()
                        .get(0)
                        .tls()
                        .level())
                .isEqualTo(TlsSummary.Level.OPPORTUNISTIC);
    }
}
