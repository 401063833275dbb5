// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postroad.api.Domain;
import org.postroad.api.DomainReport;
import org.postroad.api.EnhancedStatus;
import org.postroad.api.HistoryFilter;
import org.postroad.api.MailHistory;
import org.postroad.api.MailHistory.Fate;
import org.postroad.api.MailHistory.RecipientHistory;
import org.postroad.api.Mailbox;
import org.postroad.api.QueueOptions;
import org.postroad.api.RecipientReport;
import org.postroad.api.TlsDemand;
import org.postroad.api.TlsSummary;
import org.postroad.provider.internal.envelope.Envelope;
import org.postroad.provider.internal.envelope.MessageId;
import org.postroad.provider.internal.message.SpooledMessage;
import org.postroad.provider.internal.queue.QueueSettings.Admission;
import org.postroad.provider.internal.queue.QueueSettings.History;
import org.postroad.provider.internal.queue.QueueSettings.KeptReports;
import org.postroad.provider.internal.queue.QueueSettings.Timing;
import org.postroad.provider.internal.queue.store.AttemptRows;
import org.postroad.provider.internal.queue.store.Database;
import org.postroad.provider.internal.queue.store.QueuedMessage;
import org.postroad.provider.internal.queue.store.Schema;
import org.postroad.provider.internal.queue.store.Sql;
import org.postroad.provider.internal.queue.store.TestDatabase;

/** What the history says of messages in and after the queue, on every database. */
@Timeout(300)
class HistoryTest extends QueueTesting {

    private static final Mailbox SENDER = Mailbox.parse("a@sender.test");
    private static final Mailbox A = Mailbox.parse("a@one.test");
    private static final Mailbox B = Mailbox.parse("b@one.test");
    private static final Mailbox C = Mailbox.parse("c@one.test");
    private static final Mailbox OTHER = Mailbox.parse("d@other.test");

    private static final Timing OFTEN =
            new Timing(Duration.ofMillis(50), Duration.ofMinutes(1), 20, Duration.ofSeconds(10));

    private static String submit(QueueManager queue, Mailbox... recipients) throws Exception {
        try (SpooledMessage content = content("Subject: x\r\n\r\nx\r\n")) {
            return queue.submit(envelope(recipients), content, labels(), QueueOptions.NONE)
                    .id();
        }
    }

    private static Envelope envelope(Mailbox... recipients) {
        return new Envelope(
                Optional.of(SENDER),
                Arrays.stream(recipients).map(Envelope.Recipient::of).toList(),
                Optional.empty(),
                Optional.of("envelope 7"),
                TlsDemand.NONE);
    }

    private static QueuedMessage.Labels labels() {
        return new QueuedMessage.Labels(Optional.of(new MessageId("<7@sender.test>")), Optional.of("Hello"));
    }

    private static MailHistory history(QueueManager queue, String id) {
        return new QueueControl(queue).history(id).orElseThrow();
    }

    private static List<String> fates(QueueManager queue, String id) {
        return history(queue, id).recipients().stream()
                .map(one -> one.recipient() + " " + one.fate())
                .toList();
    }

    private static void awaitFates(QueueManager queue, String id, String... fates) {
        while (!fates(queue, id).equals(List.of(fates))) {
            spin();
        }
    }

    /** Answers each recipient by its local part: a is accepted, b is refused, all others wait. */
    private static DomainReport byName(FakeDeliveryAgent.Handed mail) {
        DomainReport report = FakeDeliveryAgent.isDown(mail);
        return report.with(mail.recipients().stream()
                .map(mailbox -> {
                    Function<FakeDeliveryAgent.Handed, DomainReport> answer =
                            switch (mailbox.toString().charAt(0)) {
                                case 'a' -> FakeDeliveryAgent.says(250, "2.0.0 ok");
                                case 'b' -> FakeDeliveryAgent.says(550, "5.1.1 unknown");
                                default -> FakeDeliveryAgent.says(450, "4.2.1 later");
                            };
                    return answer.apply(mail).recipients().get(mail.recipients().indexOf(mailbox));
                })
                .toList());
    }

