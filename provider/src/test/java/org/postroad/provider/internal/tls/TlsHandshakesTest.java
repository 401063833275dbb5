// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postroad.api.Family;
import org.postroad.api.Host;
import org.postroad.api.TlsFailure;
import org.postroad.api.TlsSummary;
import org.postroad.api.TlsSummary.Level;
import org.postroad.fixtures.FakeSmtpServer;
import org.postroad.fixtures.TestCertificates;
import org.postroad.fixtures.Transcript;
import org.postroad.provider.internal.tls.TlsHandshakes.Groups;

/** Handshakes with a real TLS server: what is verified, and that opportunistic TLS accepts any certificate. */
class TlsHandshakesTest {

    private static final TestCertificates AUTHORITY = TestCertificates.create();

    private static TlsSummary shakeHands(SSLContext server, TlsSettings settings, String host, Level level)
            throws IOException {
        TlsHandshakes tls = TlsHandshakes.trusting(settings, AUTHORITY.trustManagers(), InstantSource.system());
        Host named = Host.parse(host);
        boolean verified = level == Level.VERIFIED;
        try (FakeSmtpServer smtp =
                FakeSmtpServer.start("mx", Family.IPV4, new Transcript()).implicitTls(server)) {
            try (SSLSocket socket = verified
                    ? tls.layerVerified(smtp.connect(), named, Groups.ALL)
                    : tls.layerUnverified(smtp.connect(), named, Groups.ALL)) {
                socket.startHandshake();
                TlsHandshakes.Established reached = verified
                        ? TlsHandshakes.checkVerified(socket, named)
                        : tls.check(socket, named, RequiredProtection.unauthenticated(StartTls.OPPORTUNISTIC));
                assertThat(reached.flaw()).isEmpty();
                return reached.tls();
            }
        }
    }

    private static TlsSummary verified(SSLContext server, String host) throws IOException {
        return shakeHands(server, TlsSettings.defaults(), host, Level.VERIFIED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"relay.test", "[192.0.2.1]", "[2001:db8::1]"})
    void RELAY_04_aCertificateThatNamesTheHostIsVerified(String host) throws Exception {
        SSLContext server = AUTHORITY.serverContext("relay.test", "192.0.2.1", "2001:db8::1");
        assertThat(verified(server, host.replace("[", "").replace("]", "")).level())
                .isEqualTo(Level.VERIFIED);
    }

    @Test
    void RELAY_04_anotherNameAndExpiredAndUntrustedCertificatesAreRefused() {
        for (SSLContext server : List.of(
                AUTHORITY.serverContext("other.test"),
                AUTHORITY.expiredServerContext("relay.test"),
                TestCertificates.create().serverContext("relay.test"))) {
            assertThatThrownBy(() -> verified(server, "relay.test")).isInstanceOf(IOException.class);
        }
    }

    @Test
    void tls_opportunisticAcceptsAnyCertificate() throws Exception {
        SSLContext stranger = TestCertificates.create().expiredServerContext("elsewhere.test");
        TlsSummary summary = shakeHands(stranger, TlsSettings.defaults(), "mx.test", Level.OPPORTUNISTIC);
        assertThat(summary.level()).isEqualTo(Level.OPPORTUNISTIC);
        assertThat(summary.toString()).contains("TLSv1.3");
    }

    /** The trust manager checks a certificate only in a full handshake, not in a resumed one. */
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void tls_sessionsAreResumed(String protocol) throws Exception {
        AtomicInteger wholeHandshakes = new AtomicInteger();
        TlsHandshakes tls = TlsHandshakes.trusting(
                new TlsSettings(List.of(protocol), List.of(), List.of()),
                new TrustManager[] {new CountingTrust(wholeHandshakes)},
                InstantSource.system());
        try (FakeSmtpServer smtp = FakeSmtpServer.start("mx", Family.IPV4, new Transcript())
                .implicitTls(AUTHORITY.serverContext("relay.test"))) {
            for (int i = 0; i < 3; i++) {
                try (SSLSocket socket = tls.layerVerified(smtp.connect(), Host.parse("relay.test"), Groups.ALL)) {
                    socket.startHandshake();
                    assertThat(socket.getInputStream().read())
                            .isEqualTo('2'); // reads the greeting; a session ticket arrives before it
                    assertThat(TlsHandshakes.checkVerified(socket, Host.parse("relay.test"))
                                    .tls()
                                    .handshake())
                            .hasValueSatisfying(
                                    handshake -> assertThat(handshake.names()).containsExactly("relay.test"));
                }
            }
        }
        assertThat(wholeHandshakes).hasValue(1);
    }

