// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postroad.api.HistoryFilter;
import org.postroad.api.MailHistory;
import org.postroad.api.Mailbox;
import org.postroad.api.QueueOptions;
import org.postroad.api.TlsDemand;
import org.postroad.provider.LogTap;
import org.postroad.provider.internal.envelope.Envelope;
import org.postroad.provider.internal.message.MessageFacts;
import org.postroad.provider.internal.queue.QueueSettings.History;
import org.postroad.provider.internal.queue.QueueSettings.KeptReports;
import org.postroad.provider.internal.queue.store.Database;
import org.postroad.provider.internal.queue.store.HistoryCleaning;
import org.postroad.provider.internal.queue.store.HistoryListing;
import org.postroad.provider.internal.queue.store.NewMessages;
import org.postroad.provider.internal.queue.store.QueueIds;
import org.postroad.provider.internal.queue.store.QueuedMessage;
import org.postroad.provider.internal.queue.store.Schema;
import org.postroad.provider.internal.queue.store.Sql;
import org.postroad.provider.internal.queue.store.TestDatabase;
import org.postroad.provider.internal.queue.store.Unclosed;

/** The history is bounded by time and in rows, and cleaned in steps, on every database. */
@Timeout(300)
class HistoryCleanerTest {

    private static final Instant START = Instant.parse("2030-01-01T00:00:00Z");
    private static final Duration KEEP = Duration.ofDays(7);

    @RegisterExtension
    final LogTap log = LogTap.open();

    @TempDir
    Path directory;

    private final CountDownLatch closing = new CountDownLatch(1);
    private final Random random = new Random(1);

    private Database opened(TestDatabase kind) throws Exception {
        Database database = kind.open(directory);
        Schema.ensure(database, true);
        return database;
    }

    private static HistoryCleaner cleaner(
            Database database, Duration keep, int rows, Instant now, CountDownLatch closing) {
        return new HistoryCleaner(
                database, new History(keep, rows, KeptReports.FAILURES), InstantSource.fixed(now), closing);
    }

    private void clean(Database database, int rows, Instant now) throws Exception {
        cleaner(database, KEEP, rows, now, closing).clean();
    }

    /** Adds a message as if it had been queued and had left the queue at these times. */
    private String ended(Database database, Instant queuedAt, Instant endedAt, int recipients) throws Exception {
        String id = waiting(database, queuedAt, recipients);
        database.write(connection -> {
            Sql.update(
                    connection,
                    "UPDATE postroad_outcome SET changed_at = ? WHERE message_id = ?",
                    endedAt.toEpochMilli(),
                    id);
            return Sql.update(connection, "DELETE FROM postroad_message WHERE id = ?", id);
        });
        return id;
    }

    private String waiting(Database database, Instant queuedAt, int recipients) throws Exception {
        String id = QueueIds.next(queuedAt, random);
        QueuedMessage message = new QueuedMessage(
                id,
                queuedAt,
                queuedAt.plus(Duration.ofDays(5)),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                TlsDemand.NONE,
                new QueuedMessage.Labels(Optional.empty(), Optional.empty()),
                new MessageFacts(1, false, false, 1, false, false));
        List<Envelope.Recipient> all = IntStream.range(0, recipients)
                .mapToObj(i -> Envelope.Recipient.of(Mailbox.parse("u" + i + "@one.test")))
                .toList();
        database.write(connection -> {
            new NewMessages(database.dialect(), true)
                    .add(connection, message, () -> new ByteArrayInputStream(new byte[] {'x'}), all, QueueOptions.NONE);
            return id;
        });
        return id;
    }

    /** Counts the transactions, and closes the queue after a number of them. */
    private static final class CountedWrites extends Unclosed {

        private final CountDownLatch left;
        private int writes;

        CountedWrites(Database database, CountDownLatch left) {
            super(database);
            this.left = left;
        }

        @Override
        public <T> T write(Work<T> work) throws SQLException, InterruptedException {
            writes++;
            left.countDown();
            return super.write(work);
        }
    }

