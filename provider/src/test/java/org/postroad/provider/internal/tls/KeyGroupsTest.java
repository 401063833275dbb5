// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.FutureTask;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postroad.api.Host;
import org.postroad.api.TlsSummary;
import org.postroad.fixtures.TestCertificates;
import org.postroad.provider.internal.tls.TlsHandshakes.Groups;

/** {@code ssl.groups}, as far as the JDK supports it. HybridGroupsTest covers the failures of large groups. */
class KeyGroupsTest {

    private static final TestCertificates AUTHORITY = TestCertificates.create();

    @ParameterizedTest
    @CsvSource({
        "X25519MLKEM768 x25519 secp256r1, x25519 secp256r1, true",
        "SecP256r1MLKEM768 *X25519MLKEM768 *x25519, *x25519, true",
        "X25519Kyber768Draft00 x448, x448, true",
        "x25519 secp256r1 x448 ffdhe2048, x25519 secp256r1 x448 ffdhe2048, false",
        "X25519MLKEM768 MLKEM1024, '', false"
    })
    void tls_hybridGroupsAreKnownByTheirNames(String groups, String classical, boolean choice) {
        assertThat(String.join(" ", KeyGroups.classical(List.of(groups.split(" ")))))
                .isEqualTo(classical);
        assertThat(KeyGroups.haveSmallerChoice(List.of(groups.split(" "))))
                .isEqualTo(choice && Runtime.version().feature() >= 20);
    }

    @Test
    @EnabledForJreRange(max = JRE.JAVA_19)
    void tls_theSettingIsRefusedIfGroupsCannotBeChosen() {
        assertThatThrownBy(() -> TlsSettings.group("x25519"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("JDK 20", "jdk.tls.namedGroups");
        assertThat(KeyGroups.of(new SSLParameters())).isEmpty();
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_20)
    void tls_anUnknownGroupIsNamed() {
        assertThatThrownBy(() -> TlsSettings.defaults().withGroups(List.of("x25519", "rot13")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("rot13", "secp256r1");
    }

    /** The JDK would reject duplicates in each handshake. */
    @Test
    @EnabledForJreRange(min = JRE.JAVA_20)
    void tls_aGroupThatIsNamedTwiceIsOfferedOnce() {
        List<String> groups = List.of("x25519", "secp256r1", "x25519");
        assertThat(TlsSettings.defaults().withGroups(groups).groups()).containsExactly("x25519", "secp256r1");
    }

    @ParameterizedTest
    @EnabledForJreRange(min = JRE.JAVA_20)
    @CsvSource({"secp384r1, ALL, true", "secp256r1 secp384r1, CLASSICAL, true", "secp256r1, ALL, false"})
    void tls_onlyTheConfiguredGroupsAreOffered(String offered, Groups groups, boolean agreed) throws Exception {
        TlsHandshakes tls = TlsHandshakes.trusting(
                new TlsSettings(List.of("TLSv1.3"), List.of(), List.of(offered.split(" "))),
                AUTHORITY.trustManagers(),
                InstantSource.system());
        try (SSLServerSocket server = (SSLServerSocket) AUTHORITY
                .serverContext("mx.test")
                .getServerSocketFactory()
                .createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            SSLParameters parameters = server.getSSLParameters();
            KeyGroups.set(parameters, List.of("secp384r1"));
            server.setSSLParameters(parameters);
            FutureTask<Void> serving = new FutureTask<>(() -> {
                try (SSLSocket accepted = (SSLSocket) server.accept()) {
                    accepted.startHandshake();
                }
                return null;
            });
            new Thread(serving, "tls-server").start();
            try (Socket plain = new Socket(server.getInetAddress(), server.getLocalPort());
                    SSLSocket socket = tls.layerVerified(plain, Host.parse("mx.test"), groups)) {
                assertThat(KeyGroups.of(socket.getSSLParameters())).containsExactly(offered.split(" "));
                assertThat(TlsHandshakes.isHelloLarge(socket)).isFalse();
                if (agreed) {
                    socket.startHandshake();
                } else {
                    assertThatThrownBy(socket::startHandshake).isInstanceOf(IOException.class);
                }
            }
        }
    }

    /** The method as proposed for the JDK. */
    public interface GroupReporting {
        String getNegotiatedNamedGroup();
    }

    @Test
    void tls_theGroupIsReportedIfTheJdkProvidesIt() {
        GroupReporting telling = () -> "X25519MLKEM768";
        GroupReporting silent = () -> {
            throw new UnsupportedOperationException();
        };
        assertThat(KeyGroups.negotiated(telling, GroupReporting.class)).contains("X25519MLKEM768");
        assertThat(KeyGroups.negotiated(silent, GroupReporting.class)).isEmpty();
        assertThat(KeyGroups.negotiated(telling, Runnable.class)).isEmpty();
        assertThat(KeyGroups.negotiated((Runnable) () -> {}, Runnable.class)).isEmpty();
        TlsSummary.Handshake handshake = new TlsSummary.Handshake(
                "TLSv1.3",
                "TLS_AES_128_GCM_SHA256",
                KeyGroups.negotiated(telling, GroupReporting.class),
                List.of(),
                "ab".repeat(32));
        assertThat(handshake).hasToString("TLSv1.3 TLS_AES_128_GCM_SHA256 X25519MLKEM768");
    }
}
