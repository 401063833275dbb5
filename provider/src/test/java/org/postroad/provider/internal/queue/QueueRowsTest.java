// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postroad.api.Domain;
import org.postroad.api.EnhancedStatus;
import org.postroad.api.IpAddress;
import org.postroad.api.MailHistory.Fate;
import org.postroad.api.Mailbox;
import org.postroad.api.Priority;
import org.postroad.api.QueueOptions;
import org.postroad.api.QueuedMail.PastAttempt;
import org.postroad.api.QueuedMail.State;
import org.postroad.api.RecipientReport;
import org.postroad.api.TlsDemand;
import org.postroad.api.Verdict;
import org.postroad.provider.internal.envelope.Envelope;
import org.postroad.provider.internal.envelope.MessageId;
import org.postroad.provider.internal.envelope.Notify;
import org.postroad.provider.internal.envelope.Returned;
import org.postroad.provider.internal.message.MessageFacts;
import org.postroad.provider.internal.queue.store.AttemptRows;
import org.postroad.provider.internal.queue.store.AttemptRows.AttemptEnd;
import org.postroad.provider.internal.queue.store.AttemptRows.Rescheduling;
import org.postroad.provider.internal.queue.store.ContentRows;
import org.postroad.provider.internal.queue.store.Database;
import org.postroad.provider.internal.queue.store.DeliveryRows;
import org.postroad.provider.internal.queue.store.HistoryRows.RecipientResult;
import org.postroad.provider.internal.queue.store.MessageRows;
import org.postroad.provider.internal.queue.store.QueueException;
import org.postroad.provider.internal.queue.store.QueueRows;
import org.postroad.provider.internal.queue.store.QueueRows.Window;
import org.postroad.provider.internal.queue.store.QueuedDelivery;
import org.postroad.provider.internal.queue.store.QueuedMessage;
import org.postroad.provider.internal.queue.store.Schema;
import org.postroad.provider.internal.queue.store.Sql;
import org.postroad.provider.internal.queue.store.TestDatabase;

/** Everything written is read back unchanged, on every database. */
@Timeout(300)
class QueueRowsTest {

    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
    private static final Duration HORIZON = Duration.ofHours(5);
    private static final Domain ONE = Domain.parse("one.test");
    private static final Domain OTHER = Domain.parse("other.test");
    private static final Mailbox A = Mailbox.parse("a@one.test");
    private static final Mailbox B = Mailbox.parse("B@one.test");
    private static final Mailbox C = Mailbox.parse("c@other.test");

    @TempDir
    Path directory;

    private Database opened(TestDatabase kind) throws Exception {
        Database database = kind.open(directory);
        Schema.ensure(database, true);
        return database;
    }

    private static QueuedMessage message(String id, int size) {
        return new QueuedMessage(
                id,
                NOW,
                NOW.plus(Duration.ofDays(5)),
                Optional.of(Mailbox.parse("gr\u00fc\u00dfe@sender.test")),
                Optional.of(Returned.HDRS),
                Optional.of("id 1"),
                TlsDemand.WAIVED,
                new QueuedMessage.Labels(Optional.of(new MessageId("<1@sender.test>")), Optional.of("Gr\u00fc\u00dfe")),
                new MessageFacts(size, true, false, 78, false, true));
    }

    private static void add(Database database, String id, byte[] octets, Mailbox... recipients) throws Exception {
        List<Envelope.Recipient> all = Arrays.stream(recipients)
                .map(mailbox -> new Envelope.Recipient(mailbox, Set.of(Notify.FAILURE, Notify.DELAY), Optional.of(A)))
                .toList();
        database.write(connection -> {
            MessageRows.add(
                    connection,
                    message(id, octets.length),
                    () -> new ByteArrayInputStream(octets),
                    all,
                    QueueOptions.NONE);
            return id;
        });
    }

    private static List<QueuedDelivery> claim(Database database, Domain domain, Instant at) throws Exception {
        return database.write(connection -> {
            List<QueuedDelivery> begun = new ArrayList<>();
            Window window = new Window(at, at.plus(HORIZON));
            for (String message :
                    QueueRows.due(connection, domain, window, 10).getOrDefault(Priority.NORMAL, List.of())) {
                AttemptRows.begin(connection, message, domain, at).ifPresent(begun::add);
            }
            return begun;
        });
    }

    private static void end(Database database, QueuedDelivery delivery, List<Mailbox> settled, Rescheduling next)
            throws Exception {
        end(database, delivery, new AttemptEnd(results(Fate.FAILED, settled), next, "so it was"));
    }

    private static List<RecipientResult> results(Fate fate, List<Mailbox> mailboxes) {
        Verdict verdict = fate == Fate.DELIVERED ? Verdict.DELIVERED : Verdict.FAILED;
        EnhancedStatus status = fate == Fate.DELIVERED ? EnhancedStatus.SUCCESS_2_0_0 : EnhancedStatus.UNDEFINED_5_0_0;
        RecipientReport.Decision decision = new RecipientReport.Decision("RETRY-01", "so it was");
        return mailboxes.stream()
                .map(mailbox -> new RecipientReport(mailbox, verdict, status, decision, Optional.empty()))
                .map(report -> new RecipientResult(fate, report))
                .toList();
    }

