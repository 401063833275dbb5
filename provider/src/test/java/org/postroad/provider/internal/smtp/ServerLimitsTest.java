// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
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
import org.postroad.api.Reply;
import org.postroad.api.Stage;
import org.postroad.api.TlsSummary;
import org.postroad.fixtures.FakeSmtpServer;
import org.postroad.fixtures.Misbehaviour;
import org.postroad.fixtures.TestCertificates;
import org.postroad.fixtures.Transcript;
import org.postroad.provider.GrowingTimeout;
import org.postroad.provider.internal.envelope.Envelope;

/**
 * Tests the limits on what a server can consume: each at one less, at its value, and at one more. {@link ReplyParserTest} tests what counts
 * as a reply.
 *
 * <table>
 * <caption>Limits for a server</caption>
 * <tr><th>What</th><th>Limit</th><th>If exceeded</th></tr>
 * <tr><td>octets in a line</td><td>{@link ReplyParser#MAX_LINE_OCTETS}</td><td>broken connection</td></tr>
 * <tr><td>lines in a reply</td><td>{@link ReplyParser#MAX_LINES}</td><td>broken connection</td></tr>
 * <tr><td>empty lines before or within a reply</td><td>{@link ReplyParser#MAX_EMPTY_LINES}</td><td>broken connection</td></tr>
 * <tr><td>octets in a reply</td><td>{@link ReplyParser#MAX_REPLY_OCTETS}</td><td>broken connection</td></tr>
 * <tr><td>replies to a command</td><td>1, not before the command</td><td>broken connection</td></tr>
 * <tr><td>time to the last octet of a reply; no minimum rate</td><td>{@link SmtpSettings#replyTimeout}, after the end of data {@link
 *     SmtpSettings#finalReplyTimeout}</td><td>broken connection</td></tr>
 * <tr><td>time to accept {@link DialogueRunner#BLOCK} octets from us</td><td>{@link SmtpSettings#writeTimeout}</td><td>broken connection</td></tr>
 * <tr><td>total time</td><td>the deadline of the send</td><td>broken connection</td></tr>
 * <tr><td>keywords in a reply to EHLO</td><td>{@link Extensions#MAX_KEYWORDS}</td><td>the rest is not read</td></tr>
 * <tr><td>characters of a keyword's parameters</td><td>{@link Extensions#MAX_PARAMETERS}</td><td>the rest is not read</td></tr>
 * <tr><td>digits in a keyword's number</td><td>{@link Extensions#MAX_NUMBER_DIGITS}</td><td>the number is ignored</td></tr>
 * <tr><td>challenges in AUTH</td><td>{@link AuthDialogue#MAX_CHALLENGES}</td><td>AUTH is cancelled</td></tr>
 * <tr><td>iterations of SCRAM</td><td>{@link ScramExchange#MIN_ITERATIONS} to {@link ScramExchange#MAX_ITERATIONS}</td><td>AUTH is
 *     cancelled</td></tr>
 * </table>
 */
class ServerLimitsTest {

    private static final Mailbox A = Mailbox.parse("a@example.test");
    private static final Deadline AMPLE = Deadline.after(Duration.ofMinutes(5));

    /** Long enough for a server that replies, and short enough to wait for one that does not. */
    private static final Duration SHORT = Duration.ofMillis(500);

    private static final Duration LONG = Duration.ofMinutes(4);

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

    // ---- Octets

