// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postroad.api.Family;
import org.postroad.api.Verdict;
import org.postroad.fixtures.FakeSmtpServer;
import org.postroad.fixtures.TestCertificates;
import org.postroad.fixtures.TestCertificates.Server;

/** Checks of a relay before it gets credentials, with a certificate that no public authority signed. */
class RelayTlsTest extends TransportTesting {

    private static final Server CERTIFIED =
            TestCertificates.create().server(Instant.now().minus(Duration.ofHours(1)), "elsewhere.test");

    private FakeSmtpServer relay;

    @BeforeEach
    void startRelay() throws Exception {
        relay = FakeSmtpServer.start("relay", Family.IPV4, transcript)
                .startTls(CERTIFIED.context())
                .keywords("AUTH PLAIN")
                .account("me", "secret");
        connector.map("192.0.2.99", 587, socket(relay));
        properties.setProperty("mail.mx.families", "ipv4");
    }

    @AfterEach
    void stopRelay() throws Exception {
        relay.close();
    }

    private void useRelay(String options) {
        properties.setProperty("mail.mx.relay", "smtp://me:secret@[192.0.2.99]:587" + options);
    }

    private void assertNothingSent() throws Exception {
        assertThat(failure("b@v6.test").report().recipients().get(0)).satisfies(report -> {
            assertThat(report.verdict()).isEqualTo(Verdict.DEFERRED);
            assertThat(report.status()).hasToString("4.7.5");
        });
        assertThat(transcript.linesOf("relay<")).noneMatch(line -> line.contains("AUTH") || line.contains("MAIL"));
        assertThat(relay.received()).isEmpty();
    }

    @Test
    void RELAY_04_credentialsAreNotSentOverAnUnverifiedConnection() throws Exception {
        useRelay("");
        assertNothingSent();
    }

    @Test
    void RELAY_04_credentialsAreNotSentToAServerWithoutThePinnedCertificate() throws Exception {
        useRelay(";fingerprint=" + "ab".repeat(32));
        assertNothingSent();
    }

    @Test
    void RELAY_04_credentialsAreSentToTheServerWithThePinnedCertificate() throws Exception {
        byte[] digest = MessageDigest.getInstance("SHA-256")
                .digest(CERTIFIED.certificate().getEncoded());
        useRelay(";fingerprint=" + HexFormat.of().formatHex(digest));
        send(message("b@v6.test"));
        assertThat(transcript.linesOf("relay<")).anyMatch(line -> line.contains("AUTH"));
        assertThat(relay.received())
                .singleElement()
                .satisfies(message -> assertThat(message.encrypted()).isTrue());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ";fingerprint=abababababababababababababababababababababababababababababababab"})
    void RELAY_04_aConnectionWithImplicitTlsToAnUnverifiedServerIsClosed(String options) throws Exception {
        relay.implicitTls(CERTIFIED.context());
        properties.setProperty("mail.mx.relay", "smtps://me:secret@[192.0.2.99]:587" + options);
        assertNothingSent();
        transcript.await(line -> line.equals("relay: closed"), Duration.ofSeconds(30));
        assertThat(relay.openConnections()).isZero();
    }
}