    private static void end(Database database, QueuedDelivery delivery, AttemptEnd ending) throws Exception {
        database.write(connection -> {
            AttemptRows.end(connection, delivery, ending, List.of(), NOW);
            return true;
        });
    }

    private static Rescheduling later(Duration delay) {
        return new Rescheduling(State.OPEN, NOW.plus(delay), false, true, Optional.of(IpAddress.parse("192.0.2.7")));
    }

    private static List<Domain> waiting(Database database) throws Exception {
        return database
                .read(connection -> QueueRows.waiting(connection, new Window(NOW, NOW.plus(HORIZON)), 10))
                .stream()
                .map(waiting -> Domain.parse(waiting.domain()))
                .toList();
    }

    private static Optional<Instant> nextDue(Database database) throws Exception {
        return database.read(connection -> QueueRows.nextDue(connection, ONE));
    }

    private static List<QueuedDelivery> cutOff(Database database) throws Exception {
        return database.read(connection -> AttemptRows.interruptedByCrash(connection, ONE));
    }

    private static long size(Database database) throws Exception {
        return database.read(MessageRows::size);
    }

    private static byte[] content(Database database, String id) throws Exception {
        List<byte[]> parts = database.read(connection -> Sql.query(
                connection,
                "SELECT octets FROM postroad_content WHERE message_id = ? ORDER BY part",
                row -> row.getBytes(1),
                id));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        parts.forEach(out::writeBytes);
        return out.toByteArray();
    }

    @ParameterizedTest
    @EnumSource
    void queue_anAddedMessageIsClaimedUnchanged(TestDatabase kind) throws Exception {
        try (Database database = opened(kind)) {
            add(database, "m1", new byte[] {'x', '\r', '\n'}, A, C, B);
            List<QueuedDelivery> claimed = claim(database, ONE, NOW);
            assertThat(claimed).singleElement().satisfies(delivery -> {
                assertThat(delivery.message()).isEqualTo(message("m1", 3));
                assertThat(delivery.state()).isEqualTo(State.TRYING);
                assertThat(delivery.attempts()).isEqualTo(1);
                assertThat(delivery.recipients())
                        .containsExactly(
                                new Envelope.Recipient(A, Set.of(Notify.FAILURE, Notify.DELAY), Optional.of(A)),
                                new Envelope.Recipient(B, Set.of(Notify.FAILURE, Notify.DELAY), Optional.of(A)));
            });
            assertThat(claim(database, ONE, NOW)).isEmpty();
            assertThat(waiting(database)).containsExactlyInAnyOrder(ONE, OTHER);
        }
    }

