// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postroad.api.Deadline;
import org.postroad.api.Family;
import org.postroad.api.HostName;
import org.postroad.api.Mailbox;
import org.postroad.api.Outcome;
import org.postroad.api.RecipientOutcome;
import org.postroad.api.Reply;
import org.postroad.api.Stage;
import org.postroad.fixtures.FakeSmtpServer;
import org.postroad.fixtures.Misbehaviour;
import org.postroad.fixtures.Transcript;
import org.postroad.fixtures.VirtualClock;
import org.postroad.provider.internal.envelope.Envelope;

/** Tests CHUNKING (RFC 3030): one round trip for a whole message, and the same outcomes as with DATA. */
@Timeout(300)
class ChunkingTest {

    private static final String TEXT = "Subject: x\r\n\r\n.x\r\n.\r\n";

    private final Transcript transcript = new Transcript();
    private final VirtualClock clock = new VirtualClock();
    private final Deadline later = Deadline.after(Duration.ofMinutes(1), clock);
    private final Watchdog watchdog = new Watchdog();
    private FakeSmtpServer server;

    @BeforeEach
    void start() throws Exception {
        server = FakeSmtpServer.start("mx", Family.IPV4, transcript).keywords("PIPELINING", "CHUNKING");
    }

    @AfterEach
    void stop() throws Exception {
        watchdog.close();
        server.close();
    }

    private SmtpSession opened() throws Exception {
        return opened(SmtpSettings.defaults(HostName.parse("client.test")));
    }

    private SmtpSession opened(SmtpSettings settings) throws Exception {
        return opened(server.connect(), settings);
    }

    private SmtpSession opened(Socket connection, SmtpSettings settings) {
        return TestSessions.opened(SecuredSocket.plain(connection), settings, watchdog, DialogueLog.NONE, later);
    }

    private List<RecipientOutcome> send(SmtpSession session, int recipients, MessageContent content) {
        return send(session, recipients, content, DataGate.OPEN);
    }

    private List<RecipientOutcome> send(SmtpSession session, int recipients, MessageContent content, DataGate gate) {
        Envelope envelope = Envelope.of(
                Optional.of(Mailbox.parse("me@client.test")),
                IntStream.range(0, recipients)
                        .mapToObj(i -> Mailbox.parse("r" + i + "@example.test"))
                        .toList());
        return session.send(envelope, ContentChoice.only(content), gate, later).outcomes();
    }

    private int turnsOf(SmtpSession session, int recipients, MessageContent content) {
        int before = server.turns();
        assertThat(send(session, recipients, content))
                .hasSize(recipients)
                .allSatisfy(outcome -> assertThat(outcome.outcome()).isInstanceOf(Outcome.Accepted.class));
        return server.turns() - before;
    }

