// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postroad.api.Deadline;
import org.postroad.api.Family;
import org.postroad.api.HostName;
import org.postroad.api.Mailbox;
import org.postroad.api.Outcome;
import org.postroad.api.RecipientOutcome;
import org.postroad.api.Stage;
import org.postroad.api.TlsDemand;
import org.postroad.fixtures.FakeSmtpServer;
import org.postroad.fixtures.Misbehaviour;
import org.postroad.fixtures.Transcript;
import org.postroad.provider.internal.envelope.Envelope;
import org.postroad.provider.internal.envelope.Notify;
import org.postroad.provider.internal.envelope.Returned;
import org.postroad.provider.internal.route.ErrorPolicy;

/** Tests repeated commands after a refusal that concerns their form: on their own (RFC 2920), or without parameters (RFC 3461). */
@Timeout(60)
class RepetitionRulesTest {

    private static final Deadline LATER = Deadline.after(Duration.ofMinutes(1));

    private final Transcript transcript = new Transcript();
    private final Watchdog watchdog = new Watchdog();
    private Set<Notify> notify = Set.of();
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

    private SmtpSession opened() throws Exception {
        SmtpSettings settings = SmtpSettings.defaults(HostName.parse("client.test"))
                .with(new RepetitionRules(ErrorPolicy::isCommandRefused, ErrorPolicy::mayMeanParameters));
        return TestSessions.opened(SecuredSocket.plain(server.connect()), settings, watchdog, DialogueLog.NONE, LATER);
    }

    private List<RecipientOutcome> send(SmtpSession session, int recipients) {
        return send(session, recipients, DataGate.OPEN);
    }

    private List<RecipientOutcome> send(SmtpSession session, int recipients, DataGate gate) {
        Envelope envelope = new Envelope(
                Optional.of(Mailbox.parse("me@client.test")),
                IntStream.range(0, recipients)
                        .mapToObj(i -> new Envelope.Recipient(
                                Mailbox.parse("r" + i + "@example.test"), notify, Optional.empty()))
                        .toList(),
                notify.isEmpty() ? Optional.empty() : Optional.of(Returned.HDRS),
                notify.isEmpty() ? Optional.empty() : Optional.of("id"),
                TlsDemand.NONE);
        return session.send(envelope, ContentChoice.only(TestContent.of("Subject: x\r\n\r\nx\r\n")), gate, LATER)
                .outcomes();
    }

    private static void assertAccepted(List<RecipientOutcome> outcomes, boolean dsn) {
        assertThat(outcomes)
                .allSatisfy(outcome -> assertThat(outcome.outcome())
                        .isInstanceOfSatisfying(
                                Outcome.Accepted.class,
                                accepted -> assertThat(accepted.dsn()).isEqualTo(dsn)));
    }

    /** Checks that each recipient got the message once. */
    private void assertDelivered(int recipients) {
        List<String> delivered = new ArrayList<>();
        server.received().forEach(message -> delivered.addAll(message.recipients()));
        assertThat(delivered.stream().map(path -> path.replaceAll(" .*", "")))
                .containsExactlyInAnyOrderElementsOf(IntStream.range(0, recipients)
                        .mapToObj(i -> "<r" + i + "@example.test>")
                        .toList());
    }

    @ParameterizedTest
    @CsvSource({
        "PIPELINING, 500",
        "PIPELINING, 501",
        "PIPELINING, 502",
        "PIPELINING, 503",
        "PIPELINING, 504",
        "PIPELINING CHUNKING, 500",
        "PIPELINING CHUNKING, 503"
    })
    void pipelining_aCommandRefusedInAGroupIsRepeatedOnItsOwn(String keywords, int code) throws Exception {
        for (String command : List.of("MAIL", "RCPT", "RCPT TO:<r0@", "RCPT TO:<r1@", "DATA")) {
            server.keywords(keywords.split(" ")).onCommand(command, code + " 5.5.1 not so fast", 1);
            try (SmtpSession session = opened()) {
                int before = server.received().size();
                assertAccepted(send(session, 2), false);
                assertThat(session.isUsable()).isTrue();
                assertAccepted(send(session, 1), false);
                assertThat(server.received().size() - before).isBetween(2, 3);
            }
            server.close(); // a new server for each command
            server = FakeSmtpServer.start("mx", Family.IPV4, transcript);
        }
    }

