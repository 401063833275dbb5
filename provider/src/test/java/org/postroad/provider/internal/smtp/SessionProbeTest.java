// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postroad.api.Deadline;
import org.postroad.api.HostName;
import org.postroad.api.Mailbox;
import org.postroad.api.Reply;
import org.postroad.api.Stage;
import org.postroad.provider.internal.envelope.Envelope;

/** {@link SmtpSession#probe}: sender and recipients are offered, and no content can be sent, whatever a dialogue asks for. */
@Timeout(300)
class SessionProbeTest {

    private static final Deadline LATER = Deadline.after(Duration.ofMinutes(5));
    private static final SmtpSettings SETTINGS = SmtpSettings.defaults(HostName.parse("client.test"));

    private final Watchdog watchdog = new Watchdog();

    @AfterEach
    void stop() {
        watchdog.close();
    }

    private static Envelope envelope() {
        return Envelope.of(
                Optional.of(Mailbox.parse("me@client.test")),
                List.of(Mailbox.parse("a@example.test"), Mailbox.parse("b@example.test")));
    }

    private SmtpSession opened(ScriptedSocket socket) {
        return TestSessions.opened(SecuredSocket.plain(socket), SETTINGS, watchdog, DialogueLog.NONE, LATER);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PIPELINING", "CHUNKING", "PIPELINING\n250-CHUNKING", "SIZE 1000\n250-PIPELINING\n250-DSN"})
    void probe_eachCommandIsSentByItselfAndNoneBeginsTheMessage(String keywords) {
        ScriptedSocket socket = new ScriptedSocket("220 mx.test", "250-mx.test\n250-" + keywords + "\n250 HELP");
        socket.answers("250 sender", "250 a", "550 5.1.1 b", "354 go on", "250 taken");
        SmtpSession session = opened(socket);
        TransactionResult result = session.probe(envelope(), LATER);
        session.quit();
        assertThat(result.withdrawn()).containsExactly(Mailbox.parse("a@example.test"));
        assertThat(result.outcomes())
                .singleElement()
                .satisfies(outcome -> assertThat(outcome.stage()).isEqualTo(Stage.RCPT));
        assertThat(result.contentTaken()).isFalse();
        assertThat(socket.written().stream()
                        .map(line -> line.replaceFirst(":.*", "").strip()))
                .containsExactly("EHLO client.test", "MAIL FROM", "RCPT TO", "RCPT TO", "QUIT");
    }

    @Test
    void probe_aRefusedSenderRefusesAllRecipients() {
        ScriptedSocket socket = new ScriptedSocket("220 mx.test", "250 mx.test", "451 later");
        TransactionResult result = opened(socket).probe(envelope(), LATER);
        assertThat(result.outcomes()).hasSize(2).allMatch(outcome -> outcome.stage() == Stage.MAIL);
        assertThat(result.withdrawn()).isEmpty();
    }

    @Test
    void probe_beforeAnotherTransactionTheServerIsReset() {
        ScriptedSocket socket = new ScriptedSocket("220 mx.test", "250 mx.test");
        socket.answers("250 s", "250 a", "250 b", "250 reset", "250 s", "250 a", "250 b");
        SmtpSession session = opened(socket);
        session.probe(envelope(), LATER);
        assertThat(session.probe(envelope(), LATER).withdrawn()).hasSize(2);
        assertThat(socket.written()).contains("RSET\r\n");
    }

    /** A dialogue that wants one step, and would send a message. */
    private record Wanting(SmtpDialogue.DialogueStep next) implements SmtpDialogue.WithContent {
        @Override
        public Stage stage() {
            return Stage.DATA;
        }

        @Override
        public void reply(Reply reply) {}

        @Override
        public void lost(String detail) {}

        @Override
        public boolean isBroken() {
            return false;
        }

        @Override
        public void gateDecided(boolean proceed) {}

        @Override
        public void contentSent() {}
    }

    static Stream<SmtpDialogue.DialogueStep> stepsWithContent() {
        MessageContent content = TestContent.of("Subject: x\r\n\r\nx\r\n");
        return Stream.of(
                new SmtpDialogue.Send(Command.data()),
                new SmtpDialogue.Send(List.of(
                        Command.mail(envelope(), new Command.MailParameters(1, false, false), Extensions.NONE),
                        Command.data())),
                new SmtpDialogue.Send(Command.bdat(17, true)),
                new SmtpDialogue.Send(Command.bdat(17, false)),
                new SmtpDialogue.SendContent(content),
                new SmtpDialogue.SendChunks(List.of(), content, true));
    }

    @ParameterizedTest
    @MethodSource("stepsWithContent")
    void probe_aStepThatWouldSendAMessageIsADefectAndNothingIsWritten(SmtpDialogue.DialogueStep step) {
        ScriptedSocket socket = new ScriptedSocket("");
        DialogueRunner runner = new DialogueRunner(
                new SmtpConnection(SecuredSocket.plain(socket), watchdog),
                SETTINGS,
                DialogueLog.NONE,
                StageTimes.beginning(LATER.clock()),
                false);
        assertThatThrownBy(() -> runner.probe(new Wanting(step), LATER)).isInstanceOf(IllegalStateException.class);
        assertThat(socket.written()).isEmpty();
        assertThat(socket.isClosed()).isTrue();
    }
}
