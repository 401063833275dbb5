// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postroad.api.Attempt;
import org.postroad.api.DeliveryEvent;
import org.postroad.api.Family;
import org.postroad.api.RecordType;
import org.postroad.api.TlsSummary.Level;
import org.postroad.fixtures.DnsFault;
import org.postroad.fixtures.FakeDnsServer;
import org.postroad.fixtures.TestCertificates;
import org.postroad.spi.DeliveryListener;

/** TLS-08 end to end: a validating resolver, followed by one whose answers an attacker can forge. */
@Timeout(300)
class UnequalResolversTest extends TransportTesting {

    private static final String HOST = "mx4.v4.test";
    private static final String TLSA = "_25._tcp." + HOST;

    private final List<Attempt> attempts = new CopyOnWriteArrayList<>();
    private FakeDnsServer outside;

    @BeforeEach
    void publish() {
        TestCertificates.Server certified =
                TestCertificates.create().server(Instant.now().plus(Duration.ofHours(1)), HOST);
        mx4.startTls(certified.context());
        String zone = "v4.test. MX 10 mx4.v4.test.\nmx4.v4.test. A 192.0.2.4\n";
        dns.zone(zone + TLSA + ". TLSA " + certified.tlsa() + "\n");
        dns.faultForAll(DnsFault.AUTHENTIC);
        outside = FakeDnsServer.start(zone);
        Assumptions.assumeFalse(outside.transcript().lines().contains("dns: no IPv6 on this machine"));
        properties.setProperty(
                "mail.mx.dns.servers",
                "127.0.0.1:" + dns.address(Family.IPV4).getPort() + " [::1]:"
                        + outside.address(Family.IPV6).getPort());
        properties.setProperty("mail.mx.dns.timeout", "2s");
        properties.put("mail.mx.listener", (DeliveryListener) event -> {
            if (event instanceof DeliveryEvent.Attempted attempted) {
                attempts.add(attempted.attempt());
            }
        });
    }

    @AfterEach
    void closeOutside() {
        outside.close();
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVFAIL", "SERVFAIL_BOGUS", "DROP", "REFUSED", "GARBAGE", "TRUNCATED_TCP_CLOSES"})
    void TLS_08_aServerThatFailsOnTlsaDoesNotSwitchDaneOff(DnsFault fault) throws Exception {
        dns.fault(TLSA, RecordType.TLSA, fault);
        assertDeferred();
    }

    /** Addresses that are not secure would switch DANE off as well. */
    @ParameterizedTest
    @EnumSource(names = {"SERVFAIL_BOGUS", "DROP"})
    void TLS_08_aServerThatFailsOnAddressesDoesNotSwitchDaneOff(DnsFault fault) throws Exception {
        dns.fault(HOST, RecordType.A, fault);
        assertDeferred();
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVFAIL_BOGUS", "DROP"})
    void TLS_08_aServerThatFailsOnMxDoesNotNameTheHost(DnsFault fault) throws Exception {
        dns.fault("v4.test", RecordType.MX, fault);
        assertDeferred();
    }

    @Test
    void TLS_08_theAnswerOfTheValidatorEnablesDane() throws Exception {
        send(message("a@v4.test"));
        assertLevel(Level.DANE);
    }

    /** A forwarder on loopback can set the AD bit as well. */
    @Test
    void TLS_08_aServerOnLoopbackIsNotTrusted() throws Exception {
        properties.remove("mail.mx.dns.trustad");
        try (LogTap log = LogTap.open()) {
            send(message("a@v4.test"));
            assertLevel(Level.OPPORTUNISTIC);
            assertThat(log.problems())
                    .singleElement()
                    .satisfies(line -> assertThat(line).contains("sets the AD bit, which is ignored", "dns.trustad"));
        }
        assertThat(dns.questions(TLSA, RecordType.TLSA)).isZero();
    }

    private void assertDeferred() throws Exception {
        assertThat(failure("a@v4.test").report().recipients().get(0).status()).hasToString("4.4.3");
        assertThat(transcript.linesOf("mx4< MAIL")).isEmpty();
        assertThat(outside.questions()).isZero();
    }

    private void assertLevel(Level level) {
        assertThat(attempts)
                .singleElement()
                .satisfies(attempt -> assertThat(attempt.tls().level()).isEqualTo(level));
    }
}
