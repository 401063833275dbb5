// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postroad.api.Credentials;
import org.postroad.api.Deadline;
import org.postroad.api.Family;
import org.postroad.api.HostName;
import org.postroad.api.Mailbox;
import org.postroad.api.Outcome;
import org.postroad.api.RecipientOutcome;
import org.postroad.api.Stage;
import org.postroad.api.TlsSummary;
import org.postroad.fixtures.FakeSmtpServer;
import org.postroad.fixtures.Misbehaviour;
import org.postroad.fixtures.TestCertificates;
import org.postroad.fixtures.Transcript;
import org.postroad.provider.GrowingTimeout;
import org.postroad.provider.internal.envelope.Envelope;

/** Tests one session with a scripted server over real sockets. */
class SmtpSessionTest {

    private static final Duration AMPLE = Duration.ofMinutes(5);
    private static final Mailbox A = Mailbox.parse("a@example.test");
    private static final Mailbox B = Mailbox.parse("b@example.test");
    private static final Optional<Mailbox> SENDER = Optional.of(Mailbox.parse("me@client.test"));

    private static final TestCertificates CERTIFICATES = TestCertificates.create();

    private final Transcript transcript = new Transcript();
    private final Watchdog watchdog = new Watchdog();
    private FakeSmtpServer server;

    @BeforeEach
    void start() throws Exception {
        server = FakeSmtpServer.start("mx", Family.IPV4, transcript);
    }

    @AfterEach
    void stop() throws Exception {
        watchdog.close();
        server.close();
    }

    private SmtpSession.Opening open(Deadline deadline) throws IOException {
        return TestSessions.open(
                SecuredSocket.plain(server.connect()),
                SmtpSettings.defaults(HostName.parse("client.test")),
                watchdog,
                DialogueLog.NONE,
                deadline);
    }

    private SmtpSession opened() throws IOException {
        return TestSessions.session(open(Deadline.after(AMPLE)));
    }

    private static List<RecipientOutcome> send(SmtpSession session, String text, Mailbox... recipients) {
        return session.send(
                        Envelope.of(SENDER, List.of(recipients)),
                        ContentChoice.only(TestContent.of(text)),
                        DataGate.OPEN,
                        Deadline.after(AMPLE))
                .outcomes();
    }

    @Test
    void smtp_aMessageArrivesOctetForOctet() throws Exception {
        String text = "Subject: x\r\n\r\n.dot\r\n..\r\nend\r\n";
        try (SmtpSession session = opened()) {
            assertThat(send(session, text, A, B)).allMatch(outcome -> outcome.outcome() instanceof Outcome.Accepted);
            session.quit();
        }
        assertThat(server.received())
                .singleElement()
                .satisfies(message -> assertThat(message.text()).isEqualTo(text));
    }

    @Test
    void TRY_02_eachRecipientHasItsOwnResult() throws Exception {
        server.onCommand("RCPT TO:<a@", "550 5.1.1 no");
        try (SmtpSession session = opened()) {
            List<RecipientOutcome> outcomes = send(session, "x\r\n", A, B);
            assertThat(outcomes.get(0).stage()).isEqualTo(Stage.RCPT);
            assertThat(outcomes.get(1).outcome()).isInstanceOf(Outcome.Accepted.class);
        }
    }

    @Test
    void TRY_02_whenAllAreRefusedThereIsNoData() throws Exception {
        server.onCommand("RCPT", "550 no");
        try (SmtpSession session = opened()) {
            send(session, "x\r\n", A, B);
            server.onCommand("RCPT", "250 yes");
            assertThat(session.isUsable()).isTrue();
        }
        assertThat(transcript.linesOf("mx<")).noneMatch(line -> line.contains("DATA"));
    }

