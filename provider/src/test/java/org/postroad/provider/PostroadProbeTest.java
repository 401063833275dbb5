// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.mail.Address;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postroad.api.AddressProbe;
import org.postroad.api.Mailbox;
import org.postroad.api.ProbeOptions;
import org.postroad.api.ProbeReport;
import org.postroad.api.ProbeStep;
import org.postroad.api.Stage;
import org.postroad.api.TlsSummary;
import org.postroad.fixtures.Misbehaviour;
import org.postroad.fixtures.TestCertificates;
import org.postroad.spi.DeliveryListener;

/** {@code Postroad.probe} with servers on loopback: what it says, and what the servers get. */
@Timeout(300)
class PostroadProbeTest extends TransportTesting {

    private static final TestCertificates CERTIFICATES = TestCertificates.create();

    private ProbeReport probe(ProbeOptions options, String... recipients) throws MessagingException {
        properties.put("mail.mx.listener", (DeliveryListener) event -> transcript.add("event " + event));
        List<Address> addresses = new ArrayList<>();
        for (String recipient : recipients) {
            addresses.add(new InternetAddress(recipient, false));
        }
        return Postroad.probe(Session.getInstance(properties), options, addresses.toArray(Address[]::new));
    }

    private List<AddressProbe> addresses(ProbeOptions options, String... recipients) throws MessagingException {
        ProbeReport report = probe(options, recipients);
        assertThat(report.domains()).hasSize(1);
        return report.domains().get(0).addresses();
    }

    private static List<Stage> stages(AddressProbe probe) {
        return probe.steps().stream().map(ProbeStep::stage).toList();
    }

    private List<String> commands(String server) {
        return transcript.lines().stream()
                .filter(line -> line.startsWith(server))
                .map(line -> line.replaceFirst("^\\S+ ", ""))
                .toList();
    }

    @AfterEach
    void noServerGotAMessageAndNoListenerWasCalled() {
        assertThat(transcript.lines())
                .noneMatch(line -> line.startsWith("event "))
                .noneMatch(line -> line.contains("DATA") || line.contains("BDAT"));
        assertThat(mx4.received()).isEmpty();
        assertThat(mx6.received()).isEmpty();
    }

    @Test
    void probe_theFirstAddressThatWorksIsEnough() throws Exception {
        mx6.keywords("SIZE 5000", "CHUNKING", "PIPELINING");
        List<AddressProbe> probes = addresses(ProbeOptions.DEFAULT, "a@dual.test");
        assertThat(probes).hasSize(1);
        AddressProbe probe = probes.get(0);
        assertThat(probe.failure()).isEmpty();
        assertThat(probe.contact().remote()).hasToString("mx6.v6.test[2001:db8::6]:25");
        assertThat(stages(probe)).containsExactly(Stage.CONNECT, Stage.GREETING, Stage.EHLO);
        assertThat(probe.extensions()).containsEntry("SIZE", "5000").containsKeys("CHUNKING", "PIPELINING");
        assertThat(probe.tls().level()).isEqualTo(TlsSummary.Level.NONE);
        assertThat(probe.accepted()).isEmpty();
        assertThat(mx4.connections()).isZero();
        assertThat(commands("mx6")).noneMatch(line -> line.contains("MAIL"));
        transcript.await(line -> line.equals("mx6< QUIT"), Duration.ofSeconds(60));
    }

    @Test
    void probe_allAddressesAreTriedIfWanted() throws Exception {
        mx6.onConnect(Misbehaviour.CLOSE);
        List<AddressProbe> probes = addresses(ProbeOptions.DEFAULT.withAllAddresses(), "a@dual.test");
        assertThat(probes).hasSize(2);
        assertThat(probes.get(0).failure()).hasValueSatisfying(failure -> {
            assertThat(failure.stage()).isEqualTo(Stage.GREETING);
            assertThat(failure.status()).hasToString("4.4.2");
        });
        assertThat(probes.get(1).failure()).isEmpty();
        assertThat(stages(probes.get(1))).containsExactly(Stage.CONNECT, Stage.GREETING, Stage.EHLO);
        assertThat(mx4.connections()).isEqualTo(1);
    }

    @Test
    void probe_anAddressThatDoesNotAnswerIsAFailureToConnect() throws Exception {
        mx4.close();
        AddressProbe probe = addresses(ProbeOptions.DEFAULT, "a@v4.test").get(0);
        assertThat(probe.failure()).hasValueSatisfying(failure -> {
            assertThat(failure.stage()).isEqualTo(Stage.CONNECT);
            assertThat(failure.status()).hasToString("4.4.1");
        });
        assertThat(stages(probe)).containsExactly(Stage.CONNECT);
    }

