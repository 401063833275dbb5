// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import jakarta.mail.Address;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.event.TransportAdapter;
import jakarta.mail.event.TransportEvent;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postroad.api.DeliveryEvent;
import org.postroad.api.Domain;
import org.postroad.api.DomainReport;
import org.postroad.api.TlsSummary.Level;
import org.postroad.api.Verdict;
import org.postroad.fixtures.DnsFault;
import org.postroad.fixtures.Misbehaviour;
import org.postroad.fixtures.ReceivedMessage;
import org.postroad.fixtures.TestCertificates;
import org.postroad.spi.DeliveryListener;

/** Sending through the queue with plain Jakarta Mail code and real sockets. */
@Timeout(300)
class MxQueueTransportTest extends TransportTesting {

    @TempDir
    Path directory;

    private final BlockingQueue<DeliveryEvent.Concluded> concluded = new LinkedBlockingQueue<>();
    private final BlockingQueue<DeliveryEvent.Bounced> bounced = new LinkedBlockingQueue<>();

    @BeforeEach
    void useTheQueue() {
        properties.setProperty("mail.transport.protocol.rfc822", "mxqueue");
        properties.setProperty("mail.transport.protocol", "mxqueue");
        properties.setProperty("mail.mx.queue.url", "jdbc:sqlite:" + directory.resolve("private/queue.db"));
        properties.put("mail.mx.listener", (DeliveryListener) event -> {
            if (event instanceof DeliveryEvent.Concluded one) {
                concluded.add(one);
            } else if (event instanceof DeliveryEvent.Bounced one) {
                bounced.add(one);
            }
        });
    }

    private DeliveryEvent.Concluded next() throws InterruptedException {
        DeliveryEvent.Concluded next = concluded.poll(60, TimeUnit.SECONDS);
        assertThat(next).as("a delivery that is over").isNotNull();
        return next;
    }

    @Test
    void queue_transportSendReturnsAndTheMailArrives() throws Exception {
        Transport.send(message("a@v4.test", "b@v6.test"));
        assertThat(List.of(next().domain(), next().domain()))
                .containsExactlyInAnyOrder(Domain.parse("v4.test"), Domain.parse("v6.test"));
        assertThat(mx4.received()).hasSize(1);
        assertThat(mx6.received()).hasSize(1);
        assertThat(mx4.received().get(0).text())
                .contains("Subject: Hello\r\n")
                .endsWith("\r\n\r\nOne line\r\n.a line with a dot\r\n");
    }

    @Test
    void queue_anAcceptedMessageCausesAnEventAndNoException() throws Exception {
        BlockingQueue<TransportEvent> events = new LinkedBlockingQueue<>();
        MimeMessage message = message("a@v4.test");
        message.saveChanges();
        try (Transport transport = Session.getInstance(properties).getTransport()) {
            transport.addTransportListener(new TransportAdapter() {
                @Override
                public void messageDelivered(TransportEvent event) {
                    events.add(event);
                }
            });
            transport.connect();
            transport.sendMessage(message, message.getAllRecipients());
            TransportEvent event = events.poll(60, TimeUnit.SECONDS);
            assertThat(event).isNotNull();
            assertThat(event.getValidSentAddresses()).containsExactly(new InternetAddress("a@v4.test"));
        }
    }

    @Test
    void starttls_aFailedHandshakeIsRetriedBeforePlaintextIsUsed() throws Exception {
        properties.setProperty("mail.mx.queue.schedule", "1s");
        mx4.startTls(TestCertificates.create().serverContext("mx4.v4.test"))
                .onCommand("STARTTLS", Misbehaviour.BAD_TLS_HANDSHAKE);
        Transport.send(message("a@v4.test"));
        assertThat(next().report().recipients())
                .allSatisfy(report -> assertThat(report.verdict()).isEqualTo(Verdict.DEFERRED));
        assertThat(mx4.received()).isEmpty();
        assertThat(next().report().recipients())
                .allSatisfy(report -> assertThat(report.verdict()).isEqualTo(Verdict.DELIVERED));
        assertThat(mx4.received())
                .singleElement()
                .satisfies(message -> assertThat(message.encrypted()).isFalse());
    }