    @Test
    void pipelining_anAcceptedRecipientIsNotRepeated() throws Exception {
        server.keywords("PIPELINING").onCommand("RCPT TO:<r1@", "503 5.5.1 not so fast", 1);
        try (SmtpSession session = opened()) {
            assertAccepted(send(session, 3), false);
        }
        assertDelivered(3);
        assertThat(server.received())
                .extracting(message -> message.recipients().size())
                .containsExactly(2, 1);
        assertThat(server.connections()).isEqualTo(1);
    }

    @Test
    void pipelining_aRecipientRefusedOnItsOwnIsRefused() throws Exception {
        server.keywords("PIPELINING").onCommand("RCPT TO:<r1@", "503 5.5.1 never");
        try (SmtpSession session = opened()) {
            List<RecipientOutcome> outcomes = send(session, 2);
            assertThat(outcomes.get(0).outcome()).isInstanceOf(Outcome.Accepted.class);
            assertThat(outcomes.get(1).stage()).isEqualTo(Stage.RCPT);
            assertThat(outcomes.get(1).outcome().describe()).isEqualTo("503 5.5.1 never");
            assertThat(session.isUsable()).isTrue();
        }
        assertThat(transcript.linesOf("mx< RCPT TO:<r1@")).hasSize(2);
    }

    @Test
    void pipelining_aReplyToARecipientOnItsOwnIsFinal() throws Exception {
        server.keywords("PIPELINING").onCommand("RCPT", "500 5.5.1 what?", 1).onCommand("RCPT", "550 5.1.1 unknown");
        try (SmtpSession session = opened()) {
            assertThat(send(session, 1).get(0).outcome().describe()).isEqualTo("550 5.1.1 unknown");
        }
    }

