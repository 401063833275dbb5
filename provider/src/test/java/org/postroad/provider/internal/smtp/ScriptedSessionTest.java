// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postroad.api.Credentials;
import org.postroad.api.Deadline;
import org.postroad.api.HostName;
import org.postroad.api.Mailbox;
import org.postroad.api.Outcome;
import org.postroad.api.RecipientOutcome;
import org.postroad.api.Stage;
import org.postroad.api.TlsSummary;
import org.postroad.provider.internal.envelope.Envelope;

/** Sessions with a scripted server in memory: what is written at which time, what is logged, and how a session ends. */
@Timeout(300)
class ScriptedSessionTest {

    private static final Deadline LATER = Deadline.after(Duration.ofMinutes(5));
    private static final Duration SHORT = Duration.ofMillis(10);
    private static final SmtpSettings SETTINGS = SmtpSettings.defaults(HostName.parse("client.test"));
    private static final TlsSummary VERIFIED = new TlsSummary(TlsSummary.Level.VERIFIED, "as if");
    private static final String QUIT = "QUIT\r\n";
    private static final String TEXT = "Subject: x\r\n\r\nx\r\n";

    private final Watchdog watchdog = new Watchdog();
    private final RecordingLog log = new RecordingLog();

    @AfterEach
    void stop() {
        watchdog.close();
    }

    /** Returns a server that accepts one session. */
    private static ScriptedSocket server(String keywords, String... answers) {
        String extensions = Stream.of(keywords.split(","))
                .filter(keyword -> !keyword.isEmpty())
                .map(keyword -> "250-" + keyword + "\n")
                .collect(Collectors.joining());
        ScriptedSocket socket = new ScriptedSocket("220 mx.test", "250-mx.test\n" + extensions + "250 HELP");
        socket.answers(answers);
        return socket;
    }

    private SmtpSession.Opening open(SecuredSocket socket, SmtpSettings settings, Watchdog of) {
        return TestSessions.open(socket, settings, of, log, LATER);
    }

    private SmtpSession opened(SecuredSocket socket, SmtpSettings settings, Watchdog of) {
        return TestSessions.session(open(socket, settings, of));
    }

    private SmtpSession opened(ScriptedSocket socket) {
        return opened(SecuredSocket.plain(socket), SETTINGS, watchdog);
    }

    private static Envelope envelope() {
        return Envelope.of(Optional.of(Mailbox.parse("me@client.test")), List.of(Mailbox.parse("a@example.test")));
    }

    private static RecipientOutcome send(SmtpSession session, MessageContent content) {
        List<RecipientOutcome> outcomes = session.send(envelope(), ContentChoice.only(content), DataGate.OPEN, LATER)
                .outcomes();
        assertThat(outcomes).hasSize(1);
        return outcomes.get(0);
    }

    private static RecipientOutcome send(SmtpSession session) {
        return send(session, TestContent.of(TEXT));
    }

    @Test
    void debug_allCommandsAndRepliesAppearAndTheContentDoesNot() {
        ScriptedSocket socket = server("", "250 sender", "250 recipient", "354 go on", "250 queued");
        SmtpSession session = opened(socket);
        send(session);
        session.quit();
        assertThat(log.lines())
                .containsExactly(
                        "< 220 mx.test",
                        "> EHLO client.test",
                        "< 250 mx.test / HELP",
                        "> MAIL FROM:<me@client.test>",
                        "< 250 sender",
                        "> RCPT TO:<a@example.test>",
                        "< 250 recipient",
                        "> DATA",
                        "< 354 go on",
                        "> (message of 17 octets)",
                        "< 250 queued",
                        "> QUIT");
        assertThat(log.lines()).noneMatch(line -> line.contains("Subject"));
    }

    @Test
    void debug_aMessageSentInChunksAppearsToo() {
        SmtpSession session = opened(server("PIPELINING,CHUNKING", "250 sender\n250 recipient\n250 queued"));
        send(session);
        assertThat(log.lines())
                .endsWith(
                        "> MAIL FROM:<me@client.test>",
                        "> RCPT TO:<a@example.test>",
                        "> BDAT 17 LAST",
                        "> (message of 17 octets)",
                        "< 250 sender",
                        "< 250 recipient",
                        "< 250 queued");
    }