    @Test
    void starttls_aDirectFirstAttemptDoesNotUsePlaintextEither() throws Exception {
        properties.setProperty("mail.mx.queue.firstattempt", "sync");
        properties.setProperty("mail.mx.queue.schedule", "1s");
        mx4.startTls(TestCertificates.create().serverContext("mx4.v4.test"))
                .onCommand("STARTTLS", Misbehaviour.BAD_TLS_HANDSHAKE);
        Transport.send(message("a@v4.test"));
        assertThat(next().report().recipients())
                .allSatisfy(report -> assertThat(report.verdict()).isEqualTo(Verdict.DEFERRED));
        assertThat(next().report().recipients())
                .allSatisfy(report -> assertThat(report.verdict()).isEqualTo(Verdict.DELIVERED));
        assertThat(mx4.received()).hasSize(1);
    }

    @Test
    void config_thePostmasterMayBeAnInternetAddress() throws Exception {
        properties.put("mail.mx.queue.postmaster", new InternetAddress("postmaster@v4.test", "The postmaster"));
        try (MailQueue queue = MailQueue.open(Session.getInstance(properties))) {
            assertThat(queue.size()).isZero();
        }
        Transport.send(message("a@v4.test"));
        assertThat(next().report().recipients())
                .allSatisfy(report -> assertThat(report.verdict()).isEqualTo(Verdict.DELIVERED));
    }

    /** Each attempt makes fresh DNS queries (TRY-05), also for TLSA records. */
    @Test
    void dane_mailIsRetriedUntilTheDestinationMatches() throws Exception {
        TestCertificates authority = TestCertificates.create();
        TestCertificates.Server shown = authority.server(Instant.now().plus(Duration.ofHours(1)), "mx4.v4.test");
        TestCertificates.Server other = authority.server(Instant.now().plus(Duration.ofHours(1)), "mx4.v4.test");
        mx4.startTls(shown.context());
        dns.faultForAll(DnsFault.AUTHENTIC);
        publish(other.tlsa());
        properties.setProperty("mail.mx.queue.schedule", "1s");
        Transport.send(message("a@v4.test"));
        assertThat(next().report().recipients()).singleElement().satisfies(report -> {
            assertThat(report.verdict()).isEqualTo(Verdict.DEFERRED);
            assertThat(report.status()).hasToString("4.7.5");
        });
        assertThat(mx4.received()).isEmpty();
        publish(shown.tlsa());
        DomainReport last;
        do {
            last = next().report();
        } while (last.recipients().get(0).verdict() == Verdict.DEFERRED);
        assertThat(last.attempts())
                .singleElement()
                .satisfies(attempt -> assertThat(attempt.tls().level()).isEqualTo(Level.DANE));
        assertThat(mx4.received()).hasSize(1);
    }

    private void publish(String tlsa) {
        dns.zone("""
                v4.test.      MX 10 mx4.v4.test.
                mx4.v4.test.  A 192.0.2.4
                _25._tcp.mx4.v4.test. TLSA\s""" + tlsa + "\n");
    }

    @Test
    void queue_anInvalidAddressIsRefusedImmediatelyAndTheOthersAreStored() throws Exception {
        Address invalid = new InternetAddress("b", false);
        MimeMessage message = message("a@v4.test");
        message.saveChanges();
        MxSendFailedException failure;
        try (Transport transport = Session.getInstance(properties).getTransport()) {
            transport.connect();
            failure = catchThrowableOfType(
                    MxSendFailedException.class,
                    () -> transport.sendMessage(message, new Address[] {invalid, message.getAllRecipients()[0]}));
        }
        assertThat(failure.getInvalidAddresses()).containsExactly(invalid);
        assertThat(failure.getValidSentAddresses()).containsExactly(new InternetAddress("a@v4.test"));
        assertThat(failure.report().recipients())
                .singleElement()
                .satisfies(report -> assertThat(report.verdict()).isEqualTo(Verdict.QUEUED));
        assertThat(next().domain()).hasToString("v4.test");
    }

