// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.postroad.api.Attempt;
import org.postroad.api.DeliveryEvent;
import org.postroad.fixtures.MadeCertificate;
import org.postroad.spi.DeliveryListener;

/** Certificates that the JDK rejects before they are checked: the report names the cause, also if the mail is sent in plaintext. */
class RefusedCertificatesTest extends TransportTesting {

    private static final MadeCertificate ROOT = MadeCertificate.root("Root");

    static Stream<Arguments> refused() {
        String[] names = IntStream.range(0, 2000)
                .mapToObj(i -> "host" + i + ".mail.example.test")
                .toArray(String[]::new);
        MadeCertificate large = ROOT.server(names);
        MadeCertificate own = ROOT.server("mx4.v4.test");
        X509Certificate[] long11 = new X509Certificate[11];
        Arrays.fill(long11, ROOT.certificate());
        long11[0] = own.certificate();
        return Stream.of(
                Arguments.of(large.showing(large.certificate()), "jdk.tls.maxHandshakeMessageSize"),
                Arguments.of(own.showing(long11), "jdk.tls.maxCertificateChainLength"));
    }

    private List<Attempt> attempts(SSLContext server) {
        List<Attempt> attempts = new CopyOnWriteArrayList<>();
        properties.put("mail.mx.listener", (DeliveryListener) event -> {
            if (event instanceof DeliveryEvent.Attempted attempted) {
                attempts.add(attempted.attempt());
            }
        });
        mx4.startTls(server);
        return attempts;
    }

    @ParameterizedTest
    @MethodSource("refused")
    void TLS_02_theReportNamesWhatTheJdkRefused(SSLContext server, String property) throws Exception {
        List<Attempt> attempts = attempts(server);
        send(message("a@v4.test"));
        assertThat(attempts).hasSize(2);
        assertThat(attempts.get(0).superseded()).isTrue();
        assertThat(attempts.get(0).outcomes().get(0).outcome().describe()).contains("the JDK refuses", property);
        assertThat(mx4.received()).singleElement().matches(message -> !message.encrypted());
    }

    @ParameterizedTest
    @MethodSource("refused")
    void TLS_04_theReportNamesWhatTheJdkRefusedIfTlsIsRequired(SSLContext server, String property) throws Exception {
        attempts(server);
        properties.setProperty("mail.mx.starttls.required", "true");
        assertThat(failure("a@v4.test")).hasMessageContainingAll("4.7.5", "the JDK refuses", property);
        assertThat(mx4.received()).isEmpty();
    }

    @Test
    void TLS_02_aServerWithNothingInCommonIsNamed() throws Exception {
        MadeCertificate own = ROOT.server("mx4.v4.test");
        properties.setProperty("mail.mx.ssl.protocols", "TLSv1.2");
        properties.setProperty(
                "mail.mx.ssl.ciphersuites", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"); // and its key is not RSA
        properties.setProperty("mail.mx.starttls.required", "true");
        attempts(own.showing(own.certificate()));
        assertThat(failure("a@v4.test")).hasMessageContainingAll("4.7.5", "in common with this JVM");
    }
}