    @Test
    void debug_theTlsOfAConnectionThatBeginsWithTlsAppears() {
        ScriptedSocket socket = server("");
        TlsSummary.Handshake handshake = new TlsSummary.Handshake(
                "TLSv1.3", "TLS_AES_128_GCM_SHA256", Optional.empty(), List.of("mx.test", "192.0.2.1"), "ab");
        TlsSummary tls = new TlsSummary(TlsSummary.Level.VERIFIED, Optional.of(handshake), "");
        opened(new SecuredSocket(socket, socket, tls), SETTINGS, watchdog);
        assertThat(log.lines())
                .startsWith(
                        "- TLS: verified TLSv1.3 TLS_AES_128_GCM_SHA256, certificate of mx.test, 192.0.2.1",
                        "< 220 mx.test");
    }

    @Test
    void debug_aLostConnectionAppears() {
        ScriptedSocket socket = server("", ScriptedSocket.CLOSE);
        send(opened(socket));
        assertThat(socket.isClosed()).isTrue();
        assertThat(log.lines()).endsWith("> (the connection is lost: the server closed the connection)");
    }

    @Test
    void debug_aMessageThatMayNotBeSentAnyMoreAppears() {
        SmtpSession session = opened(server("", "250 sender", "250 recipient", "354 go on"));
        Fence fence = new Fence(() -> Optional.of("taken over"));
        session.send(
                envelope(),
                ContentChoice.only(TestContent.of(TEXT)),
                new ContentConditions(DataGate.OPEN, fence),
                LATER);
        assertThat(log.lines()).endsWith("> (the connection is closed: taken over)");
    }

    /** TLS-03: what came before the handshake does not count. */
    @Test
    void starttls_theSessionBeginsAgainOverTls() {
        ScriptedSocket plain = server("STARTTLS,CHUNKING", "220 go ahead");
        ScriptedSocket tls = new ScriptedSocket(
                ScriptedSocket.NOTHING, "250-mx.test\n250 DSN", "250 s", "250 r", "354 go", "250 ok");
        SmtpSession session = opened(plain);
        StartTlsResult result = session.startTls(
                (connection, deadline) -> {
                    assertThat(connection).isSameAs(plain);
                    return new SecuredSocket(connection, tls, VERIFIED);
                },
                LATER);
        assertThat(result).isInstanceOf(StartTlsResult.Secured.class);
        assertThat(session.tls()).isEqualTo(VERIFIED);
        assertThat(session.extensions().keywords()).containsOnlyKeys("DSN");
        assertThat(send(session).outcome()).isInstanceOf(Outcome.Accepted.class);
        assertThat(plain.written()).endsWith("STARTTLS\r\n");
        assertThat(log.lines()).containsSubsequence("> STARTTLS", "- TLS: verified (as if)", "> EHLO client.test");
    }

    @Test
    void starttls_aConnectionLostBeforeTheHandshakeIsLost() {
        SmtpSession session = opened(server("STARTTLS", ScriptedSocket.CLOSE));
        StartTlsResult result = session.startTls(
                (connection, deadline) -> {
                    throw new AssertionError("no handshake");
                },
                LATER);
        assertThat(result)
                .isEqualTo(new StartTlsResult.Lost(new SmtpFailure(
                        Stage.STARTTLS, new Outcome.BadConnection("the server closed the connection"))));
        assertThat(session.isUsable()).isFalse();
    }

    @Test
    void starttls_aRefusalLeavesTheSessionInPlaintext() {
        SmtpSession session = opened(server("STARTTLS", "454 not now", "250 s", "250 r", "354 go", "250 ok"));
        StartTlsResult result = session.startTls(
                (connection, deadline) -> {
                    throw new AssertionError("no handshake");
                },
                LATER);
        assertThat(result).isInstanceOf(StartTlsResult.Refused.class);
        assertThat(session.tls()).isEqualTo(TlsSummary.NONE);
        assertThat(send(session).outcome()).isInstanceOf(Outcome.Accepted.class);
    }

