// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import jakarta.activation.DataHandler;
import jakarta.activation.DataSource;
import jakarta.mail.Address;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.event.TransportAdapter;
import jakarta.mail.event.TransportEvent;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postroad.api.Deadline;
import org.postroad.api.DnsAnswer;
import org.postroad.api.Family;
import org.postroad.api.HostName;
import org.postroad.api.Mailbox;
import org.postroad.api.RecipientReport;
import org.postroad.api.RecordType;
import org.postroad.api.Verdict;
import org.postroad.fixtures.DnsFault;
import org.postroad.fixtures.FakeSmtpServer;
import org.postroad.fixtures.Misbehaviour;
import org.postroad.fixtures.TestCertificates;
import org.postroad.spi.MailDns;

/** End to end: plain Jakarta Mail code, real DNS messages, real sockets. */
class MxTransportTest extends TransportTesting {

    @Test
    void ORDER_02_transportSendDeliversOverIpv4AndIpv6() throws Exception {
        send(message("a@v4.test", "b@v6.test"));
        assertThat(mx4.received()).hasSize(1);
        assertThat(mx6.received()).hasSize(1);
        assertThat(mx4.received().get(0).text())
                .contains("Subject: Hello\r\n")
                .endsWith("\r\n\r\nOne line\r\n.a line with a dot\r\n");
    }

    @Test
    void ORDER_01_theImplicitMxIsUsed() throws Exception {
        send(message("a@implicit.test"));
        assertThat(mx4.received()).hasSize(1);
    }

    @Test
    void LOOKUP_04_bothFamiliesAreLookedUpConcurrently() throws Exception {
        CountDownLatch both = new CountDownLatch(2);
        properties.put("mail.mx.dns.resolver", new MailDns() {
            @Override
            public <R> DnsAnswer<R> query(HostName name, RecordType<R> type, Deadline deadline)
                    throws InterruptedException {
                if (!type.equals(RecordType.MX)) {
                    both.countDown();
                    if (!both.await(60, TimeUnit.SECONDS)) {
                        return new DnsAnswer.Failed<>(DnsAnswer.Cause.TIMEOUT, "the other question was not asked");
                    }
                }
                return new DnsAnswer.NoData<>(Duration.ZERO, org.postroad.api.Security.UNKNOWN);
            }

            @Override
            public void close() {}
        });
        assertThat(failure("a@v4.test").report().recipients().get(0).status()).hasToString("5.1.2");
    }

    @Test
    void ORDER_04_anUnreachableHostIsFollowedByTheNext() throws Exception {
        connector.noAnswer("2001:db8::6");
        send(message("a@dual.test"));
        assertThat(transcript.linesOf("connect:"))
                .satisfiesExactly(
                        first -> assertThat(first).contains("2001:db8::6"),
                        second -> assertThat(second).contains("192.0.2.4").contains("connected"));
    }

    @ParameterizedTest
    @CsvSource({
        "u@nowhere.test, both, 5.1.2, LOOKUP-03, invalid",
        "u@null.test, both, 5.1.10, LOOKUP-07, invalid",
        "u@hollow.test, both, 5.4.3, END-05, unsent",
        "u@private.test, both, 5.4.3, END-05, unsent",
        "u@v6.test, ipv4, 5.4.4, END-04, unsent",
        "u@v4.test, ipv6, 5.4.4, END-04, unsent"
    })
    void END_eachUnroutableDomainHasItsStatus(
            String recipient, String families, String status, String rule, String array) throws Exception {
        properties.setProperty("mail.mx.families", families);
        MxSendFailedException failure = failure(recipient);
        RecipientReport report =
                failure.report().recipient(Mailbox.parse(recipient)).orElseThrow();
        assertThat(report.status()).hasToString(status);
        assertThat(report.decision().rule()).isEqualTo(rule);
        Address[] holder = array.equals("invalid") ? failure.getInvalidAddresses() : failure.getValidUnsentAddresses();
        assertThat(holder).containsExactly(new InternetAddress(recipient));
        assertThat(mx4.connections() + mx6.connections()).isZero();
    }

    /** As behind address translation, where no interface has the address that DNS lists for this host. */
    @Test
    void ORDER_08_weAreAmongTheMxesByAConfiguredAddress() throws Exception {
        properties.setProperty("mail.mx.ownaddresses", "203.0.113.1, 192.0.2.4");
        RecipientReport report = failure("u@v4.test")
                .report()
                .recipient(Mailbox.parse("u@v4.test"))
                .orElseThrow();
        assertThat(report.status()).hasToString("5.4.6");
        assertThat(report.decision().rule()).isEqualTo("ORDER-08");
        assertThat(mx4.connections()).isZero();
    }

    @Test
    void ORDER_08_invalidOwnAddressesAreNamed() throws Exception {
        assertUnreadable("mail.mx.ownaddresses", "mx.test", "auto");
    }

    @Test
    void END_03_aTemporaryDnsFailureIsNotABounce() throws Exception {
        dns.fault("v4.test", RecordType.MX, DnsFault.SERVFAIL);
        MxSendFailedException failure = failure("u@v4.test");
        assertThat(failure.report().recipients()).singleElement().satisfies(report -> {
            assertThat(report.verdict()).isEqualTo(Verdict.DEFERRED);
            assertThat(report.status()).hasToString("4.4.3");
        });
    }

