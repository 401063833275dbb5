// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
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
import org.postroad.api.Stage;
import org.postroad.fixtures.FakeSmtpServer;
import org.postroad.fixtures.Transcript;
import org.postroad.provider.internal.envelope.Envelope;

/** Tests PIPELINING (RFC 2920): as few round trips as it allows, and the same outcomes as without it. */
@Timeout(300)
class PipeliningTest {

    private static final Deadline LATER = Deadline.after(Duration.ofMinutes(1));
    private static final String TEXT = "Subject: x\r\n\r\nx\r\n";

    private final Transcript transcript = new Transcript();
    private final Watchdog watchdog = new Watchdog();
    private FakeSmtpServer server;

    @BeforeEach
    void start() throws Exception {
        server = FakeSmtpServer.start("mx", Family.IPV4, transcript).keywords("PIPELINING");
    }

    @AfterEach
    void stop() throws Exception {
        watchdog.close();
        server.close();
    }

    private SmtpSession opened(boolean pipelining) throws Exception {
        SmtpSettings settings =
                SmtpSettings.defaults(HostName.parse("client.test")).with(pipelining, true);
        return TestSessions.opened(SecuredSocket.plain(server.connect()), settings, watchdog, DialogueLog.NONE, LATER);
    }

    private static List<Mailbox> recipients(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> Mailbox.parse("r" + i + "@example.test"))
                .toList();
    }

    private static List<RecipientOutcome> send(SmtpSession session, int recipients, DataGate gate) {
        Envelope envelope = Envelope.of(Optional.of(Mailbox.parse("me@client.test")), recipients(recipients));
        return session.send(envelope, ContentChoice.only(TestContent.of(TEXT)), gate, LATER)
                .outcomes();
    }

    private int turnsOf(SmtpSession session, int recipients) {
        int before = server.turns();
        assertThat(send(session, recipients, DataGate.OPEN))
                .hasSize(recipients)
                .allSatisfy(outcome -> assertThat(outcome.outcome()).isInstanceOf(Outcome.Accepted.class));
        return server.turns() - before;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 50})
    void pipelining_aMessageTakesTwoRoundTrips(int recipients) throws Exception {
        try (SmtpSession session = opened(true)) {
            assertThat(turnsOf(session, recipients)).isEqualTo(2);
            assertThat(turnsOf(session, recipients)).isEqualTo(2);
        }
    }

    @Test
    void pipelining_withoutTheExtensionEachCommandTakesARoundTrip() throws Exception {
        server.keywords();
        try (SmtpSession session = opened(true)) {
            assertThat(turnsOf(session, 3)).isEqualTo(6);
        }
    }

    @Test
    void pipelining_ifDisabledEachCommandTakesARoundTrip() throws Exception {
        try (SmtpSession session = opened(false)) {
            assertThat(turnsOf(session, 3)).isEqualTo(6);
        }
    }

    @Test
    void pipelining_commandGroupsHaveALimit() throws Exception {
        try (SmtpSession session = opened(true)) {
            // Each RCPT has at most 34 octets, so 1000 of them need a few command groups, but more than one.
            assertThat(turnsOf(session, 1000)).isBetween(4, 6);
        }
        assertThat(server.received())
                .singleElement()
                .satisfies(message -> assertThat(message.recipients()).hasSize(1000));
    }

    @Test
    void TRY_02_aRefusedMailIsTheResultForAllWhateverFollows() throws Exception {
        server.onCommand("MAIL", "550 5.7.1 not from you", 1);
        try (SmtpSession session = opened(true)) {
            assertThat(send(session, 3, DataGate.OPEN)).allSatisfy(outcome -> {
                assertThat(outcome.stage()).isEqualTo(Stage.MAIL);
                assertThat(outcome.outcome().describe()).isEqualTo("550 5.7.1 not from you");
            });
            assertThat(session.isUsable()).isTrue();
            assertThat(turnsOf(session, 3)).isEqualTo(3); // including RSET
        }
    }

    @Test
    void TRY_02_eachRecipientHasItsOwnReply() throws Exception {
        server.onCommand("RCPT TO:<r1@", "550 5.1.1 no such user");
        try (SmtpSession session = opened(true)) {
            List<RecipientOutcome> outcomes = send(session, 3, DataGate.OPEN);
            assertThat(outcomes.get(0).outcome()).isInstanceOf(Outcome.Accepted.class);
            assertThat(outcomes.get(1).outcome().describe()).isEqualTo("550 5.1.1 no such user");
            assertThat(outcomes.get(2).outcome()).isInstanceOf(Outcome.Accepted.class);
        }
        assertThat(server.received().get(0).recipients()).containsExactly("<r0@example.test>", "<r2@example.test>");
    }

    @Test
    void TRY_02_withoutAcceptedRecipientsDataMayBeRefused() throws Exception {
        server.onCommand("RCPT", "550 5.1.1 no such user", 2);
        try (SmtpSession session = opened(true)) {
            assertThat(send(session, 2, DataGate.OPEN))
                    .allSatisfy(outcome -> assertThat(outcome.stage()).isEqualTo(Stage.RCPT));
            assertThat(session.isUsable()).isTrue();
            assertThat(turnsOf(session, 2)).isEqualTo(3);
        }
    }

    @Test
    void TRY_02_withoutAcceptedRecipientsAnAcceptedDataGetsAnEmptyMessage() throws Exception {
        server.onCommand("RCPT", "550 5.1.1 no such user", 2).onCommand("DATA", "354 go on", 1);
        try (SmtpSession session = opened(true)) {
            assertThat(send(session, 2, DataGate.OPEN))
                    .allSatisfy(outcome -> assertThat(outcome.stage()).isEqualTo(Stage.RCPT));
            assertThat(session.isUsable()).isTrue();
            assertThat(server.received()).isEmpty();
            assertThat(transcript.linesOf("mx< (0 octets")).hasSize(1);
            assertThat(turnsOf(session, 2)).isEqualTo(2);
        }
        assertThat(server.received()).hasSize(1);
    }

    @Test
    void TRY_07_a421AppliesToTheWholeCommandGroup() throws Exception {
        server.onCommand("RCPT TO:<r1@", "421 4.3.2 closing");
        try (SmtpSession session = opened(true)) {
            assertThat(send(session, 3, DataGate.OPEN))
                    .allSatisfy(
                            outcome -> assertThat(outcome.outcome().describe()).startsWith("421"));
            assertThat(session.isUsable()).isFalse();
        }
        assertThat(server.received()).isEmpty();
    }

    @Test
    void pipelining_dataWaitsForTheCheckBeforeData() throws Exception {
        try (SmtpSession session = opened(true)) {
            send(session, 3, accepted -> false);
            assertThat(transcript.linesOf("mx< DATA")).isEmpty();
            assertThat(send(session, 3, accepted -> accepted.size() == 3))
                    .allSatisfy(outcome -> assertThat(outcome.outcome()).isInstanceOf(Outcome.Accepted.class));
        }
        assertThat(server.received()).hasSize(1);
    }
}