    @Test
    void starttls_aFailedHandshakeClosesTheConnectionAndAppears() {
        ScriptedSocket socket = server("STARTTLS", "220 go ahead");
        SmtpSession session = opened(socket);
        StartTlsResult result = session.startTls(
                (plain, deadline) -> {
                    throw new IOException("no cipher in common");
                },
                LATER);
        assertThat(result)
                .isEqualTo(new StartTlsResult.Lost(
                        new SmtpFailure(Stage.STARTTLS, new Outcome.BadConnection("no cipher in common"))));
        assertThat(session.isUsable()).isFalse();
        assertThat(socket.isClosed()).isTrue();
        assertThat(log.lines()).endsWith("- no cipher in common");
    }

    /** RFC 5321 §3.1: after a greeting that refuses the session, the client sends QUIT. */
    @Test
    void quit_followsAGreetingThatRefuses() {
        ScriptedSocket socket = new ScriptedSocket("554 no service");
        assertThat(open(SecuredSocket.plain(socket), SETTINGS, watchdog)).isInstanceOf(SmtpSession.NotOpened.class);
        assertThat(socket.written()).containsExactly(QUIT);
        assertThat(socket.isClosed()).isTrue();
    }

    @Test
    void quit_isSentOnceAndClosesTheConnection() {
        ScriptedSocket socket = server("");
        SmtpSession session = opened(socket);
        session.quit();
        session.quit();
        assertThat(socket.written()).endsWith(QUIT).containsOnlyOnce(QUIT);
        assertThat(socket.isClosed()).isTrue();
        assertThat(session.isUsable()).isFalse();
        assertThat(send(session).outcome()).isEqualTo(new Outcome.BadConnection("the connection is closed"));
        assertThat(session.transactions()).isZero();
    }

    @Test
    void quit_closesTlsAndTheConnectionBelow() {
        ScriptedSocket below = new ScriptedSocket(ScriptedSocket.NOTHING);
        ScriptedSocket tls = server("");
        opened(new SecuredSocket(below, tls, VERIFIED), SETTINGS, watchdog).quit();
        assertThat(tls.written()).endsWith(QUIT);
        assertThat(tls.isClosed()).isTrue();
        assertThat(below.isClosed()).isTrue();
    }

    @Test
    void quit_thatCannotBeSentClosesTheConnectionAndAppearsInTheDebugOutput() {
        ScriptedSocket socket = server("");
        SmtpSession session = opened(socket);
        socket.refusesToTake("QUIT");
        session.quit();
        assertThat(socket.isClosed()).isTrue();
        assertThat(log.lines()).endsWith("> QUIT", "> QUIT was not sent: Broken pipe");
    }

    /** A server that refuses RSET would refuse MAIL too. */
    @Test
    void quit_followsARefusedRset() {
        ScriptedSocket socket = server("", "451 later", "500 what?");
        SmtpSession session = opened(socket);
        send(session);
        assertThat(send(session).outcome()).isEqualTo(new Outcome.BadConnection("RSET: 500 what?"));
        assertThat(socket.written()).endsWith("RSET\r\n", QUIT);
        assertThat(session.isUsable()).isFalse();
    }

    @Test
    void reuse_aCancelledSendDoesNotEndAConnectionThatItGaveBack() {
        ScriptedSocket socket = server("");
        Watchdog ofSend = watchdog.forSend();
        SmtpSession session = opened(SecuredSocket.plain(socket), SETTINGS, ofSend);
        session.checkIn();
        ofSend.close();
        session.quit();
        assertThat(socket.written()).endsWith(QUIT);
        assertThat(log.lines()).endsWith("- kept for the next message"); // later lines are not about that send
    }

    @Test
    void reuse_aKeptConnectionEndsWithTheSendThatTookIt() {
        SmtpSession session = opened(server(""));
        session.checkIn();
        Watchdog ofNextSend = watchdog.forSend();
        session.checkOut(SETTINGS, ofNextSend, log, StageTimes.beginning(LATER.clock()));
        ofNextSend.close();
        assertThat(send(session).outcome()).isEqualTo(new Outcome.BadConnection("the send was cancelled"));
        assertThat(log.lines())
                .containsSubsequence(
                        "- kept for the next message", "- kept connection, used again; messages so far: 0");
    }