    @ParameterizedTest
    @EnumSource
    void queue_theLastDeliveryDeletesTheMessage(TestDatabase kind) throws Exception {
        try (Database database = opened(kind)) {
            add(database, "m1", new byte[10], A, C);
            end(database, claim(database, ONE, NOW).get(0), List.of(A), later(Duration.ZERO));
            assertThat(size(database)).isEqualTo(1);
            assertThat(content(database, "m1")).hasSize(10);
            end(database, claim(database, OTHER, NOW).get(0), List.of(C), later(Duration.ZERO));
            assertThat(size(database)).isZero();
            assertThat(content(database, "m1")).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void RETRY_01_pendingRecipientsWaitForTheNextAttempt(TestDatabase kind) throws Exception {
        try (Database database = opened(kind)) {
            add(database, "m1", new byte[10], A, B);
            end(database, claim(database, ONE, NOW).get(0), List.of(A), later(Duration.ofMinutes(5)));
            assertThat(claim(database, ONE, NOW.plusSeconds(299))).isEmpty();
            assertThat(nextDue(database)).contains(NOW.plusSeconds(300));
            assertThat(claim(database, ONE, NOW.plusSeconds(300)))
                    .singleElement()
                    .satisfies(delivery -> {
                        assertThat(delivery.attempts()).isEqualTo(2);
                        assertThat(delivery.warned()).isTrue();
                        assertThat(delivery.hint()).contains(IpAddress.parse("192.0.2.7"));
                        assertThat(delivery.recipients())
                                .extracting(Envelope.Recipient::mailbox)
                                .containsExactly(B);
                    });
        }
    }

    @ParameterizedTest
    @EnumSource
    void RETRY_04_aDeliveryInProgressAtTheCrashIsFoundAgain(TestDatabase kind) throws Exception {
        try (Database database = opened(kind)) {
            add(database, "m1", new byte[10], A);
            claim(database, ONE, NOW);
            assertThat(cutOff(database))
                    .singleElement()
                    .satisfies(delivery -> assertThat(delivery.attempts()).isEqualTo(1));
            assertThat(waiting(database)).containsExactly(ONE);
        }
    }

    /**
     * Another process took over the delivery and holds it because of the doubt; then the first process reports that the message arrived.
     */
    @ParameterizedTest
    @EnumSource
    void RETRY_04_aHeldDoubtIsSettledOnceTheFirstProcessDelivered(TestDatabase kind) throws Exception {
        QueueSettings.Retrying hold =
                new QueueSettings.Retrying(RetrySchedule.STANDARD, QueueSettings.InDoubt.HOLD, Optional.empty());
        try (Database database = opened(kind)) {
            add(database, "m1", new byte[] {'x'}, A, B);
            QueuedDelivery first = claim(database, ONE, NOW).get(0);
            end(database, cutOff(database).get(0), RetryDecision.ofInterruptedByCrash(first, hold, NOW));
            // One of two recipients received it; the other one is still held.
            end(database, first, new AttemptEnd(results(Fate.DELIVERED, List.of(A)), later(Duration.ZERO), "one"));
            DeliveryRows.FoundDeliveries held =
                    database.read(connection -> DeliveryRows.find(connection, "WHERE d.state = ?", State.HELD));
            assertThat(held.readable())
                    .singleElement()
                    .satisfies(one -> assertThat(one.mailboxes()).containsExactly(B));
            end(
                    database,
                    first,
                    new AttemptEnd(results(Fate.DELIVERED, List.of(B)), later(Duration.ZERO), "the other"));
            assertThat(size(database)).isZero();
        }
    }

    /** Plug-ins may put any characters into a report; the end of the attempt is recorded all the same. */
    @ParameterizedTest
    @EnumSource
    void queue_aReportIsKeptWithAnyText(TestDatabase kind) throws Exception {
        try (Database database = opened(kind)) {
            add(database, "m1", new byte[10], A);
            String filler = "x".repeat(Sql.MAX_REPORT - 5);
            String report = "\u0000\ud800\n" + filler + "\ud83d\ude00 and so on";
            end(database, claim(database, ONE, NOW).get(0), new AttemptEnd(List.of(), later(Duration.ZERO), report));
            List<PastAttempt> kept = database.read(connection -> AttemptRows.history(connection, "m1", ONE, 2));
            assertThat(kept).containsExactly(new PastAttempt(NOW, "\ufffd\ufffd\n" + filler + "\ufffd\u2026"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void queue_theDeliveryDueLongestIsFirst(TestDatabase kind) throws Exception {
        try (Database database = opened(kind)) {
            for (String id : List.of("m1", "m2", "m3")) {
                add(database, id, new byte[1], A);
            }
            for (QueuedDelivery delivery : claim(database, ONE, NOW)) {
                int minutes = 10 - (delivery.message().id().charAt(1) - '0');
                end(database, delivery, List.of(), later(Duration.ofMinutes(minutes)));
            }
            assertThat(claim(database, ONE, NOW.plus(Duration.ofHours(1))))
                    .extracting(delivery -> delivery.message().id())
                    .containsExactly("m3", "m2", "m1");
        }
    }

    /** Sizes around that of the part of a message which one row stores. */
    static Stream<Integer> sizes() {
        return Stream.of(0, 1, ContentRows.PART - 1, ContentRows.PART, ContentRows.PART + 1, 3 * ContentRows.PART);
    }

    @ParameterizedTest
    @EnumSource
    void queue_everyOctetIsKept(TestDatabase kind) throws Exception {
        try (Database database = opened(kind)) {
            for (int size : sizes().toList()) {
                byte[] octets = new byte[size];
                new Random(size).nextBytes(octets);
                add(database, "m" + size, octets, A);
                assertThat(content(database, "m" + size)).isEqualTo(octets);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void queue_aMessageIsStoredCompletelyOrNotAtAll(TestDatabase kind) throws Exception {
        try (Database database = opened(kind)) {
            assertThatThrownBy(() -> database.write(connection -> {
                        MessageRows.add(
                                connection,
                                message("m1", 10),
                                () -> new ByteArrayInputStream(new byte[10]),
                                List.of(Envelope.Recipient.of(A)),
                                QueueOptions.NONE);
                        throw new SQLException("the disk is full");
                    }))
                    .isInstanceOf(SQLException.class)
                    .hasMessage("the disk is full");
            assertThat(size(database)).isZero();
            assertThat(content(database, "m1")).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void queue_tablesOfAnotherVersionAreNotChanged(TestDatabase kind) throws Exception {
        try (Database database = opened(kind)) {
            database.write(connection -> Sql.update(connection, "UPDATE postroad_schema SET version = 7"));
            assertThatThrownBy(() -> Schema.ensure(database, true))
                    .isInstanceOf(QueueException.class)
                    .hasMessageContaining("have version 7")
                    .hasMessageContaining("requires version " + Schema.VERSION);
        }
    }

    @ParameterizedTest
    @EnumSource
    void queue_tablesAreCreatedOnlyIfAllowed(TestDatabase kind) throws Exception {
        try (Database database = kind.open(directory)) {
            assertThatThrownBy(() -> Schema.ensure(database, false))
                    .isInstanceOf(QueueException.class)
                    .hasMessageContaining("schema-" + kind.name().toLowerCase(java.util.Locale.ROOT) + ".sql")
                    .hasMessageContaining("mail.mx.queue.createschema=true");
        }
    }
}