    @Test
    void smtp_aSessionContinuesAfterARefusedTransaction() throws Exception {
        server.onCommand("MAIL", "451 later", 1);
        try (SmtpSession session = opened()) {
            assertThat(send(session, "x\r\n", A).get(0).stage()).isEqualTo(Stage.MAIL);
            assertThat(send(session, "x\r\n", A).get(0).outcome()).isInstanceOf(Outcome.Accepted.class);
        }
        assertThat(transcript.linesOf("mx<")).anyMatch(line -> line.contains("RSET"));
        assertThat(server.connections()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(
            value = Misbehaviour.class,
            names = {"CLOSE", "RESET", "GARBAGE_LINE", "OVERLONG_LINE", "ENDLESS_LINES", "NUL"})
    void smtp_aBrokenGreetingIsABrokenConnection(Misbehaviour misbehaviour) throws Exception {
        server.onConnect(misbehaviour);
        SmtpSession.Opening opening = open(Deadline.after(AMPLE));
        SmtpFailure failure = ((SmtpSession.NotOpened) opening).failure();
        assertThat(failure.stage()).isEqualTo(Stage.GREETING);
        assertThat(failure.outcome()).isInstanceOf(Outcome.BadConnection.class);
    }

    @ParameterizedTest
    @EnumSource(
            value = Misbehaviour.class,
            names = {"STALL", "DRIP"})
    void smtp_neitherSilenceNorASlowDripExceedsTheDeadline(Misbehaviour misbehaviour) throws Exception {
        server.onConnect(misbehaviour);
        SmtpSession.Opening opening = open(Deadline.after(Duration.ofMillis(300)));
        assertThat(((SmtpSession.NotOpened) opening).failure().outcome()).isInstanceOf(Outcome.BadConnection.class);
    }

    @Test
    void TRY_05_aReplyLostAfterTheFinalDotIsInDoubt() throws Exception {
        server.onEndOfData(Misbehaviour.CLOSE);
        try (SmtpSession session = opened()) {
            assertThat(send(session, "x\r\n", A).get(0).outcome()).isInstanceOf(Outcome.InDoubt.class);
            assertThat(session.isUsable()).isFalse();
        }
    }

    /** TRY-05 applies only if the outcome is unknown: a plain acceptance or refusal leaves no doubt, even if malformed. */
    @ParameterizedTest
    @CsvSource({
        "'250 2.0.0 ok\n251 queued', accepted",
        "'550 5.7.1 spam\n554 see the policy', refused",
        "'450 4.7.1 later\n550 or never', refused",
        "'250 2.0.0 queued\0', accepted",
        "'554 5.7.1 no\0', refused",
        "'250 fine\n550 or not', doubt",
        "'250 %5000d', accepted",
        "'550 %5000d', refused",
        "'queued as 4711', doubt"
    })
    void TRY_05_aMalformedReplyIsTheResult(String reply, String verdict) throws Exception {
        server.onEndOfData(reply.formatted(0));
        assertVerdict(verdict, reply.substring(4).split("[\n\0%]")[0]);
    }

    @ParameterizedTest
    @CsvSource({
        "OVERLONG_LINE, doubt, 250 xxx",
        "ENDLESS_LINES, doubt, 250 and another thing",
        "NUL, accepted, 250 nul",
        "EIGHT_BIT, accepted, 250 gr",
        "GARBAGE_LINE, doubt, what is this",
        "CLOSE, doubt, the server closed the connection",
        "RESET, doubt, ''"
    })
    void TRY_05_aMalformedAcceptanceIsAnAcceptance(Misbehaviour misbehaviour, String verdict, String words)
            throws Exception {
        server.onEndOfData(misbehaviour);
        assertVerdict(verdict, words);
    }

    private void assertVerdict(String verdict, String words) throws Exception {
        for (String keywords : List.of("", "CHUNKING", "PIPELINING", "PIPELINING CHUNKING")) {
            server.keywords(keywords.split(" "));
            try (SmtpSession session = opened()) {
                RecipientOutcome outcome = send(session, "x\r\n", A).get(0);
                assertThat(outcome.stage()).isEqualTo(Stage.END_OF_DATA);
                assertThat(outcome.outcome())
                        .isInstanceOf(
                                switch (verdict) {
                                    case "accepted" -> Outcome.Accepted.class;
                                    case "refused" -> Outcome.Refused.class;
                                    default -> Outcome.InDoubt.class;
                                });
                assertThat(outcome.outcome().describe()).contains(words);
            }
        }
    }

    @Test
    void smtp_theTextOfAMalformedReplyIsKept() throws Exception {
        server.greeting("220 mx.test ready\n521 not really");
        assertThat(((SmtpSession.NotOpened) open(Deadline.after(Duration.ofSeconds(30))))
                        .failure()
                        .outcome()
                        .describe())
                .contains("the codes 220 and 521: \"220 mx.test ready / 521 not really\"");
        server.greeting("220 mx.test").onCommand("RCPT", "550 5.1.1 no\n450 or later");
        try (SmtpSession session = opened()) {
            RecipientOutcome outcome = send(session, "x\r\n", A).get(0);
            assertThat(outcome.outcome()).isInstanceOf(Outcome.BadConnection.class);
            assertThat(outcome.outcome().describe()).contains("\"550 5.1.1 no / 450 or later\"");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "PIPELINING", "PIPELINING CHUNKING"})
    void smtp_emptyLinesBetweenRepliesAreIgnored(String keywords) throws Exception {
        server.keywords(keywords.split(" "))
                .onConnect(Misbehaviour.EMPTY_LINES)
                .onCommand("EHLO", Misbehaviour.EMPTY_LINES)
                .onCommand("MAIL", Misbehaviour.EMPTY_LINES)
                .onCommand("RCPT", Misbehaviour.EMPTY_LINES)
                .onCommand("DATA", Misbehaviour.EMPTY_LINES)
                .onEndOfData(Misbehaviour.EMPTY_LINES);
        try (SmtpSession session = opened()) {
            for (int i = 0; i < 3; i++) {
                assertThat(send(session, "x\r\n", A, B))
                        .allSatisfy(outcome -> assertThat(outcome.outcome()).isInstanceOf(Outcome.Accepted.class));
            }
            assertThat(session.isUsable()).isTrue();
        }
    }

    @Test
    void TRY_07_a421ClosesTheSession() throws Exception {
        server.onCommand("RCPT TO:<b@", "421 4.3.2 closing");
        try (SmtpSession session = opened()) {
            List<RecipientOutcome> outcomes = send(session, "x\r\n", A, B);
            assertThat(outcomes)
                    .allSatisfy(outcome -> assertThat(outcome.outcome()
                                    .serverReply()
                                    .orElseThrow()
                                    .code())
                            .isEqualTo(421));
            assertThat(session.isUsable()).isFalse();
        }
    }

    @Test
    void smtp_anUnsolicitedReplyIsNotTheReplyToTheNextCommand() throws Exception {
        server.onCommand("MAIL", Misbehaviour.DOUBLE_REPLY).onCommand("RCPT", "550 5.1.1 no such user");
        try (SmtpSession session = opened()) {
            assertThat(send(session, "x\r\n", A).get(0).outcome()).isInstanceOf(Outcome.BadConnection.class);
            assertThat(session.isUsable()).isFalse();
        }
        assertThat(server.received()).isEmpty();
        assertThat(transcript.linesOf("mx<")).noneMatch(line -> line.contains("DATA"));
    }

    @Test
    void smtp_anAcceptanceBeforeTheEndOfDataIsNotTheResult() throws Exception {
        server.inData("250 2.0.0 too early");
        try (SmtpSession session = opened()) {
            // More than all buffers in between can hold: the early reply arrives before the end is sent.
            assertThat(send(session, "x".repeat(998).concat("\r\n").repeat(50_000), A)
                            .get(0))
                    .satisfies(outcome -> assertThat(outcome.outcome()).isInstanceOf(Outcome.BadConnection.class));
            assertThat(session.isUsable()).isFalse();
        }
        assertThat(server.received()).isEmpty();
    }

    @Test
    void TRY_02_aRefusalBeforeTheEndOfDataIsTheResult() throws Exception {
        server.inData("552 5.3.4 too big");
        try (SmtpSession session = opened()) {
            RecipientOutcome outcome = send(
                            session, "x".repeat(998).concat("\r\n").repeat(50_000), A)
                    .get(0);
            assertThat(outcome.stage()).isEqualTo(Stage.END_OF_DATA);
            assertThat(outcome.outcome().describe()).isEqualTo("552 5.3.4 too big");
            assertThat(session.isUsable()).isFalse();
        }
        assertThat(server.received()).isEmpty();
    }

    @Test
    void smtp_a3yzToOneRecipientDoesNotAffectTheOthers() throws Exception {
        server.onCommand("RCPT TO:<b@", "354 go on");
        try (SmtpSession session = opened()) {
            List<RecipientOutcome> outcomes = send(session, "x\r\n", A, B);
            assertThat(outcomes.get(0).outcome()).isInstanceOf(Outcome.BadConnection.class);
            assertThat(outcomes.get(1).outcome()).isInstanceOf(Outcome.Refused.class);
            assertThat(session.isUsable()).isFalse();
        }
    }

    @Test
    @Timeout(300)
    void smtp_aTlsServerThatReadsNothingDoesNotExceedTheTimeout() throws Exception {
        server.startTls(CERTIFICATES.serverContext("mx.test")).inData(Misbehaviour.STOP_READING);
        String text = "x".repeat(998).concat("\r\n").repeat(50_000);
        GrowingTimeout.of(Duration.ofSeconds(2), time -> {
            try (SmtpSession session = opened()) {
                assertThat(session.startTls(this::secure, Deadline.after(AMPLE)))
                        .isInstanceOf(StartTlsResult.Secured.class);
                TransactionResult result = session.send(
                        Envelope.of(SENDER, List.of(A)),
                        ContentChoice.only(TestContent.of(text)),
                        DataGate.OPEN,
                        Deadline.after(time));
                assertThat(result.outcomes().get(0).outcome().describe()).contains("did not accept our data in time");
                assertThat(session.isUsable()).isFalse();
            }
        });
    }

    @Test
    @Timeout(300)
    void smtp_aSlowDripWithinATlsRecordDoesNotExceedTheDeadline() throws Exception {
        server.startTls(CERTIFICATES.serverContext("mx.test")).onCommand("MAIL", Misbehaviour.DRIP_TLS_RECORD);
        try (SmtpSession session = opened()) {
            session.startTls(this::secure, Deadline.after(AMPLE));
            TransactionResult result = session.send(
                    Envelope.of(SENDER, List.of(A)),
                    ContentChoice.only(TestContent.of("x\r\n")),
                    DataGate.OPEN,
                    Deadline.after(Duration.ofSeconds(1)));
            assertThat(result.outcomes().get(0).outcome().describe()).contains("did not reply in time");
        }
    }

    @Test
    void smtp_anExceptionInTheCheckBeforeDataLeavesNoOpenTransaction() throws Exception {
        try (SmtpSession session = opened()) {
            assertThatThrownBy(() -> session.send(
                            Envelope.of(SENDER, List.of(A)),
                            ContentChoice.only(TestContent.of("x\r\n")),
                            accepted -> {
                                throw new IllegalStateException("broken gate");
                            },
                            Deadline.after(AMPLE)))
                    .hasMessage("broken gate");
            assertThat(session.isUsable()).isFalse();
            assertThat(send(session, "x\r\n", A).get(0).outcome()).isInstanceOf(Outcome.BadConnection.class);
        }
        assertThat(server.received()).isEmpty();
    }

    @Test
    @Timeout(300)
    void smtp_closingTheWatchdogEndsEveryWaitImmediately() throws Exception {
        server.onCommand("MAIL", Misbehaviour.STALL);
        try (SmtpSession session = opened()) {
            FutureTask<String> closing = new FutureTask<>(() -> {
                String line = transcript.await(said -> said.startsWith("mx< MAIL"), AMPLE);
                watchdog.close();
                return line;
            });
            new Thread(closing).start();
            assertThat(send(session, "x\r\n", A).get(0).outcome().describe()).contains("the engine is closed");
            closing.get();
            assertThat(send(session, "x\r\n", A).get(0).outcome()).isInstanceOf(Outcome.BadConnection.class);
        }
    }

    private SecuredSocket secure(Socket plain, Deadline deadline) throws IOException {
        SSLSocket secured = (SSLSocket)
                CERTIFICATES.clientTrusting().getSocketFactory().createSocket(plain, "mx.test", plain.getPort(), true);
        secured.startHandshake();
        return new SecuredSocket(plain, secured, TlsSummary.NONE);
    }

    @Test
    void smtp_aMessageShorterThanAnnouncedIsNotDelivered() throws Exception {
        try (SmtpSession session = opened()) {
            List<RecipientOutcome> outcomes = session.send(
                            Envelope.of(SENDER, List.of(A)),
                            ContentChoice.only(TestContent.of("x\r\n", 100)),
                            DataGate.OPEN,
                            Deadline.after(AMPLE))
                    .outcomes();
            assertThat(outcomes.get(0).outcome()).isInstanceOf(Outcome.BadConnection.class);
        }
        assertThat(server.received()).isEmpty();
    }

    @Test
    void smtp_theCheckBeforeDataCanHoldTheMessageBack() throws Exception {
        try (SmtpSession session = opened()) {
            TransactionResult result = session.send(
                    Envelope.of(SENDER, List.of(A, B)),
                    ContentChoice.only(TestContent.of("x\r\n")),
                    accepted -> false,
                    Deadline.after(AMPLE));
            assertThat(result.withdrawn()).containsExactly(A, B);
            assertThat(send(session, "x\r\n", A).get(0).outcome()).isInstanceOf(Outcome.Accepted.class);
        }
        assertThat(server.received()).hasSize(1);
    }

    @Test
    void RELAY_04_credentialsAreRefusedWithoutVerifiedTls() throws Exception {
        try (SmtpSession session = opened()) {
            Credentials credentials = new Credentials("me", "secret");
            assertThatThrownBy(() -> session.authenticate(credentials, Deadline.after(AMPLE)))
                    .isInstanceOf(IllegalStateException.class);
        }
        assertThat(transcript.linesOf("mx<")).noneMatch(line -> line.contains("AUTH"));
    }
}