    private static Optional<Reply> parse(String text) throws BadReplyException {
        return new ReplyParser().feed(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static void assertTaken(boolean taken, String text, String complaint) throws BadReplyException {
        if (taken) {
            assertThat(parse(text)).isPresent();
        } else {
            assertThatThrownBy(() -> parse(text))
                    .isInstanceOf(BadReplyException.class)
                    .hasMessageContaining(complaint);
        }
    }

    @ParameterizedTest
    @CsvSource({"-1, true", "0, true", "1, false"})
    void octetsInALine(int beyond, boolean taken) throws Exception {
        String line = "250 " + "x".repeat(ReplyParser.MAX_LINE_OCTETS - 6 + beyond) + "\r\n";
        assertTaken(taken, line, "a reply line of more than 4096 octets");
        assertTaken(taken, "250-\r\n" + line, "a reply line of more than 4096 octets");
    }

    @ParameterizedTest
    @CsvSource({"-1, true", "0, true", "1, false"})
    void linesInAReply(int beyond, boolean taken) throws Exception {
        String lines = "250-\r\n".repeat(ReplyParser.MAX_LINES - 1 + beyond);
        assertTaken(taken, lines + "250 \r\n", "a reply of more than 256 lines");
    }

    @ParameterizedTest
    @CsvSource({"-1, true", "0, true", "1, false"})
    void emptyLinesBeforeOrWithinAReply(int beyond, boolean taken) throws Exception {
        String empty = "\r\n".repeat(ReplyParser.MAX_EMPTY_LINES + beyond);
        assertTaken(taken, empty + "250 ok\r\n", "more than 10 empty lines");
        assertTaken(taken, "250-\r\n" + empty + "250 ok\r\n", "more than 10 empty lines");
    }

    @ParameterizedTest
    @CsvSource({"-1, true", "0, true", "1, false"})
    void octetsInAReply(int beyond, boolean taken) throws Exception {
        String line = "250-" + "x".repeat(1018) + "\r\n";
        String lines = line.repeat(ReplyParser.MAX_REPLY_OCTETS / line.length() - 1);
        int left = ReplyParser.MAX_REPLY_OCTETS + beyond - lines.length();
        assertTaken(taken, lines + "250 " + "x".repeat(left - 6) + "\r\n", "a reply of more than 65536 octets");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "250 ", "250-\r\n", "250-x\r\n", "\r", "250 \r"})
    void octetsReadFromAServerThatNeverStops(String again) {
        ByteBuffer endless = ByteBuffer.wrap(again.repeat(100_000).getBytes(StandardCharsets.US_ASCII));
        assertThatThrownBy(() -> new ReplyParser().feed(endless)).isInstanceOf(BadReplyException.class);
        assertThat(endless.position()).isLessThanOrEqualTo(ReplyParser.MAX_REPLY_OCTETS + 1);
    }

    /** The limit applies to one reply: the octets of the previous one do not count. */
    @Test
    void octetsOfManyReplies() throws Exception {
        ReplyParser parser = new ReplyParser();
        String reply = "250 " + "x".repeat(4000) + "\r\n";
        for (int octets = 0; octets <= 2 * ReplyParser.MAX_REPLY_OCTETS; octets += reply.length()) {
            assertThat(parser.feed(ByteBuffer.wrap(reply.getBytes(StandardCharsets.US_ASCII))))
                    .isPresent();
        }
    }

    // ---- Replies

    private SmtpSettings settings(Duration reply, Duration write) {
        return new SmtpSettings(
                HostName.parse("client.test"), new SmtpSettings.Configured(reply, reply, write, true, true));
    }

    private SmtpSession.Opening open(Duration replyTimeout, Duration writeTimeout, Deadline deadline)
            throws IOException {
        return TestSessions.open(
                SecuredSocket.plain(server.connect()),
                settings(replyTimeout, writeTimeout),
                watchdog,
                DialogueLog.NONE,
                deadline);
    }

    /** Runs a whole session with one message and returns its result. */
    private RecipientOutcome deliver(Duration replyTimeout, Deadline deadline) throws IOException {
        return open(replyTimeout, LONG, deadline)
                .fold(
                        opened -> {
                            try (SmtpSession session = opened.session()) {
                                return send(session, "x\r\n", deadline);
                            }
                        },
                        notOpened -> new RecipientOutcome(
                                A,
                                notOpened.failure().stage(),
                                notOpened.failure().outcome()));
    }

    private static RecipientOutcome send(SmtpSession session, String text, Deadline deadline) {
        TransactionResult result = session.send(
                Envelope.of(Optional.of(Mailbox.parse("me@client.test")), List.of(A)),
                ContentChoice.only(TestContent.of(text)),
                DataGate.OPEN,
                deadline);
        return result.outcomes().get(0);
    }

    private void misbehaveAt(Stage stage, Misbehaviour misbehaviour) {
        switch (stage) {
            case GREETING -> server.onConnect(misbehaviour);
            case END_OF_DATA -> server.onEndOfData(misbehaviour);
            default -> server.onCommand(stage.name(), misbehaviour);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Stage.class,
            names = {"GREETING", "EHLO", "MAIL", "RCPT", "DATA"})
    void aSecondReplyIsNotTheReplyToTheNextCommand(Stage stage) throws Exception {
        misbehaveAt(stage, Misbehaviour.DOUBLE_REPLY);
        RecipientOutcome outcome = deliver(LONG, AMPLE);
        assertThat(outcome.outcome()).isInstanceOf(Outcome.BadConnection.class);
        assertThat(outcome.outcome().describe()).containsAnyOf("unsolicited reply", "before the end of data");
        assertThat(server.received()).isEmpty();
    }

    @Test
    void aSecondReplyToTheEndOfDataEndsTheSession() throws Exception {
        misbehaveAt(Stage.END_OF_DATA, Misbehaviour.DOUBLE_REPLY);
        try (SmtpSession session = ((SmtpSession.Opened) open(LONG, LONG, AMPLE)).session()) {
            assertThat(send(session, "x\r\n", AMPLE).outcome()).isInstanceOf(Outcome.Accepted.class);
            assertThat(send(session, "x\r\n", AMPLE).outcome().describe()).contains("unsolicited reply");
        }
        assertThat(server.received()).hasSize(1);
    }

    /** A surplus reply within a command group shifts all replies after it. Whatever these contain, no recipient counts as accepted. */
    @ParameterizedTest
    @EnumSource(
            value = Stage.class,
            names = {"EHLO", "MAIL", "RCPT", "DATA"})
    void aSecondReplyWithinACommandGroupAcceptsNoRecipient(Stage stage) throws Exception {
        server.keywords("PIPELINING");
        misbehaveAt(stage, Misbehaviour.DOUBLE_REPLY);
        assertThat(deliver(LONG, AMPLE).outcome()).isNotInstanceOf(Outcome.Accepted.class);
        assertThat(server.received()).isEmpty();
    }

    /** RFC 3207 §4.2: a reply received before the handshake is discarded and never taken for a reply to a command after it. */
    @Test
    void aSecondReplyToStartTlsIsDiscarded() throws Exception {
        TestCertificates certificates = TestCertificates.create();
        server.startTls(certificates.serverContext("mx.test"))
                .keywords("SIZE 1000")
                .onCommand("STARTTLS", Misbehaviour.DOUBLE_REPLY);
        try (SmtpSession session = ((SmtpSession.Opened) open(LONG, LONG, AMPLE)).session()) {
            assertThat(session.startTls((plain, until) -> secure(certificates, plain), AMPLE))
                    .isInstanceOf(StartTlsResult.Secured.class);
            assertThat(session.extensions().maximumSize()).hasValue(1000);
            assertThat(send(session, "x\r\n", AMPLE).outcome()).isInstanceOf(Outcome.Accepted.class);
        }
    }

    private static SecuredSocket secure(TestCertificates certificates, Socket plain) throws IOException {
        SSLSocket secured = (SSLSocket)
                certificates.clientTrusting().getSocketFactory().createSocket(plain, "mx.test", plain.getPort(), true);
        secured.startHandshake();
        return new SecuredSocket(plain, secured, TlsSummary.NONE);
    }

    // ---- Time

    /** An octet every 10 ms, in lines that never complete a reply: each octet arrives in time, the reply does not. */
    @ParameterizedTest
    @EnumSource(
            value = Stage.class,
            names = {"GREETING", "EHLO", "MAIL", "RCPT", "DATA", "END_OF_DATA"})
    @Timeout(300)
    void aSlowDripDoesNotExceedTheReplyTimeout(Stage stage) throws Exception {
        misbehaveAt(stage, Misbehaviour.DRIP);
        GrowingTimeout.of(SHORT, timeout -> {
            RecipientOutcome outcome = deliver(timeout, AMPLE);
            assertThat(outcome.stage()).isEqualTo(stage);
            assertThat(outcome.outcome().describe()).contains("the server did not reply in time");
        });
    }

    @ParameterizedTest
    @EnumSource(
            value = Stage.class,
            names = {"GREETING", "END_OF_DATA"})
    @Timeout(300)
    void neitherASlowDripNorSilenceExceedsTheDeadline(Stage stage) throws Exception {
        for (Misbehaviour misbehaviour : List.of(Misbehaviour.DRIP, Misbehaviour.STALL)) {
            misbehaveAt(stage, misbehaviour);
            GrowingTimeout.of(
                    SHORT,
                    time -> assertThat(deliver(LONG, Deadline.after(time))
                                    .outcome()
                                    .describe())
                            .contains("the server did not reply in time"));
        }
    }

    @Test
    @Timeout(300)
    void aServerThatReadsNothingDoesNotExceedTheWriteTimeout() throws Exception {
        server.inData(Misbehaviour.STOP_READING);
        try (SmtpSession session = ((SmtpSession.Opened) open(LONG, SHORT, AMPLE)).session()) {
            String muchMoreThanBuffersHold = "x".repeat(998).concat("\r\n").repeat(50_000);
            assertThat(send(session, muchMoreThanBuffersHold, AMPLE).outcome().describe())
                    .contains("the server did not accept our data in time");
        }
    }

    @ParameterizedTest
    @CsvSource({"-1, false", "0, false", "1, true"})
    void aTimeOutMustBePositive(long nanos, boolean allowed) {
        Duration timeout = Duration.ofNanos(nanos);
        if (allowed) {
            assertThat(settings(timeout, timeout).replyTimeout()).isEqualTo(timeout);
        } else {
            assertThatThrownBy(() -> settings(timeout, LONG)).hasMessageContaining("is not positive");
            assertThatThrownBy(() -> settings(LONG, timeout)).hasMessageContaining("is not positive");
            assertThatThrownBy(() -> new SmtpSettings.Configured(LONG, timeout, LONG, true, true))
                    .hasMessageContaining("is not positive");
        }
    }

    // ---- Extensions

    @ParameterizedTest
    @CsvSource({"-1, true", "0, true", "1, false"})
    void keywordsOfEhlo(int beyond, boolean read) {
        List<String> lines = new ArrayList<>(List.of("mx.test greets you"));
        for (int i = 1; i < Extensions.MAX_KEYWORDS + beyond; i++) {
            lines.add("X" + i);
        }
        lines.add("STARTTLS");
        assertThat(Extensions.of(new Reply(250, lines)).startTls()).isEqualTo(read);
    }

    @ParameterizedTest
    @CsvSource({"-1, true", "0, true", "1, false"})
    void charactersOfParameters(int beyond, boolean read) {
        String mechanisms = "x".repeat(Extensions.MAX_PARAMETERS + beyond - " PLAIN".length()) + " PLAIN";
        Extensions offered = Extensions.of(new Reply(250, List.of("mx.test", "AUTH " + mechanisms)));
        assertThat(offered.authMechanisms().contains("PLAIN")).isEqualTo(read);
    }

    @ParameterizedTest
    @CsvSource({"-1, true", "0, true", "1, false"})
    void digitsOfASize(int beyond, boolean read) {
        String size = "SIZE " + "9".repeat(Extensions.MAX_NUMBER_DIGITS + beyond);
        Extensions offered = Extensions.of(new Reply(250, List.of("mx.test", size)));
        assertThat(offered.maximumSize().isPresent()).isEqualTo(read);
    }

    // ---- AUTH

    private static AuthDialogue authenticating(String mechanism) throws Exception {
        return authenticating(new Credentials("me", "secret"), "PLAIN", mechanism);
    }

    private static AuthDialogue authenticating(Credentials credentials, String... offered) throws Exception {
        return AuthDialogue.with(credentials, List.of(offered), new Secrets(), AMPLE)
                .orElseThrow();
    }

    private static Reply challenge(String text) {
        return new Reply(334, List.of(Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8))));
    }

