// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postroad.api.Attempt;
import org.postroad.api.DeliveryReport;
import org.postroad.api.RecipientReport;
import org.postroad.api.Verdict;
import org.postroad.fixtures.Misbehaviour;

/** Servers that refuse or close a session after some messages: that is no result for the next message (TRY-09, TRY-11). */
@Timeout(60)
class SessionLimitsTest extends TransportTesting {

    @BeforeEach
    void report() {
        properties.setProperty("mail.mx.reportsuccess", "true");
        properties.setProperty("mail.mx.maxmessagesperconnection", "100");
    }

    private DeliveryReport sent(String... recipients) throws Exception {
        return failure(recipients).report();
    }

    private List<Verdict> verdicts(DeliveryReport report) {
        return report.recipients().stream().map(RecipientReport::verdict).toList();
    }

    private void assertDelivered(String... recipients) throws Exception {
        DeliveryReport report = sent(recipients);
        assertThat(verdicts(report)).as(report.toString()).containsOnly(Verdict.DELIVERED);
    }

    private void useExtensions(String keywords) {
        mx4.keywords(keywords.split(","));
    }

    /** Stalwart's default is 452 4.4.5 after ten messages, with the connection left open. */
    @ParameterizedTest
    @CsvSource({
        "HELP, MAIL, 452 4.4.5 too many messages",
        "HELP, DATA, 452 4.4.5 too many messages",
        "PIPELINING, MAIL, 452 4.4.5 too many messages",
        "PIPELINING, DATA, 452 4.4.5 too many messages",
        "'PIPELINING,CHUNKING', MAIL, 452 4.4.5 too many messages",
        "'PIPELINING,CHUNKING', BDAT, 452 4.4.5 too many messages",
        "CHUNKING, BDAT, 554 5.5.0 too many messages",
        "PIPELINING, MAIL, 503 5.5.1 no more",
        "HELP, MAIL, 554 5.7.0 no more",
        "HELP, DATA, 451 4.3.0 no more",
        "HELP, MAIL, 421 4.4.5 too many messages",
    })
    void TRY_09_aRefusalAfterSomeMessagesCostsOneConnectionAndTheNumberIsRemembered(
            String keywords, String command, String refusal) throws Exception {
        useExtensions(keywords);
        mx4.onCommandAfter(3, command, refusal);
        for (int i = 0; i < 9; i++) {
            assertDelivered("a@v4.test");
        }
        assertThat(mx4.received()).hasSize(9);
        assertThat(mx4.connections()).isEqualTo(3);
        assertThat(transcript.linesOf("mx4> " + refusal)).hasSize(1);
    }

    @Test
    void TRY_09_theReplyOnTheNewConnectionIsTheResult() throws Exception {
        assertDelivered("a@v4.test");
        mx4.onCommand("MAIL", "550 5.7.1 not from you");
        RecipientReport report = sent("b@v4.test").recipients().get(0);
        assertThat(report.verdict()).isEqualTo(Verdict.FAILED);
        assertThat(report.status()).hasToString("5.7.1");
        assertThat(mx4.connections()).isEqualTo(2);
    }

    @Test
    void TRY_09_aRefusalRepeatedOnTheNewConnectionIsNotRemembered() throws Exception {
        assertDelivered("a@v4.test");
        mx4.onCommand("MAIL", "550 5.7.1 not from you", 2);
        sent("b@v4.test");
        int connections = mx4.connections();
        for (int i = 0; i < 4; i++) {
            assertDelivered("c@v4.test");
        }
        assertThat(mx4.connections()).isEqualTo(connections);
    }

    @Test
    void TRY_09_theReportShowsBothReplies() throws Exception {
        mx4.onCommandAfter(1, "MAIL", "452 4.4.5 too many messages");
        assertDelivered("a@v4.test");
        DeliveryReport report = sent("a@v4.test");
        assertThat(report.domains().get(0).attempts())
                .extracting(Attempt::superseded)
                .containsExactly(true, false);
        assertThat(report.toString())
                .contains("tried once more at the same address")
                .contains("452 4.4.5 too many messages");
    }

