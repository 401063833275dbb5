// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import jakarta.mail.Message;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postroad.api.DeliveryEvent;
import org.postroad.api.Family;
import org.postroad.api.TlsSummary.Level;
import org.postroad.fixtures.FakeSmtpServer;
import org.postroad.fixtures.LoopbackConnector;
import org.postroad.fixtures.TestCertificates;
import org.postroad.fixtures.TestCertificates.Server;
import org.postroad.fixtures.Transcript;
import org.postroad.provider.MxSendFailedException;
import org.postroad.provider.Postroad;
import org.postroad.spi.DeliveryListener;
import org.xbill.DNS.Type;

/** DANE with local validation, from a test root to the sent message. The server always sets the AD bit, which must be ignored. */
@Timeout(300)
class DaneValidationTest {

    private static final Server CERTIFIED =
            TestCertificates.create().server(Instant.now().plus(Duration.ofHours(1)), "mx.secure.test");

    @TempDir
    Path directory;

    private final List<Level> levels = new CopyOnWriteArrayList<>();
    private final Properties properties = new Properties();
    private final SignedZone root = SignedZone.signed(".", "");
    private SigningServer dns;
    private FakeSmtpServer mx;

    @BeforeEach
    void start() throws Exception {
        String good = CERTIFIED.tlsa();
        String bad = TestCertificates.create()
                .server(Instant.now(), "mx.secure.test")
                .tlsa();
        dns = SigningServer.start(
                root,
                SignedZone.signed("test.", ""),
                SignedZone.signed("secure.test.", "@ MX 10 mx\nmx A 192.0.2.4\n_25._tcp.mx TLSA " + good),
                SignedZone.signed("wrong.test.", "@ MX 10 mx\nmx A 192.0.2.4\n_25._tcp.mx TLSA " + bad),
                SignedZone.signed(
                        "away.test.",
                        "@ MX 10 mx\nmx CNAME mx.plain.test.\n_25._tcp.mx TLSA " + good
                                + "\nwrong MX 10 mx.wrong\nmx.wrong CNAME mx.plain.test.\n_25._tcp.mx.wrong TLSA "
                                + bad),
                SignedZone.unsigned("plain.test.", "@ MX 10 mx\nmx A 192.0.2.4\n_25._tcp.mx TLSA " + bad));
        Transcript transcript = new Transcript();
        mx = FakeSmtpServer.start("mx", Family.IPV4, transcript).startTls(CERTIFIED.context());
        Path anchors =
                Files.writeString(directory.resolve("anchors"), root.digest().orElseThrow() + "\n");
        properties.setProperty("mail.transport.protocol.rfc822", "mx");
        properties.setProperty("mail.mx.localhost", "client.test");
        properties.setProperty("mail.mx.families", "ipv4");
        properties.setProperty("mail.mx.addresses.allow", "192.0.2.0/24");
        properties.setProperty("mail.mx.ownaddresses", "none");
        properties.setProperty(
                "mail.mx.dns.servers", "127.0.0.1:" + dns.address().getPort());
        properties.setProperty("mail.mx.dns.validate", "true");
        properties.setProperty("mail.mx.dns.trustanchors", anchors.toString());
        properties.put(
                "mail.mx.connector",
                new LoopbackConnector(transcript)
                        .map("192.0.2.4", 25, new InetSocketAddress(mx.address().toInetAddress(), mx.port())));
        properties.put("mail.mx.listener", (DeliveryListener) event -> {
            if (event instanceof DeliveryEvent.Attempted attempted) {
                levels.add(attempted.attempt().tls().level());
            }
        });
    }

    @AfterEach
    void stop() throws Exception {
        Postroad.close();
        mx.close();
        dns.close();
    }

    private MimeMessage message(String recipient) throws Exception {
        MimeMessage message = new MimeMessage(Session.getInstance(properties));
        message.setFrom(new InternetAddress("me@client.test"));
        message.addRecipient(Message.RecipientType.TO, new InternetAddress(recipient));
        message.setText("x\n");
        return message;
    }

    private void assertDeferred(String recipient, String status) throws Exception {
        MimeMessage message = message(recipient);
        MxSendFailedException failure =
                catchThrowableOfType(MxSendFailedException.class, () -> Transport.send(message));
        assertThat(failure.report().recipients().get(0).status()).hasToString(status);
        assertThat(mx.received()).isEmpty();
    }

    @Test
    void dane_aSecureRecordIsUsed() throws Exception {
        Transport.send(message("a@secure.test"));
        assertThat(levels).containsExactly(Level.DANE);
    }

    @Test
    void dane_aCertificateThatDoesNotMatchDefersTheMail() throws Exception {
        assertDeferred("a@wrong.test", "4.7.5");
    }

    @Test
    void dane_aRecordInAnUnsignedZoneDoesNotCount() throws Exception {
        Transport.send(message("a@plain.test"));
        assertThat(levels).containsExactly(Level.OPPORTUNISTIC);
        assertThat(dns.questions()).noneMatch(question -> question.startsWith("TLSA"));
    }

    @Test
    void TLS_06_recordsAtASecureAliasIntoAnUnsignedZoneCountWithValidation() throws Exception {
        Transport.send(message("a@away.test"));
        assertThat(levels).containsExactly(Level.DANE);
        assertThat(dns.questions()).noneMatch(question -> question.startsWith("TLSA _25._tcp.mx.plain"));
    }

    @Test
    void TLS_06_recordsAtASecureAliasDeferAnotherCertificate() throws Exception {
        assertDeferred("a@wrong.away.test", "4.7.5");
    }

    @Test
    void TLS_08_aHostWhoseAliasLacksItsSignatureIsSkipped() throws Exception {
        dns.trick("mx.away.test.", Type.CNAME, Tricks.WITHOUT_SIGNATURES);
        assertDeferred("a@away.test", "4.4.3");
        assertThat(mx.connections()).isZero();
    }

    @Test
    void dane_aHostWhoseRecordLacksItsSignatureIsSkipped() throws Exception {
        dns.trick("_25._tcp.mx.secure.test.", Type.TLSA, Tricks.WITHOUT_SIGNATURES);
        assertDeferred("a@secure.test", "4.4.3");
        assertThat(mx.connections()).isZero();
    }
}