    @Test
    void ADDR_04_aFailedNat64DiscoveryIsNotABounce() throws Exception {
        properties.setProperty("mail.mx.families", "ipv6");
        dns.fault("ipv4only.arpa", RecordType.AAAA, DnsFault.SERVFAIL);
        assertThat(failure("u@v4.test").report().recipients().get(0).status()).hasToString("4.4.3");
    }

    @Test
    void ADDR_05_aRefusedAddressIsNamedInTheReport() throws Exception {
        MxSendFailedException failure = failure("u@private.test");
        assertThat(failure.report().domains().get(0).refusedAddresses())
                .singleElement()
                .satisfies(refused ->
                        assertThat(refused.toString()).contains("10.0.0.1").contains("private"));
    }

    @Test
    void TRY_01_any2yzIsSuccess() throws Exception {
        mx4.onCommand("RCPT TO", "251 will forward").onEndOfData("299 fine");
        send(message("a@v4.test"));
        assertThat(mx4.received()).hasSize(1);
    }

    @Test
    void TRY_02_aRefusedRecipientDoesNotAffectTheOthers() throws Exception {
        mx4.onCommand("RCPT TO:<bad@", "550 5.1.1 no such user");
        MxSendFailedException failure = failure("bad@v4.test", "good@v4.test", "other@v6.test");
        assertThat(failure.getValidSentAddresses())
                .containsExactly(new InternetAddress("good@v4.test"), new InternetAddress("other@v6.test"));
        assertThat(failure.getInvalidAddresses()).containsExactly(new InternetAddress("bad@v4.test"));
        assertThat(failure.getValidUnsentAddresses()).isEmpty();
        assertThat(failure.getNextException().getMessage()).contains("5.1.1").contains("TRY-02");
        assertThat(mx4.received()).hasSize(1);
    }

    @Test
    void TRY_05_aReplyLostAfterTheEndOfDataIsInDoubtAndNotSentAgain() throws Exception {
        mx6.onEndOfData(Misbehaviour.CLOSE);
        MxSendFailedException failure = failure("a@dual.test");
        assertThat(failure.report().recipients().get(0).verdict()).isEqualTo(Verdict.IN_DOUBT);
        assertThat(failure.getValidUnsentAddresses()).hasSize(1);
        assertThat(mx4.connections()).isZero();
    }

    @Test
    void TRY_04_afterARefusingGreetingTheNextHostIsTried() throws Exception {
        mx6.greeting("554 go away");
        send(message("a@dual.test"));
        assertThat(mx4.received()).hasSize(1);
        transcript.await(line -> line.equals("mx6< QUIT"), Duration.ofSeconds(60));
    }

    @Test
    void TRY_07_a421IsATemporaryFailure() throws Exception {
        mx6.onCommand("RCPT", "421 4.3.2 shutting down");
        send(message("a@dual.test"));
        assertThat(mx4.received()).hasSize(1);
    }

    @Test
    void TRY_08_tooManyRecipientsGoIntoAnotherTransactionOnTheSameConnection() throws Exception {
        mx4.onCommand("RCPT TO:<b@", "452 4.5.3 too many recipients", 1);
        send(message("a@v4.test", "b@v4.test"));
        assertThat(mx4.connections()).isEqualTo(1);
        assertThat(mx4.received()).hasSize(2);
    }

    @Test
    void RELAY_03_onlyTheDomainOfTheOtherFamilyIsSentToTheRelay() throws Exception {
        try (FakeSmtpServer relay = FakeSmtpServer.start("relay", Family.IPV4, transcript)) {
            connector.map("192.0.2.99", 2525, socket(relay));
            properties.setProperty("mail.mx.families", "ipv4");
            properties.setProperty("mail.mx.relay", "smtp://[192.0.2.99]:2525;starttls=never");
            send(message("a@v4.test", "b@v6.test"));
            assertThat(mx4.received()).hasSize(1);
            assertThat(relay.received()).hasSize(1);
        }
    }

    @Test
    void RELAY_05_anUnreachableRelayIs441() throws Exception {
        connector.refuse("192.0.2.99");
        properties.setProperty("mail.mx.families", "ipv4");
        properties.setProperty("mail.mx.relay", "smtp://[192.0.2.99]");
        assertThat(failure("b@v6.test").report().recipients().get(0).status()).hasToString("4.4.1");
    }

    @Test
    void mail_startTlsIsUsedIfOffered() throws Exception {
        mx4.startTls(TestCertificates.create().serverContext("mx4.v4.test"));
        send(message("a@v4.test"));
        assertThat(transcript.linesOf("mx4<")).anyMatch(line -> line.contains("STARTTLS"));
        assertThat(mx4.received()).hasSize(1);
    }