    @Test
    void TRY_09_aServerUnreachableAfterItsRefusalIsATemporaryFailure() throws Exception {
        assertDelivered("a@v4.test");
        mx4.onCommand("MAIL", "554 5.5.0 no more");
        connector.refuse("192.0.2.4");
        RecipientReport report = sent("b@v4.test").recipients().get(0);
        assertThat(report.verdict()).isEqualTo(Verdict.DEFERRED);
        assertThat(report.status()).hasToString("4.4.1");
    }

    @Test
    void TRY_02_aRefusedMessageIsNotOfferedAgain() throws Exception {
        assertDelivered("a@v4.test");
        mx4.onEndOfData("554 5.6.0 no such content");
        assertThat(verdicts(sent("b@v4.test"))).containsExactly(Verdict.FAILED);
        assertThat(mx4.connections()).isEqualTo(1);
    }

    @Test
    void TRY_02_aRefusedRecipientIsNotOfferedAgain() throws Exception {
        assertDelivered("a@v4.test");
        mx4.onCommand("RCPT", "550 5.1.1 no such user");
        assertThat(verdicts(sent("b@v4.test"))).containsExactly(Verdict.FAILED);
        assertThat(mx4.connections()).isEqualTo(1);
    }

    @Test
    void TRY_09_onlyRecipientsWithoutAReplyAreSentOnTheNewConnection() throws Exception {
        useExtensions("PIPELINING");
        mx4.onCommand("RCPT TO:<bad@", "550 5.1.1 no such user")
                .onCommandAfter(1, "DATA", "452 4.4.5 too many messages");
        assertDelivered("a@v4.test");
        assertThat(verdicts(sent("b@v4.test", "bad@v4.test", "c@v4.test")))
                .containsExactly(Verdict.DELIVERED, Verdict.FAILED, Verdict.DELIVERED);
        assertThat(transcript.linesOf("mx4< RCPT TO:<bad@")).hasSize(1);
    }