    private SmtpSession kept(ScriptedSocket socket) {
        SmtpSession session = opened(socket);
        session.checkIn();
        return session;
    }

    private void takeAgain(SmtpSession session) {
        session.checkOut(SETTINGS, watchdog, log, StageTimes.beginning(LATER.clock()));
    }

    @ParameterizedTest
    @CsvSource({
        ScriptedSocket.CLOSE + ", the server closed the connection",
        "421 too long idle, an unsolicited reply",
        "' \n421 too long idle', an unsolicited reply",
        "250 late, an unsolicited reply",
    })
    void reuse_nothingIsSentOnAKeptConnectionThatTheServerEnded(String sent, String reason) {
        ScriptedSocket socket = server("");
        SmtpSession session = kept(socket);
        socket.arrives(sent.split("\n"));
        int before = socket.written().size();
        takeAgain(session);
        assertThat(send(session).outcome().describe()).contains(reason);
        assertThat(socket.written()).hasSize(before);
        assertThat(session.wasAnswered()).isFalse();
        assertThat(session.isUsable()).isFalse();
    }

    @Test
    void reuse_aKeptConnectionIsUsedLikeANewOne() {
        ScriptedSocket socket = server("", "250 sender", "250 recipient", "354 go on", "250 queued");
        SmtpSession session = kept(socket);
        takeAgain(session);
        assertThat(send(session).outcome()).isInstanceOf(Outcome.Accepted.class);
        assertThat(session.wasAnswered()).isTrue();
        assertThat(session.transactions()).isOne();
        assertThat(socket.getSoTimeout()).isZero();
    }

    @Test
    void reuse_a421IsNoAnswerOfAKeptConnection() {
        SmtpSession session = kept(server("", "421 too long idle"));
        takeAgain(session);
        send(session);
        assertThat(session.wasAnswered()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"HELP, 9223372036854775807", "LIMITS MAILMAX=7, 7", "LIMITS MAILMAX=0, 1"})
    void limits_theNumberOfTransactionsIsAtLeastOne(String keywords, long number) {
        assertThat(opened(server(keywords)).mostTransactions()).isEqualTo(number);
    }

    /** The relay received them on an earlier connection. */
    @Test
    void RELAY_04_knownSecretsAreRedactedFromTheGreetingOn() {
        SmtpSettings hiding = SETTINGS.hiding(Set.of(new Credentials("me", "hunter2secret")));
        SmtpFailure failure = open(SecuredSocket.plain(new ScriptedSocket("554 no hunter2secret")), hiding, watchdog)
                .fold(
                        opened -> {
                            throw new AssertionError("opened");
                        },
                        SmtpSession.NotOpened::failure);
        assertThat(failure.outcome().describe()).isEqualTo("554 no ***");
        assertThat(log.lines()).containsExactly("< 554 no ***", "> QUIT");
    }

    /** RFC 4954 §4: a line has at most 12,288 octets. */
    @Test
    void auth_credentialsThatFitNoCommandAreOurFailure() {
        ScriptedSocket socket = server("AUTH PLAIN");
        SmtpSession session = opened(new SecuredSocket(socket, socket, VERIFIED), SETTINGS, watchdog);
        Optional<SmtpFailure> failure = session.authenticate(new Credentials("me", "x".repeat(10_000)), LATER);
        assertThat(failure.orElseThrow().stage()).isEqualTo(Stage.AUTH);
        assertThat(failure.orElseThrow().outcome().describe()).contains("longer than 12288 octets");
        assertThat(session.isUsable()).isTrue();
    }