    private static final class CountingTrust extends X509ExtendedTrustManager {

        private final X509ExtendedTrustManager trust =
                (X509ExtendedTrustManager) AUTHORITY.trustManagers()[0];
        private final AtomicInteger count;

        CountingTrust(AtomicInteger count) {
            this.count = count;
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            count.incrementAndGet();
            trust.checkServerTrusted(chain, type, socket);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            trust.checkServerTrusted(chain, type, engine);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
            trust.checkServerTrusted(chain, type);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
            trust.checkClientTrusted(chain, type);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            trust.checkClientTrusted(chain, type, socket);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            trust.checkClientTrusted(chain, type, engine);
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return trust.getAcceptedIssuers();
        }
    }

    @Test
    void tls_anUnverifiedCertificateFailsUnlessThePolicyIsInTestingMode() throws Exception {
        TlsHandshakes tls =
                TlsHandshakes.trusting(TlsSettings.defaults(), AUTHORITY.trustManagers(), InstantSource.system());
        SSLContext stranger = TestCertificates.create().serverContext("mx.test");
        Host host = Host.parse("mx.test");
        PeerAuthentication certificate = new PeerAuthentication.Certificate();
        RequiredProtection enforced = new RequiredProtection(StartTls.REQUIRED, certificate, Level.MTA_STS);
        assertThat(reached(tls, AUTHORITY.serverContext("mx.test"), host, enforced))
                .satisfies(reached -> {
                    assertThat(reached.flaw()).isEmpty();
                    assertThat(reached.tls().level()).isEqualTo(Level.MTA_STS);
                    assertThat(reached.tls().detail()).isEmpty();
                });
        assertThatThrownBy(() -> reached(tls, stranger, host, enforced))
                .isInstanceOfSatisfying(
                        TlsHandshakes.PeerNotAuthenticatedException.class,
                        unproven -> assertThat(unproven.failure().type())
                                .isEqualTo(TlsFailure.Type.CERTIFICATE_NOT_TRUSTED));
        RequiredProtection tested = new RequiredProtection(
                StartTls.OPPORTUNISTIC, new PeerAuthentication.TestingOnly(false), Level.OPPORTUNISTIC);
        assertThat(reached(tls, stranger, host, tested)).satisfies(reached -> {
            assertThat(reached.flaw()).map(TlsFailure::type).contains(TlsFailure.Type.VALIDATION_FAILURE);
            assertThat(reached.tls().detail()).isEqualTo("MTA-STS testing mode: the policy does not list this host");
        });
    }

    private static TlsHandshakes.Established reached(
            TlsHandshakes tls, SSLContext server, Host host, RequiredProtection protection) throws IOException {
        try (FakeSmtpServer smtp = FakeSmtpServer.start("mx", Family.IPV4, new Transcript())
                        .implicitTls(server);
                SSLSocket socket = tls.layerUnverified(smtp.connect(), host, Groups.ALL)) {
            socket.startHandshake();
            return tls.check(socket, host, protection);
        }
    }

    /** A server with a new key still resumes older sessions: a session that failed its check must not be resumed. */
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void TLS_15_anUnverifiedSessionIsNotResumed(String protocol) throws Exception {
        TlsHandshakes tls = TlsHandshakes.trusting(
                new TlsSettings(List.of(protocol), List.of(), List.of()),
                AUTHORITY.trustManagers(),
                InstantSource.system());
        Host host = Host.parse("mx.test");
        RequiredProtection anything = RequiredProtection.unauthenticated(StartTls.OPPORTUNISTIC);
        RequiredProtection another = new RequiredProtection(
                StartTls.REQUIRED, new PeerAuthentication.Pinned("00".repeat(32)), Level.VERIFIED);
        try (FakeSmtpServer smtp = FakeSmtpServer.start("mx", Family.IPV4, new Transcript())
                .implicitTls(AUTHORITY.serverContext("mx.test"))) {
            long first = createdAt(tls, smtp, host, anything);
            assertThat(createdAt(tls, smtp, host, anything)).as("resumed").isEqualTo(first);
            assertThatThrownBy(() -> createdAt(tls, smtp, host, another))
                    .isInstanceOf(TlsHandshakes.PeerNotAuthenticatedException.class);
            assertThat(createdAt(tls, smtp, host, anything)).as("whole").isNotEqualTo(first);
        }
    }