    private static MessageContent ofSize(int size) {
        String line = "0123456789012345678901234567890123456789012345678901234567890123456789\r\n";
        String lines = line.repeat(size / line.length() + 1);
        return TestContent.of(lines.substring(0, size - 2) + "\r\n");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 50})
    void chunking_aMessageTakesOneRoundTrip(int recipients) throws Exception {
        try (SmtpSession session = opened()) {
            assertThat(server.turns()).isEqualTo(1); // EHLO
            assertThat(turnsOf(session, recipients, TestContent.of(TEXT))).isEqualTo(1);
            // The second transaction on a connection: the server may refuse it, so the message is not sent along.
            assertThat(turnsOf(session, recipients, TestContent.of(TEXT))).isEqualTo(2);
            assertThat(turnsOf(session, recipients, TestContent.of(TEXT))).isEqualTo(1);
            assertThat(turnsOf(session, recipients, TestContent.of(TEXT))).isEqualTo(1);
        }
        assertThat(server.received())
                .hasSize(4)
                .allSatisfy(
                        message -> assertThat(message.content()).isEqualTo(TEXT.getBytes(StandardCharsets.US_ASCII)));
    }

    @Test
    void stalls_aCommandGroupIsOneWrite() throws Exception {
        CountingSocket socket = new CountingSocket(server);
        try (SmtpSession session = opened(socket, SmtpSettings.defaults(HostName.parse("client.test")))) {
            socket.writes.clear();
            turnsOf(session, 50, ofSize(TransactionDialogue.MAX_ALONG_OCTETS));
            assertThat(socket.writes).hasSize(1);
        }
    }

    /** The final dot ends before the end of a block, exactly at it, and after it. */
    @ParameterizedTest
    @ValueSource(ints = {4, 3, 2})
    void stalls_withDataTheCommandsAndTheMessageAreTwoWrites(int less) throws Exception {
        server.keywords("PIPELINING");
        CountingSocket socket = new CountingSocket(server);
        try (SmtpSession session = opened(socket, SmtpSettings.defaults(HostName.parse("client.test")))) {
            socket.writes.clear();
            turnsOf(session, 50, ofSize(DialogueRunner.BLOCK - less));
            assertThat(socket.writes).hasSize(less < 3 ? 3 : 2);
        }
    }

    @Test
    void stalls_aBigMessageIsWrittenInBlocks() throws Exception {
        CountingSocket socket = new CountingSocket(server);
        try (SmtpSession session = opened(socket, SmtpSettings.defaults(HostName.parse("client.test")))) {
            socket.writes.clear();
            turnsOf(session, 1, ofSize(3 * Chunks.CHUNK));
            List<Integer> blocks = socket.writes.subList(1, socket.writes.size() - 1);
            assertThat(blocks)
                    .hasSizeGreaterThan(100)
                    .allSatisfy(octets -> assertThat(octets).isEqualTo(DialogueRunner.BLOCK));
        }
    }

    @Test
    void chunking_theMessageWaitsForRepliesIfTheServerWasNotHeardRecently() throws Exception {
        try (SmtpSession session = opened()) {
            turnsOf(session, 1, TestContent.of(TEXT));
            turnsOf(session, 1, TestContent.of(TEXT));
            clock.advance(SmtpSession.RECENTLY_HEARD.minusMillis(1));
            assertThat(turnsOf(session, 1, TestContent.of(TEXT))).isEqualTo(1);
            clock.advance(SmtpSession.RECENTLY_HEARD);
            assertThat(turnsOf(session, 1, TestContent.of(TEXT))).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1})
    void chunking_aLargerMessageWaitsForReplies(int more) throws Exception {
        MessageContent content = ofSize(TransactionDialogue.MAX_ALONG_OCTETS + more);
        try (SmtpSession session = opened()) {
            assertThat(turnsOf(session, 1, content)).isEqualTo(more > 0 ? 2 : 1);
        }
        assertReceived(content);
    }

    @ParameterizedTest
    @ValueSource(ints = {Chunks.CHUNK - 1, Chunks.CHUNK, Chunks.CHUNK + 1, 6 * Chunks.CHUNK + 17})
    void chunking_aBigMessageIsSentInChunks(int size) throws Exception {
        MessageContent content = ofSize(size);
        try (SmtpSession session = opened()) {
            turnsOf(session, 2, content);
            turnsOf(session, 2, TestContent.of(TEXT));
        }
        assertReceived(content);
        int full = (size - 1) / Chunks.CHUNK;
        assertThat(transcript.linesOf("mx< BDAT " + Chunks.CHUNK)).hasSize(size == Chunks.CHUNK ? 1 : full);
        assertThat(transcript.linesOf("mx< BDAT " + (size - full * Chunks.CHUNK) + " LAST"))
                .hasSize(1);
    }

    @Test
    void chunking_withoutPipeliningAChunkWaitsForTheReplyToThePreviousOne() throws Exception {
        server.keywords("CHUNKING");
        MessageContent content = ofSize(2 * Chunks.CHUNK + 2);
        try (SmtpSession session = opened()) {
            // MAIL, RCPT, three chunks.
            assertThat(turnsOf(session, 1, content)).isEqualTo(5);
        }
        assertReceived(content);
    }

    @Test
    void chunking_canBeSwitchedOff() throws Exception {
        try (SmtpSession session =
                opened(SmtpSettings.defaults(HostName.parse("client.test")).with(true, false))) {
            assertThat(turnsOf(session, 1, TestContent.of(TEXT))).isEqualTo(2);
        }
        assertThat(transcript.linesOf("mx< BDAT")).isEmpty();
    }

    @Test
    void chunking_anEmptyMessageHasAChunkToo() throws Exception {
        try (SmtpSession session = opened()) {
            assertThat(turnsOf(session, 1, MessageContent.EMPTY)).isEqualTo(1);
        }
        assertThat(transcript.linesOf("mx< BDAT 0 LAST")).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3})
    void chunking_noOctetIsWrittenBeyondTheAnnouncedSize(int size) throws Exception {
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        Chunks chunks = new Chunks(written, size, bdat -> {});
        chunks.write(new byte[size]);
        int before = written.size();
        assertThatThrownBy(() -> chunks.write('x')).hasMessageContaining("longer than announced");
        assertThat(written.size()).isEqualTo(before);
    }

    @Test
    void chunking_aWriteMayBeginInOneChunkAndEndWithinTheNext() throws Exception {
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        Chunks chunks = new Chunks(written, Chunks.CHUNK + 10, bdat -> {});
        chunks.write(new byte[Chunks.CHUNK + 5]);
        chunks.write(new byte[5]);
        assertThat(written.size())
                .isEqualTo(("BDAT " + Chunks.CHUNK + "\r\nBDAT 10 LAST\r\n").length() + Chunks.CHUNK + 10);
    }

    @Test
    void chunking_theMessageWaitsForTheCheckBeforeData() throws Exception {
        try (SmtpSession session = opened()) {
            send(session, 3, TestContent.of(TEXT), accepted -> false);
            assertThat(transcript.linesOf("mx< BDAT")).isEmpty();
            assertThat(send(session, 3, TestContent.of(TEXT), accepted -> accepted.size() == 3))
                    .allSatisfy(outcome -> assertThat(outcome.outcome()).isInstanceOf(Outcome.Accepted.class));
        }
        assertThat(server.received()).hasSize(1);
    }

    @Test
    void TRY_02_ifAllAreRefusedAfterTheMessageWasSentTheSessionContinues() throws Exception {
        server.onCommand("RCPT", "550 5.1.1 no such user", 2);
        try (SmtpSession session = opened()) {
            assertThat(send(session, 2, TestContent.of(TEXT))).allSatisfy(outcome -> {
                assertThat(outcome.stage()).isEqualTo(Stage.RCPT);
                assertThat(outcome.outcome().describe()).isEqualTo("550 5.1.1 no such user");
            });
            assertThat(transcript.linesOf("mx> 503")).hasSize(1);
            assertThat(session.isUsable()).isTrue();
            turnsOf(session, 2, TestContent.of(TEXT));
        }
        assertThat(transcript.linesOf("mx< RSET")).hasSize(1);
        assertThat(server.received()).hasSize(1);
    }

    @Test
    void TRY_02_aRefusedMailIsTheResultForAllWhateverFollows() throws Exception {
        server.onCommand("MAIL", "550 5.7.1 not from you", 1);
        try (SmtpSession session = opened()) {
            assertThat(send(session, 3, TestContent.of(TEXT))).allSatisfy(outcome -> {
                assertThat(outcome.stage()).isEqualTo(Stage.MAIL);
                assertThat(outcome.outcome().describe()).isEqualTo("550 5.7.1 not from you");
            });
            turnsOf(session, 3, TestContent.of(TEXT));
        }
    }

    @Test
    void TRY_02_eachRecipientHasItsOwnReply() throws Exception {
        server.onCommand("RCPT TO:<r1@", "550 5.1.1 no such user");
        try (SmtpSession session = opened()) {
            List<RecipientOutcome> outcomes = send(session, 3, TestContent.of(TEXT));
            assertThat(outcomes.get(0).outcome()).isInstanceOf(Outcome.Accepted.class);
            assertThat(outcomes.get(1).outcome().describe()).isEqualTo("550 5.1.1 no such user");
            assertThat(outcomes.get(2).outcome()).isInstanceOf(Outcome.Accepted.class);
        }
        assertThat(server.received().get(0).recipients()).containsExactly("<r0@example.test>", "<r2@example.test>");
    }

    @Test
    void TRY_02_aRefusedMessageIsRefusedForAllAndTheSessionContinues() throws Exception {
        server.onEndOfData("554 5.6.0 spam", 1);
        try (SmtpSession session = opened()) {
            assertThat(send(session, 2, TestContent.of(TEXT))).allSatisfy(outcome -> {
                assertThat(outcome.stage()).isEqualTo(Stage.END_OF_DATA);
                assertThat(outcome.outcome().describe()).isEqualTo("554 5.6.0 spam");
            });
            turnsOf(session, 2, TestContent.of(TEXT));
        }
        assertThat(transcript.linesOf("mx< RSET")).hasSize(1);
    }

    @Test
    void TRY_02_afterARefusedChunkTheRestIsNotSent() throws Exception {
        server.onCommand("BDAT", "552 5.3.4 too big", 1);
        MessageContent content = ofSize(64 * Chunks.CHUNK);
        try (SmtpSession session = opened()) {
            assertThat(send(session, 2, content)).allSatisfy(outcome -> {
                assertThat(outcome.stage()).isEqualTo(Stage.DATA);
                assertThat(outcome.outcome().describe()).isEqualTo("552 5.3.4 too big");
            });
            assertThat(session.isUsable()).isFalse();
        }
        assertThat(transcript.linesOf("mx< BDAT")).hasSizeLessThan(64);
        assertThat(server.received()).isEmpty();
    }

    @Test
    void TRY_05_aMessageSentWithItsCommandsIsInDoubtIfTheServerIsSilent() throws Exception {
        server.onCommand("MAIL", Misbehaviour.CLOSE);
        try (SmtpSession session = opened()) {
            assertThat(send(session, 2, TestContent.of(TEXT)))
                    .allSatisfy(outcome -> assertThat(outcome.outcome()).isInstanceOf(Outcome.InDoubt.class));
            assertThat(session.isUsable()).isFalse();
        }
    }

    @Test
    void TRY_05_aRecipientRefusedBeforeTheConnectionWasLostIsNotInDoubt() throws Exception {
        server.onCommand("RCPT TO:<r0@", "550 5.1.1 no such user").onEndOfData(Misbehaviour.CLOSE);
        try (SmtpSession session = opened()) {
            List<RecipientOutcome> outcomes = send(session, 2, TestContent.of(TEXT));
            assertThat(outcomes.get(0).outcome()).isInstanceOf(Outcome.Refused.class);
            assertThat(outcomes.get(1).outcome()).isInstanceOf(Outcome.InDoubt.class);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 20_000, 32_768, 100_000})
    void TRY_05_anInterruptedWriteOfTheEndLeavesDoubt(int size) throws Exception {
        int end = size <= 32_768 ? 2 : 3 + (size + 18) / DialogueRunner.BLOCK; // EHLO, commands, blocks; or all in one
        try (InterruptedSocket connection = new InterruptedSocket(server, end);
                SmtpSession session = opened(connection, SmtpSettings.defaults(HostName.parse("client.test")))) {
            List<RecipientOutcome> outcomes = send(session, 1, ofSize(size));
            assertThat(Thread.interrupted()).isTrue();
            assertThat(outcomes.get(0).outcome()).isInstanceOf(Outcome.InDoubt.class);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void TRY_01_anAcceptanceBeforeTheEndWasSentDoesNotCount(boolean sent) {
        TransactionDialogue transaction = new TransactionDialogue(
                Envelope.of(Optional.empty(), List.of(Mailbox.parse("r@example.test"))),
                new Extensions(Map.of("PIPELINING", "", "CHUNKING", "")),
                ContentChoice.only(TestContent.of(TEXT)),
                new TransactionDialogue.TransactionMode(false, true, true, true, true),
                RepetitionRules.NONE);
        if (sent) {
            transaction.contentSent();
        }
        for (int i = 0; i < 3; i++) { // to MAIL, RCPT and BDAT
            transaction.reply(new Reply(250, List.of("ok")));
        }
        assertThat(transaction.isBroken()).isEqualTo(!sent);
        assertThat(transaction.result().outcomes().get(0).outcome())
                .isInstanceOf(sent ? Outcome.Accepted.class : Outcome.BadConnection.class);
    }

    @Test
    void TRY_05_anInterruptedWriteBeforeTheEndLeavesNoDoubt() throws Exception {
        try (InterruptedSocket connection = new InterruptedSocket(server, 3);
                SmtpSession session = opened(connection, SmtpSettings.defaults(HostName.parse("client.test")))) {
            List<RecipientOutcome> outcomes = send(session, 1, ofSize(100_000));
            assertThat(Thread.interrupted()).isTrue();
            assertThat(outcomes.get(0).outcome()).isInstanceOf(Outcome.BadConnection.class);
        }
    }

    @Test
    void TRY_05_aMessageThatWasNotSentLeavesNoDoubt() throws Exception {
        server.onCommand("MAIL", "250 2.1.0 ok", 1).onCommand("MAIL", Misbehaviour.CLOSE);
        try (SmtpSession session = opened()) {
            turnsOf(session, 1, TestContent.of(TEXT));
            assertThat(send(session, 2, TestContent.of(TEXT)))
                    .allSatisfy(outcome -> assertThat(outcome.outcome()).isInstanceOf(Outcome.BadConnection.class));
        }
    }

    @Test
    void TRY_07_a421AppliesToTheWholeCommandGroupAndLeavesNoDoubt() throws Exception {
        server.onCommand("RCPT TO:<r1@", Misbehaviour.SAY_421_AND_CLOSE);
        try (SmtpSession session = opened()) {
            assertThat(send(session, 3, TestContent.of(TEXT)))
                    .allSatisfy(
                            outcome -> assertThat(outcome.outcome().describe()).startsWith("421"));
            assertThat(session.isUsable()).isFalse();
        }
    }

    @Test
    void TRY_06_aServerThatContinuesAfter421MayAcceptTheMessage() throws Exception {
        server.onCommand("RCPT TO:<r1@", "421 4.3.2 closing");
        try (SmtpSession session = opened()) {
            List<RecipientOutcome> outcomes = send(session, 3, TestContent.of(TEXT));
            assertThat(outcomes.get(0).outcome()).isInstanceOf(Outcome.Accepted.class);
            assertThat(outcomes.get(1).outcome().describe()).startsWith("421");
            assertThat(outcomes.get(2).outcome()).isInstanceOf(Outcome.Accepted.class);
            assertThat(session.isUsable()).isFalse();
        }
        assertThat(server.received()).hasSize(1);
    }

    @Test
    void TRY_05_aLossAfterA421ThatTheServerIgnoredIsInDoubt() throws Exception {
        server.onCommand("RCPT TO:<r0@", "421 4.3.2 closing").onEndOfData(Misbehaviour.CLOSE);
        try (SmtpSession session = opened()) {
            List<RecipientOutcome> outcomes = send(session, 2, TestContent.of(TEXT));
            assertThat(outcomes.get(0).outcome().describe()).startsWith("421");
            assertThat(outcomes.get(1).outcome()).isInstanceOf(Outcome.InDoubt.class);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {TransactionDialogue.MAX_ALONG_OCTETS / 2, 2 * Chunks.CHUNK})
    void chunking_aMessageShorterThanAnnouncedHasNoLastChunk(int size) throws Exception {
        MessageContent content = TestContent.of("a\r\n", size);
        try (SmtpSession session = opened()) {
            assertThat(send(session, 1, content))
                    .allSatisfy(outcome ->
                            assertThat(outcome.outcome().describe()).contains("ended after 3 of the " + size));
            assertThat(session.isUsable()).isFalse();
        }
        transcript.await(line -> server.openConnections() == 0, Duration.ofSeconds(30));
        assertThat(server.received()).isEmpty();
    }

    private void assertReceived(MessageContent content) {
        assertThat(server.received().get(0).content())
                .isEqualTo(((TestContent) content).octets().getBytes(StandardCharsets.ISO_8859_1));
    }
}
