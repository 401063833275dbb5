// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.MimeMessage;
import java.time.Duration;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postroad.api.DeliveryReport;
import org.postroad.api.RecipientReport;
import org.postroad.api.Verdict;
import org.postroad.fixtures.LoopbackConnector;
import org.postroad.fixtures.Misbehaviour;
import org.postroad.fixtures.TestCertificates;

/** Connections that are reused by the next send, and servers that fail when an extension is used. */
@Timeout(300)
class ConnectionReuseTest extends TransportTesting {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Test
    void reuse_aSecondSendUsesTheConnectionOfTheFirst() throws Exception {
        send(message("a@v4.test"));
        send(message("b@v4.test"));
        assertThat(mx4.received()).hasSize(2);
        assertThat(mx4.connections()).isEqualTo(1);
        assertThat(transcript.linesOf("mx4< EHLO")).hasSize(1);
    }

    @Test
    void reuse_aSessionWithEqualSettingsUsesTheConnectionToo() throws Exception {
        send(message("a@v4.test"));
        Properties same = new Properties();
        same.putAll(properties);
        MimeMessage message = new MimeMessage(Session.getInstance(same));
        message.setFrom("me@client.test");
        message.setText("Hello");
        message.saveChanges();
        try (Transport transport = Session.getInstance(same).getTransport("mx")) {
            transport.connect();
            transport.sendMessage(message, message("b@v4.test").getAllRecipients());
        }
        assertThat(mx4.received()).hasSize(2);
        assertThat(mx4.connections()).isEqualTo(1);
    }

    @Test
    void reuse_aSendWithAnotherConnectorDialsAgain() throws Exception {
        send(message("a@v4.test"));
        properties.put("mail.mx.connector", new LoopbackConnector(transcript).map("192.0.2.4", 25, socket(mx4)));
        send(message("b@v4.test"));
        assertThat(mx4.connections()).isEqualTo(2);
    }

    @Test
    void reuse_aTlsConnectionIsUsedAgain() throws Exception {
        TestCertificates certificates = TestCertificates.create();
        mx4.startTls(certificates.serverContext("mx4.v4.test"));
        send(message("a@v4.test"));
        send(message("b@v4.test"));
        assertThat(mx4.received())
                .hasSize(2)
                .allSatisfy(message -> assertThat(message.encrypted()).isTrue());
        assertThat(mx4.connections()).isEqualTo(1);
    }

    @Test
    void reuse_aConnectionWithoutTlsIsNotUsedForMailThatMayHaveTls() throws Exception {
        mx4.startTls(TestCertificates.create().serverContext("mx4.v4.test"))
                .onCommand("STARTTLS", Misbehaviour.BAD_TLS_HANDSHAKE, 1);
        send(message("a@v4.test"));
        send(message("b@v4.test"));
        assertThat(mx4.received()).extracting(message -> message.encrypted()).containsExactly(false, true);
        assertThat(mx4.connections()).isEqualTo(3);
    }

    @Test
    void reuse_endsAfterTheMaximumOfMessages() throws Exception {
        properties.setProperty("mail.mx.maxmessagesperconnection", "2");
        for (int i = 0; i < 5; i++) {
            send(message("a@v4.test"));
        }
        assertThat(mx4.received()).hasSize(5);
        assertThat(mx4.connections()).isEqualTo(3);
        assertThat(transcript.linesOf("mx4< QUIT")).hasSize(2);
    }

    @Test
    void reuse_closeSendsQuit() throws Exception {
        send(message("a@v4.test"));
        assertThat(mx4.openConnections()).isEqualTo(1);
        Postroad.close();
        transcript.await(line -> line.equals("mx4: closed"), PATIENCE);
        assertThat(transcript.linesOf("mx4< QUIT")).hasSize(1);
    }

    @Test
    void reuse_aConnectionThatTheServerClosedIsNotUsed() throws Exception {
        mx4.onEndOfData(Misbehaviour.REPLY_AND_CLOSE);
        send(message("a@v4.test"));
        transcript.await(line -> line.equals("mx4: closed"), PATIENCE);
        send(message("b@v4.test"));
        assertThat(mx4.received()).hasSize(2);
        assertThat(mx4.connections()).isEqualTo(2);
        assertThat(transcript.linesOf("mx4< MAIL")).hasSize(2);
    }