    @ParameterizedTest
    @EnumSource
    void queue_whatBecameOfADeliveredMessageIsKnownAfterItsEnd(TestDatabase kind) throws Exception {
        try (QueueManager queue = open(kind.open(directory), OFTEN)) {
            Instant before = Instant.now();
            String id = submit(queue, A, OTHER);
            awaitEmpty(queue);
            MailHistory mail = history(queue, id);
            assertThat(mail.queuedAt()).isBetween(before.minusMillis(1), Instant.now());
            assertThat(mail.sender()).contains(SENDER);
            assertThat(mail.messageId()).contains("<7@sender.test>");
            assertThat(mail.subject()).contains("Hello");
            assertThat(mail.envelopeId()).contains("envelope 7");
            assertThat(mail.size()).isEqualTo(17);
            assertThat(mail.key()).isEmpty();
            assertThat(fates(queue, id)).containsExactly(A + " DELIVERED", OTHER + " DELIVERED");
            RecipientHistory one = mail.recipients().get(0);
            assertThat(one.attempts()).isEqualTo(1);
            assertThat(one.changedAt()).isBetween(mail.queuedAt(), Instant.now());
            MailHistory.AttemptResult result = one.result().orElseThrow();
            assertThat(result.status()).isEqualTo(EnhancedStatus.SUCCESS_2_0_0);
            assertThat(result.decision().rule()).isEqualTo("TRY-02");
            assertThat(result.decision().explanation()).contains("2.0.0 ok");
            assertThat(result.replyCode()).contains(250);
            assertThat(result.remote().orElseThrow()).hasToString("mx.test[192.0.2.1]:25");
            assertThat(result.protection()).contains(TlsSummary.Level.NONE);
            assertThat(new QueueControl(queue).history(HistoryFilter.ALL.withRecipient(OTHER), "", 10))
                    .singleElement()
                    .satisfies(listed -> assertThat(listed.recipients())
                            .extracting(RecipientHistory::recipient)
                            .containsExactly(OTHER));
        }
    }

    @ParameterizedTest
    @EnumSource
    void queue_theHistoryHasTheCurrentFateOfEachRecipient(TestDatabase kind) throws Exception {
        agent.answers(HistoryTest::byName);
        try (QueueManager queue = open(kind.open(directory), OFTEN)) {
            String id = submit(queue, C, A, B);
            awaitFates(queue, id, C + " DEFERRED", A + " DELIVERED", B + " FAILED");
            assertThat(history(queue, id)
                            .recipients()
                            .get(0)
                            .result()
                            .orElseThrow()
                            .toString())
                    .contains("4.2.1", "later");
            assertThat(history(queue, id)
                            .recipients()
                            .get(2)
                            .result()
                            .orElseThrow()
                            .replyCode())
                    .contains(550);
        }
    }

    @ParameterizedTest
    @EnumSource
    void queue_aMessageThatWasNotTriedIsWaiting(TestDatabase kind) throws Exception {
        try (QueueManager queue = open(kind.open(directory), OFTEN)) {
            new QueueControl(queue).pause(Domain.parse("one.test"));
            String id = submit(queue, A);
            assertThat(history(queue, id).recipients())
                    .containsExactly(new RecipientHistory(
                            A, Fate.WAITING, history(queue, id).queuedAt(), 0, Optional.empty()));
        }
    }

    @ParameterizedTest
    @EnumSource
    void queue_onlyThoseWhoWaitedAreRemovedByAnOperator(TestDatabase kind) throws Exception {
        agent.answers(HistoryTest::byName);
        try (QueueManager queue = open(kind.open(directory), OFTEN)) {
            String removed = submit(queue, A, B, C);
            awaitFates(queue, removed, A + " DELIVERED", B + " FAILED", C + " DEFERRED");
            assertThat(new QueueControl(queue).remove(removed)).isEqualTo(1);
            assertThat(fates(queue, removed)).containsExactly(A + " DELIVERED", B + " FAILED", C + " REMOVED");
            String bounced = submit(queue, C);
            awaitFates(queue, bounced, C + " DEFERRED");
            assertThat(new QueueControl(queue).bounce(bounced)).isEqualTo(1);
            assertThat(fates(queue, bounced)).containsExactly(C + " REMOVED");
        }
    }

    @ParameterizedTest
    @EnumSource
    void queue_aDamagedDeliveryThatIsRemovedIsRemovedInTheHistory(TestDatabase kind) throws Exception {
        try (QueueManager queue = open(kind.open(directory), OFTEN)) {
            new QueueControl(queue).pause(Domain.parse("one.test"));
            String id = submit(queue, A);
            queue.writeForCaller(connection -> Sql.update(connection, "UPDATE postroad_delivery SET hint = 'nowhere'"));
            assertThat(new QueueControl(queue).remove(id)).isEqualTo(1);
            assertThat(fates(queue, id)).containsExactly(A + " REMOVED");
        }
    }

    @ParameterizedTest
    @EnumSource
    void RETRY_02_anExpiredMessageIsExpiredInTheHistory(TestDatabase kind) throws Exception {
        admission = new Admission(Duration.ofMillis(1), 1000, true, false);
        agent.answers(HistoryTest::byName);
        try (QueueManager queue = open(kind.open(directory), OFTEN)) {
            String id = submit(queue, C);
            awaitFates(queue, id, C + " EXPIRED");
            assertThat(history(queue, id)
                            .recipients()
                            .get(0)
                            .result()
                            .orElseThrow()
                            .status())
                    .hasToString("4.2.1");
        }
    }