    /** RFC 5321 §4.5.3.2.6: the server needs time to store the message. */
    @ParameterizedTest
    @CsvSource({"HELP, '250 s|250 r|354 go on|'", "'PIPELINING,CHUNKING', '250 s\n250 r'"})
    void finaltimeout_isTheTimeForTheReplyToTheEndOfDataOnly(String keywords, String answers) {
        SmtpSettings.Configured times =
                new SmtpSettings.Configured(Duration.ofMinutes(5), SHORT, Duration.ofMinutes(3), true, true);
        SmtpSession session = opened(
                SecuredSocket.plain(server(keywords, answers.split("\\|", -1))),
                new SmtpSettings(SETTINGS.self(), times),
                watchdog);
        RecipientOutcome outcome = send(session);
        assertThat(outcome.stage()).isEqualTo(Stage.END_OF_DATA);
        assertThat(outcome.outcome()).isEqualTo(new Outcome.InDoubt("the server did not reply in time"));
    }

    /** The message was sent along with its commands, so that the server may still answer the rest of the group. */
    @Test
    void TRY_07_aServerThatIsSilentAfterA421IsNotWaitedForAsLongAsUsual() {
        SmtpSession session = opened(server("PIPELINING,CHUNKING", "250 sender\n421 closing"));
        assertThat(send(session).outcome().describe()).isEqualTo("421 closing");
        assertThat(session.isUsable()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        // keywords, answers, a text that the server does not take, the result
        "HELP, '250 s|250 r|354 go on|552 5.3.4 too big', Subject, 552 5.3.4 too big",
        "'PIPELINING,CHUNKING', '250 s\n250 r\n552 5.3.4 too big', BDAT, 552 5.3.4 too big",
        "'PIPELINING,CHUNKING', '550 5.7.1 not you\n503 no\n503 no', BDAT, 550 5.7.1 not you",
        "'PIPELINING,CHUNKING', '250 s\n250 r', BDAT, Broken pipe",
    })
    void TRY_02_aServerThatStopsReadingIsAskedForItsReply(
            String keywords, String answers, String untaken, String result) {
        ScriptedSocket socket = server(keywords, answers.split("\\|"));
        socket.refusesToTake(untaken);
        SmtpSession session = opened(socket);
        assertThat(send(session).outcome().describe()).contains(result);
        assertThat(session.isUsable()).isFalse();
    }

    /** The second reply answers no command: the chunk was the only one so far. */
    @Test
    void TRY_02_aServerThatStopsReadingIsAskedForNoMoreRepliesThanItOwes() {
        ScriptedSocket socket = server("CHUNKING", "250 s", "250 r", "250 first chunk\n552 5.3.4 too big");
        socket.refusesToTake("BDAT");
        SmtpSession session = opened(socket);
        String line = "x".repeat(62) + "\r\n";
        MessageContent twoChunks = TestContent.of(line.repeat(Chunks.CHUNK / line.length() + 1));
        assertThat(send(session, twoChunks).outcome()).isEqualTo(new Outcome.BadConnection("Broken pipe"));
        assertThat(session.isUsable()).isFalse();
    }

    @Test
    void smtp_aMessageThatCannotBeReadIsNotRefusedByTheServer() {
        SmtpSession session = opened(server("", "250 s", "250 r", "354 go on\n552 5.3.4 too big"));
        MessageContent unreadable = new MessageContent() {
            @Override
            public long size() {
                return 10;
            }

            @Override
            public boolean isEightBit() {
                return false;
            }

            @Override
            public boolean needsSmtpUtf8() {
                return false;
            }

            @Override
            public void writeTo(OutputStream out) throws IOException {
                throw new IOException("the disk is gone");
            }
        };
        assertThat(send(session, unreadable).outcome()).isEqualTo(new Outcome.BadConnection("the disk is gone"));
        assertThat(session.isUsable()).isFalse();
    }

    /** A reply that arrives on its own after the reply to the previous command. */
    @ParameterizedTest
    @ValueSource(strings = {"250 once more", " \n421 closing"})
    void smtp_aReplyThatAnswersNoCommandIsNotTheReplyToTheNextOne(String unsolicited) {
        ScriptedSocket socket = server("");
        SmtpSession session = opened(socket);
        socket.arrives(unsolicited.split("\n"));
        assertThat(send(session).outcome().describe()).contains("an unsolicited reply");
        assertThat(socket.written()).noneMatch(text -> text.startsWith("MAIL"));
    }
}