    /** The message before was refused, so that RSET comes first. */
    @ParameterizedTest
    @ValueSource(strings = {"500 5.5.1 unknown", "421 4.3.2 bye", "502 5.5.1 never"})
    void TRY_09_aRefusedResetCostsOneConnection(String refusal) throws Exception {
        mx4.onCommand("RCPT TO:<bad@", "550 5.1.1 no such user").onCommand("RSET", refusal);
        sent("bad@v4.test");
        assertDelivered("a@v4.test");
        assertThat(mx4.connections()).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource(
            value = Misbehaviour.class,
            names = {"CLOSE", "RESET", "REPLY_AND_CLOSE", "SAY_421_AND_CLOSE", "GARBAGE_LINE", "DOUBLE_REPLY"})
    void TRY_09_aLossAtResetCostsOneConnection(Misbehaviour misbehaviour) throws Exception {
        mx4.onCommand("RCPT TO:<bad@", "550 5.1.1 no such user").onCommand("RSET", misbehaviour);
        sent("bad@v4.test");
        assertDelivered("a@v4.test");
        assertThat(mx4.connections()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({
        "HELP, MAIL, CLOSE",
        "HELP, MAIL, GARBAGE_LINE",
        "HELP, RCPT, CLOSE",
        "HELP, RCPT, RESET",
        "HELP, RCPT, SAY_421_AND_CLOSE",
        "HELP, DATA, CLOSE",
        "HELP, DATA, SAY_421_AND_CLOSE",
        "PIPELINING, RCPT, CLOSE",
        "PIPELINING, RCPT, SAY_421_AND_CLOSE",
        "PIPELINING, DATA, SAY_421_AND_CLOSE",
        "CHUNKING, BDAT, SAY_421_AND_CLOSE",
        "'PIPELINING,CHUNKING', RCPT, SAY_421_AND_CLOSE",
    })
    void TRY_09_aLossBeforeTheMessageWasSentCostsOneConnection(
            String keywords, String command, Misbehaviour misbehaviour) throws Exception {
        useExtensions(keywords);
        mx4.onCommandAfter(1, command, misbehaviour);
        assertDelivered("a@v4.test");
        assertDelivered("b@v4.test");
        assertThat(mx4.received()).hasSize(2);
        assertThat(mx4.connections()).isEqualTo(2);
    }

    @Test
    void TRY_05_aLossAfterTheEndOfDataIsStillInDoubt() throws Exception {
        assertDelivered("a@v4.test");
        mx4.onEndOfData(Misbehaviour.CLOSE);
        assertThat(verdicts(sent("b@v4.test"))).containsExactly(Verdict.IN_DOUBT);
        assertThat(mx4.connections()).isEqualTo(1);
    }

    private static String[] recipients(int count) {
        return IntStream.range(0, count).mapToObj(i -> "r" + i + "@v4.test").toArray(String[]::new);
    }

    @ParameterizedTest
    @ValueSource(strings = {"CLOSE", "SAY_421_AND_CLOSE", "RESET"})
    void TRY_11_remainingRecipientsAreSentOnANewConnectionIfTheServerEndsTheSession(String misbehaviour)
            throws Exception {
        properties.setProperty("mail.mx.maxrecipients", "3");
        mx4.onCommandAfter(1, "", Misbehaviour.valueOf(misbehaviour));
        assertDelivered(recipients(8));
        assertThat(mx4.received())
                .extracting(message -> message.recipients().size())
                .containsExactly(3, 3, 2);
        assertThat(mx4.connections()).isEqualTo(3);
    }

    @Test
    void TRY_11_aServerThatClosesAfterEachMessageGetsNewConnections() throws Exception {
        properties.setProperty("mail.mx.maxrecipients", "3");
        mx4.onEndOfData(Misbehaviour.REPLY_AND_CLOSE);
        assertDelivered(recipients(8));
        assertThat(mx4.connections()).isEqualTo(3);
    }

    @Test
    void TRY_11_aServerThatClosesAfterTooManyRecipientsGetsANewConnection() throws Exception {
        mx4.onCommand("RCPT TO:<r0@", "250 2.1.5 ok")
                .onCommand("RCPT TO:<r1@", "452 4.5.3 too many recipients", 1)
                .onCommandAfter(1, "MAIL", "421 4.7.0 too many messages in this connection");
        assertDelivered(recipients(2));
        assertThat(mx4.connections()).isEqualTo(2);
    }

    @Test
    void TRY_11_transactionsOfOneSendCountForMaxMessagesPerConnection() throws Exception {
        properties.setProperty("mail.mx.maxrecipients", "1");
        properties.setProperty("mail.mx.maxmessagesperconnection", "2");
        assertDelivered(recipients(5));
        assertThat(mx4.connections()).isEqualTo(3);
        assertThat(transcript.linesOf("mx4< QUIT")).hasSize(2);
    }

    @Test
    void TRY_03_aHostThatLosesEveryNewConnectionIsNotDialledForEachTransaction() throws Exception {
        properties.setProperty("mail.mx.maxrecipients", "1");
        mx4.onCommand("MAIL", Misbehaviour.CLOSE);
        assertThat(verdicts(sent(recipients(9)))).containsOnly(Verdict.DEFERRED);
        assertThat(mx4.connections()).isEqualTo(1);
    }

    @Test
    void TRY_05_aReplyLaterThanFinalTimeoutIsInDoubt() throws Exception {
        properties.setProperty("mail.mx.finaltimeout", "10ms");
        mx4.onEndOfData(Misbehaviour.STALL);
        assertThat(verdicts(sent("a@v4.test"))).containsExactly(Verdict.IN_DOUBT);
    }

    @Test
    void limits_theDefaultIsTenMessagesOnAConnection() throws Exception {
        properties.remove("mail.mx.maxmessagesperconnection");
        for (int i = 0; i < 11; i++) {
            assertDelivered("a@v4.test");
        }
        assertThat(mx4.connections()).isEqualTo(2);
    }
}