    @Test
    void reuse_aConnectionWithAnUnsolicitedReplyIsNotUsed() throws Exception {
        mx4.onEndOfData(Misbehaviour.DOUBLE_REPLY);
        send(message("a@v4.test"));
        send(message("b@v4.test"));
        assertThat(mx4.received()).hasSize(2);
        assertThat(mx4.connections()).isEqualTo(2);
    }

    @Test
    void reuse_aConnectionLostBeforeItsFirstReplyIsNotAFailure() throws Exception {
        mx4.onCommand("MAIL", "250 2.1.0 ok", 1).onCommand("MAIL", Misbehaviour.CLOSE, 1);
        assertSecondSendTakesANewConnection();
    }

    @Test
    void reuse_aConnectionClosedWith421IsNotAFailure() throws Exception {
        mx4.onCommand("MAIL", "250 2.1.0 ok", 1).onCommand("MAIL", Misbehaviour.SAY_421_AND_CLOSE, 1);
        assertSecondSendTakesANewConnection();
    }

    private void assertSecondSendTakesANewConnection() throws Exception {
        mx4.keywords("PIPELINING", "CHUNKING");
        properties.setProperty("mail.mx.reportsuccess", "true");
        failure("a@v4.test");
        DeliveryReport report = failure("b@v4.test").report();
        assertThat(report.recipients()).extracting(RecipientReport::verdict).containsExactly(Verdict.DELIVERED);
        assertThat(report.domains().get(0).attempts()).hasSize(1);
        assertThat(mx4.received()).hasSize(2);
        assertThat(mx4.connections()).isEqualTo(2);
    }

    @Test
    void limits_aServerWithOneTransactionPerConnectionGetsMoreConnections() throws Exception {
        mx4.keywords("PIPELINING", "LIMITS MAILMAX=1 RCPTMAX=2");
        send(message("a@v4.test", "b@v4.test", "c@v4.test", "d@v4.test", "e@v4.test"));
        assertThat(mx4.received())
                .extracting(message -> message.recipients().size())
                .containsExactly(2, 2, 1);
        assertThat(mx4.connections()).isEqualTo(3);
        send(message("f@v4.test"));
        assertThat(mx4.connections()).isEqualTo(4);
    }

    @Test
    void chunking_aServerThatRefusesBdatGetsDataFromThenOn() throws Exception {
        mx4.keywords("PIPELINING", "CHUNKING").onCommand("BDAT", "502 5.5.1 not implemented");
        send(message("a@v4.test"));
        assertThat(mx4.connections()).isEqualTo(2);
        send(message("b@v4.test"));
        assertThat(mx4.received()).hasSize(2);
        assertThat(transcript.linesOf("mx4< BDAT")).hasSize(1);
        assertThat(transcript.linesOf("mx4< DATA")).hasSize(2);
    }

    @Test
    void pipelining_aServerThatClosesOnACommandGroupGetsSingleCommandsFromThenOn() throws Exception {
        mx4.keywords("PIPELINING").onCommand("RCPT", Misbehaviour.CLOSE, 1);
        send(message("a@v4.test"));
        assertThat(mx4.received()).hasSize(1);
        assertThat(mx4.connections()).isEqualTo(2);
        int turns = mx4.turns();
        send(message("b@v4.test"));
        // MAIL, RCPT, DATA and the message, one at a time.
        assertThat(mx4.turns() - turns).isEqualTo(4);
    }

    @Test
    void pipelining_aServerThatAlsoClosesOnSingleCommandsIsALostConnection() throws Exception {
        mx4.keywords("PIPELINING").onCommand("RCPT", Misbehaviour.CLOSE, 2);
        assertThat(failure("a@v4.test").report().recipients().get(0).verdict()).isEqualTo(Verdict.DEFERRED);
        assertThat(mx4.connections()).isEqualTo(2);
        int turns = mx4.turns();
        send(message("b@v4.test"));
        assertThat(mx4.turns() - turns).isLessThan(5);
    }

    @Test
    void TRY_05_afterADoubtTheNextMessageIsSentAfterTheRepliesToItsCommands() throws Exception {
        mx4.keywords("PIPELINING", "CHUNKING").onCommand("MAIL", Misbehaviour.CLOSE, 1);
        RecipientReport report = failure("a@v4.test").report().recipients().get(0);
        assertThat(report.verdict()).isEqualTo(Verdict.IN_DOUBT);
        assertThat(mx4.connections()).isEqualTo(1);
        send(message("b@v4.test"));
        assertThat(transcript.linesOf("mx4< DATA")).hasSize(1);
    }
}