    private static List<String> kept(Database database) throws SQLException {
        return database.read(connection -> HistoryListing.list(connection, HistoryFilter.ALL, "", 1000)).stream()
                .map(MailHistory::id)
                .toList();
    }

    private static long recipients(Database database) throws SQLException {
        return database.read(connection ->
                        Sql.query(connection, "SELECT COUNT(*) FROM postroad_outcome", row -> row.getLong(1)))
                .get(0);
    }

    @ParameterizedTest
    @EnumSource
    void queue_aMessageIsForgottenWhenItsTimeAfterTheEndHasPassed(TestDatabase kind) throws Exception {
        try (Database database = opened(kind)) {
            Instant end = START.plus(Duration.ofDays(2));
            String id = ended(database, START, end, 2);
            clean(database, 1000, end.plus(KEEP)); // not later than keep after the end
            assertThat(kept(database)).containsExactly(id);
            clean(database, 1000, end.plus(KEEP).plusMillis(1));
            assertThat(kept(database)).isEmpty();
            assertThat(recipients(database)).isZero();
        }
        assertThat(log.problems()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void queue_aMessageInTheQueueKeepsItsHistory(TestDatabase kind) throws Exception {
        try (Database database = opened(kind)) {
            String waiting = waiting(database, START, 3);
            ended(database, START.plusMillis(1), START.plusMillis(2), 1);
            clean(database, 1, START.plus(Duration.ofDays(365)));
            assertThat(kept(database)).containsExactly(waiting);
        }
    }

    @ParameterizedTest
    @EnumSource
    void queue_theLatestRowsAreKept(TestDatabase kind) throws Exception {
        try (Database database = opened(kind)) {
            List<String> all = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                all.add(0, ended(database, START.plusMillis(i), START.plusMillis(i), 2));
            }
            clean(database, 8, START.plusMillis(9));
            assertThat(kept(database)).isEqualTo(all);
            clean(database, 7, START.plusMillis(9));
            assertThat(kept(database)).isEqualTo(all.subList(0, 3));
            clean(database, 2, START.plusMillis(9));
            assertThat(kept(database)).isEqualTo(all.subList(0, 1));
        }
    }

    @ParameterizedTest
    @EnumSource
    void queue_withoutAHistoryThatOfEarlierTimesIsDeleted(TestDatabase kind) throws Exception {
        try (Database database = opened(kind)) {
            ended(database, START, START.plusMillis(1), 1);
            String waiting = waiting(database, START.plusMillis(1), 1);
            cleaner(database, Duration.ZERO, 1000, START.plusMillis(2), closing).clean();
            assertThat(kept(database)).containsExactly(waiting);
        }
    }

    /** A pass has many transactions, each with a limited number of rows, and ends after the current one when the queue is closed. */
    @ParameterizedTest
    @EnumSource
    void queue_aPassIsMadeInSteps(TestDatabase kind) throws Exception {
        int most = HistoryCleaning.STEP;
        try (Database database = opened(kind)) {
            ended(database, START, START, most - 1);
            ended(database, START.plusMillis(1), START, 2); // ends the first step
            ended(database, START.plusMillis(2), START, most);
            String last = ended(database, START.plusMillis(3), START, 1);
            Instant now = START.plus(KEEP).plus(KEEP);
            CountDownLatch closedAfterTwo = new CountDownLatch(2);
            CountedWrites steps = new CountedWrites(database, closedAfterTwo);
            cleaner(steps, KEEP, 1_000_000, now, closedAfterTwo).clean();
            assertThat(steps.writes).isEqualTo(2);
            assertThat(kept(database)).containsExactly(last);
            clean(database, 1_000_000, now);
            assertThat(kept(database)).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void queue_nothingIsWrittenIfNothingIsOld(TestDatabase kind) throws Exception {
        try (Database database = opened(kind)) {
            ended(database, START, START, 3);
            CountedWrites steps = new CountedWrites(database, closing);
            cleaner(steps, KEEP, 1000, START.plus(KEEP), closing).clean();
            assertThat(steps.writes).isZero();
        }
    }
}