    @Test
    void TLS_01_theHandshakeIsAStepAndItsResultIsReported() throws Exception {
        mx4.startTls(CERTIFICATES.serverContext("mx4.v4.test"));
        AddressProbe probe = addresses(ProbeOptions.DEFAULT, "a@v4.test").get(0);
        assertThat(stages(probe))
                .containsExactly(Stage.CONNECT, Stage.GREETING, Stage.EHLO, Stage.STARTTLS, Stage.STARTTLS, Stage.EHLO);
        assertThat(probe.steps().get(4).text()).startsWith("TLS: ");
        assertThat(probe.tls().level()).isEqualTo(TlsSummary.Level.OPPORTUNISTIC);
        assertThat(probe.tls().handshake())
                .hasValueSatisfying(handshake -> assertThat(handshake.names()).contains("mx4.v4.test"));
    }

    @Test
    void TLS_02_aFailedHandshakeIsFollowedByPlaintextAsInADelivery() throws Exception {
        mx4.startTls(CERTIFICATES.serverContext("mx4.v4.test"))
                .onCommand("STARTTLS", Misbehaviour.BAD_TLS_HANDSHAKE, 1);
        AddressProbe probe = addresses(ProbeOptions.DEFAULT, "a@v4.test").get(0);
        assertThat(probe.failure()).isEmpty();
        assertThat(probe.tls().level()).isEqualTo(TlsSummary.Level.NONE);
        assertThat(stages(probe).stream().filter(Stage.CONNECT::equals)).hasSize(2);
    }

    @Test
    void TLS_04_whereTlsIsRequiredAServerWithoutItFails() throws Exception {
        properties.setProperty("mail.mx.starttls.required", "true");
        AddressProbe probe = addresses(ProbeOptions.DEFAULT, "a@v4.test").get(0);
        assertThat(probe.failure()).hasValueSatisfying(failure -> {
            assertThat(failure.stage()).isEqualTo(Stage.STARTTLS);
            assertThat(failure.status()).hasToString("4.7.4");
        });
    }

    @Test
    void TLS_13_aHostThatTlsRulesOutIsNotContacted() throws Exception {
        properties.setProperty("mail.mx.requiretls", "true");
        AddressProbe probe = addresses(ProbeOptions.DEFAULT, "a@v4.test").get(0);
        assertThat(probe.failure())
                .hasValueSatisfying(failure -> assertThat(failure.status()).hasToString("5.7.30"));
        assertThat(probe.steps()).isEmpty();
        assertThat(mx4.connections()).isZero();
    }

    @Test
    void probe_recipientsAreOfferedIfWantedAndNothingMore() throws Exception {
        properties.setProperty("mail.mx.from", "me@client.test");
        mx4.onCommand("RCPT TO:<b", "550 5.1.1 unknown");
        List<ProbeStep> live = new ArrayList<>();
        List<AddressProbe> probes =
                addresses(ProbeOptions.DEFAULT.withRecipients().withListener(live::add), "a@v4.test", "b@v4.test");
        AddressProbe probe = probes.get(0);
        assertThat(probe.failure()).isEmpty();
        assertThat(probe.accepted()).containsExactly(Mailbox.parse("a@v4.test"));
        assertThat(probe.refused()).singleElement().satisfies(outcome -> {
            assertThat(outcome.recipient()).isEqualTo(Mailbox.parse("b@v4.test"));
            assertThat(outcome.stage()).isEqualTo(Stage.RCPT);
        });
        assertThat(stages(probe))
                .containsExactly(Stage.CONNECT, Stage.GREETING, Stage.EHLO, Stage.MAIL, Stage.RCPT, Stage.RCPT);
        assertThat(live).isEqualTo(probe.steps());
        assertThat(probe.toString()).contains("accepts <a@v4.test>", "refuses <b@v4.test> RCPT TO: 550 5.1.1 unknown");
    }

    @Test
    void probe_aDomainWithoutAHostIsDecidedByItsRoute() throws Exception {
        ProbeReport report = probe(ProbeOptions.DEFAULT, "a@null.test", "b@nowhere.test");
        assertThat(report.domains())
                .allMatch(
                        domain -> domain.addresses().isEmpty() && domain.route().isDecided());
        assertThat(report.toString()).contains("result  <a@null.test> FAILED 5.1.10");
    }

    @Test
    void probe_aHostWithoutANameIsAnError() {
        properties.setProperty("mail.mx.localhost", "..");
        assertThatThrownBy(() -> probe(ProbeOptions.DEFAULT, "a@v4.test"))
                .isInstanceOf(MessagingException.class)
                .hasMessageContaining("mail.mx.localhost");
    }

    @Test
    void probe_theJsonHasTheSteps() throws Exception {
        String json = probe(ProbeOptions.DEFAULT, "a@v4.test").toJson();
        assertThat(json)
                .startsWith("{\"version\":1,\"domains\":[{\"route\":{\"domain\":\"v4.test\"")
                .contains("\"steps\":[{\"stage\":\"CONNECT\",\"tookMillis\":", "\"accepted\":[]");
    }
}