    /** Returns the time of the full handshake. Waits, so that no two are within the same millisecond. */
    private static long createdAt(TlsHandshakes tls, FakeSmtpServer smtp, Host host, RequiredProtection protection)
            throws IOException {
        long now = System.currentTimeMillis();
        while (System.currentTimeMillis() == now) {
            Thread.onSpinWait();
        }
        try (SSLSocket socket = tls.layerUnverified(smtp.connect(), host, TlsHandshakes.Groups.ALL)) {
            socket.startHandshake();
            assertThat(socket.getInputStream().read())
                    .isEqualTo('2'); // reads the greeting; a session ticket arrives before it
            tls.check(socket, host, protection);
            return socket.getSession().getCreationTime();
        }
    }

    @Test
    void tls_theTrustStoreOfTheJvmRefusesUnknownCertificates() throws Exception {
        TlsHandshakes tls = TlsHandshakes.with(TlsSettings.defaults(), new JvmTrust());
        Host host = Host.parse("mx.test");
        SSLContext stranger = AUTHORITY.serverContext("mx.test");
        assertThatThrownBy(() -> reached(
                        tls,
                        stranger,
                        host,
                        new RequiredProtection(StartTls.REQUIRED, new PeerAuthentication.Certificate(), Level.MTA_STS)))
                .isInstanceOf(TlsHandshakes.PeerNotAuthenticatedException.class);
        try (FakeSmtpServer smtp = FakeSmtpServer.start("mx", Family.IPV4, new Transcript())
                        .implicitTls(stranger);
                SSLSocket socket = tls.layerVerified(smtp.connect(), host, Groups.ALL)) {
            assertThatThrownBy(socket::startHandshake).isInstanceOf(SSLHandshakeException.class);
        }
    }