    @Test
    void pipelining_withoutItARefusedCommandIsNotRepeated() throws Exception {
        server.onCommand("RCPT", "503 5.5.1 no");
        try (SmtpSession session = opened()) {
            assertThat(send(session, 1).get(0).outcome().describe()).isEqualTo("503 5.5.1 no");
        }
        assertThat(transcript.linesOf("mx< RCPT")).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"CLOSE, bad connection", "SAY_421_AND_CLOSE, 421", "GARBAGE_LINE, bad connection"})
    void TRY_03_aRecipientThatCannotBeRepeatedIsNotRefusedPermanently(Misbehaviour misbehaviour, String said)
            throws Exception {
        server.keywords("PIPELINING")
                .onCommand("RCPT TO:<r1@", "503 5.5.1 not so fast", 1)
                .onCommand("RSET", misbehaviour);
        try (SmtpSession session = opened()) {
            List<RecipientOutcome> outcomes = send(session, 2);
            assertThat(outcomes.get(0).outcome()).isInstanceOf(Outcome.Accepted.class);
            assertThat(outcomes.get(1).outcome().describe()).startsWith(said);
            assertThat(session.isUsable()).isFalse();
        }
    }

    /** The second transaction has its own end of data: content sent in the first one leaves no doubt about the second. */
    @Test
    void TRY_05_aRepeatedRecipientIsInDoubtOnlyByTheSecondTransaction() throws Exception {
        server.keywords("PIPELINING", "CHUNKING")
                .onCommand("RCPT TO:<r1@", "503 5.5.1 not so fast", 1)
                .onCommand("RCPT TO:<r1@", Misbehaviour.CLOSE);
        try (SmtpSession session = opened()) {
            List<RecipientOutcome> outcomes = send(session, 2);
            assertThat(outcomes.get(0).outcome()).isInstanceOf(Outcome.Accepted.class);
            assertThat(outcomes.get(1).outcome()).isInstanceOf(Outcome.BadConnection.class);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'', 555 5.5.4 unsupported",
        "'', 501 5.5.4 unsupported",
        "'', 501 syntax error in parameters",
        "'', 504 not implemented",
        "'', 455 not able to",
        "'', 550 5.5.4 invalid arguments",
        "PIPELINING, 555 unsupported",
        "PIPELINING, 501 5.5.4 unsupported",
        "PIPELINING CHUNKING, 555 5.5.4 unsupported"
    })
    void dsn_aRefusedParameterIsOmitted(String keywords, String reply) throws Exception {
        notify = Set.of(Notify.FAILURE);
        server.keywords(("DSN SIZE " + keywords).strip().split(" "));
        server.onCommand("RCPT TO:<r0@example.test> NOTIFY", reply)
                .onCommand("RCPT TO:<r1@example.test> NOTIFY", reply);
        try (SmtpSession session = opened()) {
            assertAccepted(send(session, 2), false);
            assertThat(session.isUsable()).isTrue();
        }
        assertDelivered(2);
        assertThat(server.received()).hasSize(1);
        assertThat(server.connections()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "PIPELINING", "PIPELINING CHUNKING"})
    void dsn_aRefusedParameterOfMailIsOmitted(String keywords) throws Exception {
        notify = Set.of(Notify.SUCCESS);
        server.keywords(("DSN SIZE 8BITMIME " + keywords).strip().split(" "))
                .onCommand("MAIL", "555 5.5.4 RET not supported", 1);
        try (SmtpSession session = opened()) {
            assertAccepted(send(session, 2), false);
        }
        assertDelivered(2);
        assertThat(transcript.linesOf("mx< MAIL"))
                .satisfiesExactly(
                        first -> assertThat(first).contains(" SIZE=", " RET=HDRS", " ENVID=id"),
                        second -> assertThat(second).endsWith("MAIL FROM:<me@client.test>"));
        assertThat(transcript
                        .linesOf("mx< RCPT")
                        .get(transcript.linesOf("mx< RCPT").size() - 1))
                .doesNotContain("NOTIFY");
    }

    @Test
    void dsn_aRecipientAcceptedWithParametersKeepsThem() throws Exception {
        notify = Set.of(Notify.SUCCESS);
        server.keywords("DSN").onCommand("RCPT TO:<r1@example.test> NOTIFY", "555 5.5.4 not for that one");
        try (SmtpSession session = opened()) {
            List<RecipientOutcome> outcomes = send(session, 3);
            assertThat(outcomes)
                    .extracting(outcome -> ((Outcome.Accepted) outcome.outcome()).dsn())
                    .containsExactly(true, false, false);
        }
        assertDelivered(3);
    }

    @Test
    void dsn_aRefusedAddressIsNotRepeated() throws Exception {
        notify = Set.of(Notify.FAILURE);
        server.keywords("DSN")
                .onCommand("RCPT TO:<r0@", "550 5.1.1 unknown")
                .onCommand("RCPT TO:<r1@", "501 5.1.3 bad syntax");
        try (SmtpSession session = opened()) {
            assertThat(send(session, 2))
                    .allSatisfy(outcome -> assertThat(outcome.outcome()).isInstanceOf(Outcome.Refused.class));
        }
        assertThat(transcript.linesOf("mx< RCPT")).hasSize(2);
    }

    @Test
    void dsn_withoutParametersNothingIsRepeated() throws Exception {
        server.keywords("DSN").onCommand("RCPT", "555 5.5.4 unsupported");
        try (SmtpSession session = opened()) {
            assertThat(send(session, 1).get(0).outcome().describe()).isEqualTo("555 5.5.4 unsupported");
        }
        assertThat(transcript.linesOf("mx< RCPT")).hasSize(1);
    }

    /** The check before DATA receives only recipients whose replies are final. */
    @ParameterizedTest
    @ValueSource(strings = {"", "PIPELINING", "PIPELINING CHUNKING"})
    void pipelining_allRepetitionsPrecedeTheCheckBeforeData(String keywords) throws Exception {
        notify = Set.of(Notify.FAILURE);
        server.keywords(("DSN " + keywords).strip().split(" "))
                .onCommand("RCPT TO:<r1@example.test> NOTIFY", "555 5.5.4 unsupported")
                .onCommand("RCPT TO:<r2@", "503 5.5.1 not so fast", keywords.isEmpty() ? 0 : 1);
        try (SmtpSession session = opened()) {
            List<Integer> seen = new ArrayList<>();
            List<RecipientOutcome> outcomes = send(session, 3, accepted -> {
                seen.add(accepted.size());
                return accepted.size() == 3;
            });
            assertThat(seen).containsExactly(3);
            assertThat(outcomes)
                    .allSatisfy(outcome -> assertThat(outcome.outcome()).isInstanceOf(Outcome.Accepted.class));
        }
        assertThat(server.received()).hasSize(1);
    }

    @Test
    void smtp_repetitionsEndAtAServerThatRefusesEveryForm() throws Exception {
        notify = Set.of(Notify.FAILURE);
        server.keywords("DSN", "SIZE", "PIPELINING", "CHUNKING").onCommand("MAIL", "501 no");
        try (SmtpSession session = opened()) {
            assertThat(send(session, 3))
                    .allSatisfy(
                            outcome -> assertThat(outcome.outcome().describe()).isEqualTo("501 no"));
        }
        // Original form, without parameters, and on its own.
        assertThat(transcript.linesOf("mx< MAIL")).hasSize(3);
    }
}