    private static String said(AuthDialogue dialogue) {
        return ((SmtpDialogue.Send) dialogue.next()).group().get(0).line();
    }

    @ParameterizedTest
    @CsvSource({"-1, false", "0, false", "1, true"})
    void challengesOfAuth(int beyond, boolean cancelled) throws Exception {
        Credentials credentials = new Credentials("me", "secret").withMechanism("XOAUTH2");
        AuthDialogue dialogue = authenticating(credentials, "XOAUTH2");
        for (int i = 0; i < AuthDialogue.MAX_CHALLENGES + beyond; i++) {
            dialogue.reply(challenge("again"));
        }
        assertThat(said(dialogue).equals("*")).isEqualTo(cancelled);
    }

    @ParameterizedTest
    @CsvSource({
        ScramExchange.MIN_ITERATIONS + ", -1, true",
        ScramExchange.MIN_ITERATIONS + ", 0, false",
        ScramExchange.MIN_ITERATIONS + ", 1, false",
        ScramExchange.MAX_ITERATIONS + ", -1, false",
        ScramExchange.MAX_ITERATIONS + ", 0, false",
        ScramExchange.MAX_ITERATIONS + ", 1, true"
    })
    void iterationsOfScram(int limit, int beyond, boolean cancelled) throws Exception {
        AuthDialogue dialogue = authenticating("SCRAM-SHA-256");
        String initial = said(dialogue).substring("AUTH SCRAM-SHA-256 ".length());
        String first = new String(Base64.getDecoder().decode(initial), StandardCharsets.UTF_8);
        String nonce = first.substring(first.indexOf(",r=") + 3);
        dialogue.reply(challenge("r=" + nonce + "x,s=c2FsdA==,i=" + (limit + beyond)));
        assertThat(said(dialogue).equals("*")).isEqualTo(cancelled);
    }

    // ---- Display

    @Test
    void mechanismsOfferedAreShownClean() {
        SmtpFailure failure = AuthDialogue.noMechanism(List.of("\u001b[31mRED", "\u202eGNP", "X".repeat(4000)));
        assertThat(failure.toString()).contains("\\u001b[31mRED", "\\u202eGNP").hasSizeLessThan(500);
    }
}