    @ParameterizedTest
    @EnumSource
    void TRY_05_afterACrashTheHistorySaysThatTheResultIsUnknown(TestDatabase kind) throws Exception {
        agent.answers(HistoryTest::byName);
        Database database = kind.open(directory);
        try (QueueManager queue = open(database, OFTEN)) {
            new QueueControl(queue).pause(C.domain());
            String id = submit(queue, C);
            queue.writeForCaller(connection -> AttemptRows.begin(connection, id, C.domain(), Instant.now()));
            agent.answers(mail -> {
                assertThat(fates(queue, id)).containsExactly(C + " IN_DOUBT");
                return FakeDeliveryAgent.says(250, "2.0.0 ok").apply(mail);
            });
            new QueueControl(queue).resume(C.domain());
            awaitFates(queue, id, C + " DELIVERED");
            assertThat(history(queue, id).recipients().get(0).attempts()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void queue_aTransactionThatIsRolledBackLeavesNoHistory(TestDatabase kind) throws Exception {
        try (Database database = kind.open(directory);
                QueueManager queue = open(database, OFTEN)) {
            try {
                queue.writeForCaller(connection -> {
                    submitWithin(queue, connection);
                    throw new IllegalStateException("rolled back");
                });
            } catch (IllegalStateException expected) {
                assertThat(expected).hasMessage("rolled back");
            }
            assertThat(new QueueControl(queue).history(HistoryFilter.ALL, "", 10))
                    .isEmpty();
            String id = queue.writeForCaller(connection -> submitWithin(queue, connection));
            assertThat(new QueueControl(queue).history(HistoryFilter.ALL, "", 10))
                    .extracting(MailHistory::id)
                    .containsExactly(id);
        }
    }

    private static String submitWithin(QueueManager queue, Connection connection) {
        try (SpooledMessage content = content("x")) {
            return queue.submitInTransaction(connection, envelope(A), content, labels(), QueueOptions.NONE)
                    .id();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @EnumSource
    void queue_noHistoryIsWrittenIfNoneIsKept(TestDatabase kind) throws Exception {
        history = new History(Duration.ZERO, 1000, KeptReports.FAILURES);
        agent.answers(HistoryTest::byName);
        try (QueueManager queue = open(kind.open(directory), OFTEN)) {
            submit(queue, A, B);
            while (agent.handed().size() < 2) { // the message, and the notice about B
                spin();
            }
            awaitEmpty(queue);
            assertThat(new QueueControl(queue).history(HistoryFilter.ALL, "", 10))
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void queue_noticesHaveAHistory(TestDatabase kind) throws Exception {
        agent.answers(HistoryTest::byName);
        try (QueueManager queue = open(kind.open(directory), OFTEN)) {
            submit(queue, B);
            awaitEmpty(queue);
            assertThat(new QueueControl(queue).history(HistoryFilter.ALL.withRecipient(SENDER), "", 10))
                    .singleElement()
                    .satisfies(notice -> assertThat(notice.sender()).isEmpty());
        }
    }

    @ParameterizedTest
    @EnumSource
    void queue_anOpenQueueCleansItsHistory(TestDatabase kind) throws Exception {
        Database database = kind.open(directory);
        Schema.ensure(database, true);
        database.write(connection -> Sql.update(
                connection, "INSERT INTO postroad_history (id, queued_at, size) VALUES ('000000001', 1, 1)"));
        try (QueueManager queue = open(database, OFTEN)) {
            while (new QueueControl(queue).history("000000001").isPresent()) {
                spin();
            }
        }
    }

    /** Another reason for each recipient, of any length and with any character, must not prevent the end of an attempt. */
    @ParameterizedTest
    @EnumSource
    void queue_aReasonIsCutToItsLimit(TestDatabase kind) throws Exception {
        List<String> reasons =
                List.of("x".repeat(499), "x".repeat(500), "x".repeat(501), "\0\ud800" + "\u20ac".repeat(9999));
        Mailbox[] all = IntStream.range(0, reasons.size())
                .mapToObj(i -> Mailbox.parse("a" + i + "@one.test"))
                .toArray(Mailbox[]::new);
        agent.answers(mail -> {
            DomainReport report = FakeDeliveryAgent.says(250, "2.0.0 ok").apply(mail);
            return report.with(report.recipients().stream()
                    .map(one -> new RecipientReport(
                            one.recipient(),
                            one.verdict(),
                            one.status(),
                            new RecipientReport.Decision(
                                    "R".repeat(50),
                                    reasons.get(mail.recipients().indexOf(one.recipient()))),
                            one.decidedBy()))
                    .toList());
        });
        try (QueueManager queue = open(kind.open(directory), OFTEN)) {
            String id = submit(queue, all);
            awaitEmpty(queue);
            assertThat(history(queue, id).recipients())
                    .extracting(one -> one.result().orElseThrow().decision().explanation())
                    .containsExactly(
                            "x".repeat(499),
                            "x".repeat(500),
                            "x".repeat(499) + "\u2026",
                            "\\u0000\\ud800" + "\u20ac".repeat(487) + "\u2026");
        }
    }
}