    @Test
    void queue_itsDirectoryIsAccessibleToItsOwnerOnly() throws Exception {
        Transport.send(message("a@v4.test"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("private"))))
                .isEqualTo("rwx------");
    }

    @Test
    void RETRY_02_theSenderReceivesANotice() throws Exception {
        MimeMessage message = message("a@null.test");
        message.setFrom(new InternetAddress("me@v4.test"));
        message.setSubject("Gr\u00fc\u00dfe", "UTF-8");
        Transport.send(message);
        assertThat(next().domain()).hasToString("null.test");
        assertThat(next().domain()).hasToString("v4.test");
        ReceivedMessage notice = mx4.received().get(0);
        assertThat(notice.sender()).isEqualTo("<>");
        assertThat(notice.text())
                .contains("Auto-Submitted: auto-replied")
                .contains("Status: 5.1.10")
                .contains("In-Reply-To: " + message.getMessageID());
    }

    @Test
    void RETRY_02_theListenerIsNotifiedInsteadIfConfigured() throws Exception {
        properties.setProperty("mail.mx.queue.bounces", "listener");
        properties.setProperty("mail.mx.dsn.envid", "order-4711");
        Transport.send(message("a@null.test"));
        DeliveryEvent.Bounced event = bounced.poll(60, TimeUnit.SECONDS);
        assertThat(event).isNotNull();
        assertThat(event.mail().envelopeId()).contains("order-4711");
        assertThat(event.senderNotified()).isFalse();
        assertThat(event.recipients())
                .singleElement()
                .satisfies(report -> assertThat(report.status()).hasToString("5.1.10"));
    }

    @Test
    void queue_aDirectFirstAttemptQueuesOnlyPendingRecipients() throws Exception {
        properties.setProperty("mail.mx.queue.firstattempt", "sync");
        properties.setProperty("mail.mx.queue.schedule", "1s");
        connector.noAnswer("2001:db8::6");
        MxSendFailedException failure = failure("a@v4.test", "b@v6.test", "c@null.test");
        assertThat(failure.report().recipients())
                .extracting(report -> report.verdict())
                .containsExactly(Verdict.DELIVERED, Verdict.QUEUED, Verdict.FAILED);
        assertThat(failure.getInvalidAddresses()).containsExactly(new InternetAddress("c@null.test"));
        assertThat(mx4.received()).hasSize(1);
    }

    @Test
    void RETRY_01_pendingMailArrivesWhenTheServerIsBack() throws Exception {
        properties.setProperty("mail.mx.queue.schedule", "1s");
        properties.setProperty("mail.mx.queue.poll", "100ms");
        connector.noAnswer("192.0.2.4");
        Transport.send(message("a@v4.test"));
        assertThat(next().report().recipients().get(0).verdict()).isEqualTo(Verdict.DEFERRED);
        connector.map("192.0.2.4", 25, socket(mx4));
        assertThat(next().report().recipients().get(0).verdict()).isEqualTo(Verdict.DELIVERED);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "mail.mx.queue.schedule; 5m,soon; durations such as",
                "mail.mx.queue.schedule; 1ms; shorter than PT1S",
                "mail.mx.queue.lifetime; never; 30d",
                "mail.mx.queue.maxsize; 0; from 1 to",
                "mail.mx.queue.rate; 100; 100/1m",
                "mail.mx.queue.rate; 0/1m; at least 1",
                "mail.mx.queue.indoubt; drop; retry or hold",
                "mail.mx.queue.bounces; all; sender, listener or none",
                "mail.mx.queue.firstattempt; yes; sync or queue",
                "mail.mx.queue.concurrency; 0; from 1 to 1000",
                "mail.mx.queue.destinations; 0; from 1 to 10000",
                "mail.mx.queue.poll; 1ms; at least",
                "mail.mx.queue.lease; 1s; at least",
                "mail.mx.queue.datasource; rmi:mail; begins with java:",
                "mail.mx.queue.datasource; jdbc/mail; java:comp/env/jdbc/mail",
                "mail.mx.queue.datasource; cdi; no CDI bean",
                "mail.mx.queue.url; jdbc:mysql:x; jdbc:sqlite:"
            })
    void queue_anInvalidPropertyIsNamed(String name, String value, String complaint) throws Exception {
        if (name.equals("mail.mx.queue.datasource")) {
            properties.remove("mail.mx.queue.url");
        }
        properties.setProperty(name, value);
        MimeMessage message = message("a@v4.test");
        assertThatThrownBy(() -> Transport.send(message))
                .isInstanceOf(MessagingException.class)
                .hasMessageContaining(name.equals("mail.mx.queue.url") ? "jdbc:mysql:x" : name)
                .hasMessageContaining(complaint);
        assertThat(transcript.lines()).isEmpty();
    }
}
