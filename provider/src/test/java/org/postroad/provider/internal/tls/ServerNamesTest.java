// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.postroad.api.Family;
import org.postroad.api.Host;
import org.postroad.api.TlsFailure;
import org.postroad.api.TlsaRecord;
import org.postroad.fixtures.FakeSmtpServer;
import org.postroad.fixtures.MadeCertificate;
import org.postroad.fixtures.Transcript;
import org.postroad.provider.internal.tls.TlsHandshakes.Groups;

/**
 * The check whether a certificate is for a host (RFC 9525) has the same result for relays, web servers and mail exchangers, with MTA-STS
 * and with DANE.
 */
class ServerNamesTest {

    private static final MadeCertificate AUTHORITY = MadeCertificate.root("Authority");

    private static byte[] names(String... names) {
        return MadeCertificate.alternativeNames(names);
    }

    static Stream<Arguments> certificates() {
        byte[] malformed = MadeCertificate.uri("http://a b/");
        byte[] mx = MadeCertificate.generalName("mx.a.test");
        return Stream.of(
                Arguments.of("the name", "mx.a.test", names("mx.a.test"), true),
                Arguments.of("in capitals", "mx.a.test", names("MX.a.Test"), true),
                Arguments.of("one of several", "mx.a.test", names("b.test", "192.0.2.1", "mx.a.test"), true),
                Arguments.of("another", "mx.a.test", names("mx.b.test"), false),
                Arguments.of("the common name only", "mx.a.test", new byte[0], false),
                Arguments.of("the common name beside others", "mx.a.test", names("mx.b.test"), false),
                Arguments.of("the common name beside an address", "mx.a.test", names("192.0.2.1"), false),
                Arguments.of("with a final dot", "mx.a.test", names("mx.a.test."), false),
                Arguments.of("a star", "mx.a.test", names("*.a.test"), true),
                Arguments.of("a star for two labels", "mx.a.test", names("*.test"), false),
                Arguments.of("a star for a top-level domain", "mx.test", names("*.test"), false),
                Arguments.of("a star for none", "a.test", names("*.a.test"), false),
                Arguments.of("a star in a label", "mx.a.test", names("m*.a.test"), false),
                Arguments.of("a star further on", "mx.a.test", names("mx.*.test"), false),
                Arguments.of("two stars", "mx.a.test", names("*.*.test"), false),
                Arguments.of("a NUL", "mx.a.test", names("mx.a.test\0.b.test"), false),
                Arguments.of(
                        "after a malformed entry", "mx.a.test", MadeCertificate.alternativeNames(malformed, mx), true),
                Arguments.of(
                        "before a malformed entry", "mx.a.test", MadeCertificate.alternativeNames(mx, malformed), true),
                Arguments.of("an address", "192.0.2.1", names("mx.a.test", "192.0.2.1"), true),
                Arguments.of("another address", "192.0.2.1", names("192.0.2.2"), false),
                Arguments.of("an IPv6 address", "2001:db8::1", names("2001:db8:0::1"), true),
                Arguments.of("an address as a name", "192.0.2.1", named("192.0.2.1"), false),
                Arguments.of("a star for an address", "192.0.2.1", named("*.0.2.1"), false),
                Arguments.of("the other family", "192.0.2.1", names("::ffff:192.0.2.1"), false));
    }

    private static byte[] named(String dnsName) {
        byte[] entry = MadeCertificate.uri(dnsName);
        entry[0] = (byte) 0x82;
        return MadeCertificate.alternativeNames(new byte[][] {entry});
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("certificates")
    void TLS_09_hostNamesAreMatchedEquallyByAllChecks(String what, String host, byte[] names, boolean good)
            throws Exception {
        MadeCertificate own = AUTHORITY.issue(host, names);
        Host wanted = Host.parse(host);
        List<X509Certificate> chain = List.of(own.certificate(), AUTHORITY.certificate());
        PeerCheck check = new PeerCheck((X509TrustManager) trust()[0], InstantSource.system());
        assertMatches(check.violation(new PeerAuthentication.Certificate(), wanted, chain), good);
        assertMatches(handshake(own, wanted), good);
        if (wanted.name().isPresent()) {
            PeerAuthentication dane = new PeerAuthentication.Dane(
                    Set.of(record()), Set.of(wanted.name().get()));
            assertMatches(check.violation(dane, wanted, chain), good);
        }
    }

    /** The text must not show the common name as if it counted. */
    @Test
    void TLS_09_aCertificateWithACommonNameOnlyIsNamed() {
        MadeCertificate own = AUTHORITY.issue("mx.a.test");
        assertThat(CertificateNames.violation(Host.parse("mx.a.test"), List.of(own.certificate())))
                .map(TlsFailure::detail)
                .contains("its certificate is without a host name in subjectAltName (its subject [CN=mx.a.test] "
                        + "does not count) and not for mx.a.test");
    }

    private static void assertMatches(Optional<TlsFailure> objection, boolean good) {
        assertThat(objection.map(TlsFailure::type))
                .isEqualTo(good ? Optional.empty() : Optional.of(TlsFailure.Type.CERTIFICATE_HOST_MISMATCH));
    }

    private static TlsaRecord record() throws Exception {
        byte[] digest = MessageDigest.getInstance("SHA-256")
                .digest(AUTHORITY.certificate().getEncoded());
        return new TlsaRecord(2, 0, 1, HexFormat.of().formatHex(digest));
    }

    private static TrustManager[] trust() throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("authority", AUTHORITY.certificate());
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trusted);
        return factory.getTrustManagers();
    }

    /** Connects as to relays and web servers. */
    private static Optional<TlsFailure> handshake(MadeCertificate own, Host host) throws Exception {
        TlsHandshakes tls = TlsHandshakes.trusting(TlsSettings.defaults(), trust(), InstantSource.system());
        SSLContext server = own.showing(own.certificate(), AUTHORITY.certificate());
        try (FakeSmtpServer smtp = FakeSmtpServer.start("mx", Family.IPV4, new Transcript())
                        .implicitTls(server);
                SSLSocket socket = tls.layerVerified(smtp.connect(), host, Groups.ALL)) {
            socket.startHandshake();
            try {
                TlsHandshakes.checkVerified(socket, host);
                return Optional.empty();
            } catch (TlsHandshakes.PeerNotAuthenticatedException e) {
                return Optional.of(e.failure());
            }
        }
    }
}