    @Test
    void tls_aTrustStoreWithoutCertificatesIsRefused() {
        assertThatThrownBy(() ->
                        TlsHandshakes.trusting(TlsSettings.defaults(), new TrustManager[0], InstantSource.system()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("X.509");
    }

    /** RFC 6066 §3: SNI names the host, also one with a single label. */
    @ParameterizedTest
    @CsvSource({"mx.test, mx.test", "relay, relay", "_mx.test, ''", "192.0.2.1, ''"})
    void tls_theServerReceivesTheNameInSni(String host, String told) throws Exception {
        TlsHandshakes tls =
                TlsHandshakes.trusting(TlsSettings.defaults(), AUTHORITY.trustManagers(), InstantSource.system());
        SSLContext context = AUTHORITY.serverContext("mx.test");
        try (SSLServerSocket server = (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            FutureTask<List<String>> serving = new FutureTask<>(() -> {
                try (SSLSocket accepted = (SSLSocket) server.accept()) {
                    accepted.startHandshake();
                    return ((ExtendedSSLSession) accepted.getSession())
                            .getRequestedServerNames().stream()
                                    .map(name -> ((SNIHostName) name).getAsciiName())
                                    .toList();
                }
            });
            new Thread(serving, "tls-server").start();
            try (Socket plain = new Socket(server.getInetAddress(), server.getLocalPort());
                    SSLSocket socket = tls.layerUnverified(plain, Host.parse(host), Groups.ALL)) {
                socket.startHandshake();
                assertThat(serving.get()).isEqualTo(told.isEmpty() ? List.of() : List.of(told));
            }
        }
    }

    @Test
    void tls_aNameUnsuitableForSniDoesNotStopTheHandshake() throws Exception {
        assertThat(shakeHands(
                                AUTHORITY.serverContext("x.test"),
                                TlsSettings.defaults(),
                                "_mx.test",
                                Level.OPPORTUNISTIC)
                        .level())
                .isEqualTo(Level.OPPORTUNISTIC);
    }

    /** The server accepts both protocols and all suites of both, and would choose the newest protocol and the JVM's preferred suite. */
    @ParameterizedTest
    @CsvSource({
        "TLSv1.2, '', TLSv1.2 TLS_",
        "TLSv1.3, '', TLSv1.3 TLS_",
        "TLSv1.2 TLSv1.3, '', TLSv1.3 TLS_",
        "TLSv1.2, TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, TLSv1.2 TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
        "TLSv1.3, TLS_AES_128_GCM_SHA256, TLSv1.3 TLS_AES_128_GCM_SHA256",
        "TLSv1.3, TLS_CHACHA20_POLY1305_SHA256, TLSv1.3 TLS_CHACHA20_POLY1305_SHA256"
    })
    void tls_onlyTheConfiguredProtocolAndSuiteAreOffered(String protocols, String suites, String expected)
            throws Exception {
        TlsSettings settings = new TlsSettings(
                List.of(protocols.split(" ")), suites.isEmpty() ? List.of() : List.of(suites.split(" ")), List.of());
        for (Level level : List.of(Level.VERIFIED, Level.OPPORTUNISTIC)) {
            assertThat(shakeHands(AUTHORITY.serverContext("x.test"), settings, "x.test", level)
                            .toString())
                    .contains(expected);
        }
    }

    /** Nothing else is offered: the handshake with a server that supports only something else fails. */
    @ParameterizedTest
    @CsvSource({
        "TLSv1.2, TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, TLSv1.3, ''",
        "TLSv1.3, TLS_AES_128_GCM_SHA256, TLSv1.2, ''",
        "TLSv1.3, TLS_AES_128_GCM_SHA256, TLSv1.3, TLS_AES_256_GCM_SHA384"
    })
    void tls_unconfiguredProtocolsAndSuitesAreNotOffered(
            String theirs, String theirSuite, String ours, String ourSuites) throws Exception {
        TlsHandshakes tls = TlsHandshakes.trusting(
                new TlsSettings(List.of(ours), ourSuites.isEmpty() ? List.of() : List.of(ourSuites), List.of()),
                AUTHORITY.trustManagers(),
                InstantSource.system());
        SSLContext context = AUTHORITY.serverContext("x.test");
        try (SSLServerSocket server = (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            server.setEnabledProtocols(new String[] {theirs});
            server.setEnabledCipherSuites(new String[] {theirSuite});
            FutureTask<Void> serving = new FutureTask<>(() -> {
                try (SSLSocket accepted = (SSLSocket) server.accept()) {
                    accepted.startHandshake();
                }
                return null;
            });
            new Thread(serving, "tls-server").start();
            try (Socket plain = new Socket(server.getInetAddress(), server.getLocalPort());
                    SSLSocket socket = tls.layerUnverified(plain, Host.parse("x.test"), Groups.ALL)) {
                assertThatThrownBy(socket::startHandshake).isInstanceOf(SSLException.class);
            }
            assertThatThrownBy(serving::get).hasCauseInstanceOf(SSLHandshakeException.class);
        }
    }

    @Test
    void tls_unsupportedValuesAreNamed() {
        assertThatThrownBy(() -> new TlsSettings(List.of("TLSv9"), List.of(), List.of()))
                .hasMessageContaining("TLSv9")
                .hasMessageContaining("TLSv1.3");
        assertThatThrownBy(() -> new TlsSettings(List.of("TLSv1.3"), List.of("ROT13"), List.of()))
                .hasMessageContaining("ROT13")
                .hasMessageContaining("TLS_AES_128_GCM_SHA256");
        assertThatThrownBy(() -> new TlsSettings(List.of(), List.of(), List.of()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(TlsSettings.protocol("TLSv1.2")).isEqualTo("TLSv1.2");
        assertThat(TlsSettings.cipherSuite("TLS_AES_128_GCM_SHA256")).isEqualTo("TLS_AES_128_GCM_SHA256");
    }
}