    @Test
    void mail_exactlyOneEventPerSend() throws Exception {
        LinkedBlockingQueue<TransportEvent> events = new LinkedBlockingQueue<>();
        Session session = Session.getInstance(properties);
        try (Transport transport = session.getTransport()) {
            transport.addTransportListener(new TransportAdapter() {
                @Override
                public void messageDelivered(TransportEvent event) {
                    events.add(event);
                }

                @Override
                public void messagePartiallyDelivered(TransportEvent event) {
                    events.add(event);
                }
            });
            transport.connect();
            MimeMessage message = message("a@v4.test");
            message.saveChanges();
            transport.sendMessage(message, message.getAllRecipients());
            assertThat(events.poll(60, TimeUnit.SECONDS).getType()).isEqualTo(TransportEvent.MESSAGE_DELIVERED);
        }
        assertThat(events).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"host.test, 2525, user, secret", ", -1, , "})
    void mail_connectIgnoresItsArguments(String host, int port, String user, String password) throws Exception {
        Transport transport = Session.getInstance(properties).getTransport("mx");
        transport.connect(host, port, user, password);
        assertThat(transport.isConnected()).isTrue();
        transport.close();
        transport.close();
        assertThat(transport.isConnected()).isFalse();
        assertThat(transcript.lines()).isEmpty();
    }

    @Test
    void mail_installWorksWithoutProperties() throws Exception {
        properties.remove("mail.transport.protocol.rfc822");
        Session session = Session.getInstance(properties);
        Postroad.install(session);
        assertThat(session.getTransport(new InternetAddress("a@v4.test"))).isInstanceOf(MxTransport.class);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            mail.mx.families     | ipv5                | auto
            mail.mx.timeout      | soon                | 30s
            mail.mx.timeout      | 0                   | more than 0
            mail.mx.remoteport   | 70000               | 1 to 65535
            mail.mx.relay        | ftp://relay.test    | smtp://
            mail.mx.localhost    | a..b                | host name
            """)
    void mail_anInvalidPropertyIsNamed(String name, String value, String allowed) throws Exception {
        assertUnreadable(name, value, allowed);
    }

    @Test
    void mail_badRecipientsAreInvalidAndTheOthersGetTheMessage() throws Exception {
        MimeMessage message = message("good@v4.test");
        List<Address> addresses = new ArrayList<>(List.of(message.getAllRecipients()));
        for (String bad : List.of(
                "nodomain",
                "a@b..test",
                "x\u010A@v4.test\nRCPT TO:<evil@v4.test>",
                "long@" + "a.".repeat(130) + "test")) {
            InternetAddress address = new InternetAddress();
            address.setAddress(bad);
            addresses.add(address);
        }
        message.saveChanges();
        try (Transport transport = Session.getInstance(properties).getTransport()) {
            transport.connect();
            MxSendFailedException failure = catchThrowableOfType(
                    MxSendFailedException.class,
                    () -> transport.sendMessage(message, addresses.toArray(new Address[0])));
            assertThat(failure.getInvalidAddresses()).hasSize(4);
            assertThat(failure.getValidSentAddresses()).hasSize(1);
        }
        assertThat(transcript.linesOf("mx4<").stream().filter(line -> line.contains("RCPT")))
                .hasSize(1);
    }

    @Test
    void mail_aGroupIsExpanded() throws Exception {
        MimeMessage message = message("all: a@v4.test, b@v4.test;");
        send(message);
        assertThat(transcript.linesOf("mx4<").stream().filter(line -> line.contains("RCPT")))
                .hasSize(2);
    }

    @Test
    void mail_noRecipientsAndNoSenderAreClearErrors() throws Exception {
        try (Transport transport = Session.getInstance(properties).getTransport()) {
            transport.connect();
            MimeMessage message = message("a@v4.test");
            assertThatThrownBy(() -> transport.sendMessage(message, new Address[0]))
                    .isInstanceOf(SendFailedException.class)
                    .hasMessageContaining("no recipients");
            message.removeHeader("From");
            assertThatThrownBy(() -> transport.sendMessage(message, message.getAllRecipients()))
                    .isInstanceOf(SendFailedException.class)
                    .hasMessageContaining("mail.mx.from");
        }
        assertThat(mx4.connections()).isZero();
    }

    @Test
    void mail_aMessageThatFailsWhileItIsWrittenIsNotSent() throws Exception {
        MimeMessage message = message("a@v4.test");
        message.setDataHandler(new DataHandler(new DataSource() {
            @Override
            public InputStream getInputStream() throws IOException {
                throw new IOException("the disk is gone");
            }

            @Override
            public OutputStream getOutputStream() throws IOException {
                throw new IOException("read only");
            }

            @Override
            public String getContentType() {
                return "application/octet-stream";
            }

            @Override
            public String getName() {
                return "x";
            }
        }));
        assertThatThrownBy(() -> send(message)).isInstanceOf(MessagingException.class);
        assertThat(mx4.connections()).isZero();
    }

    @Test
    void mail_noConnectionStaysOpenAfterASendWithIdleTimeoutZero() throws Exception {
        properties.setProperty("mail.mx.idletimeout", "0");
        send(message("a@v4.test"));
        transcript.await(line -> line.equals("mx4: closed"), Duration.ofSeconds(60));
        assertThat(mx4.openConnections()).isZero();
    }
}
