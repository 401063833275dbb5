// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postroad.api.MailHistory.Fate;
import org.postroad.api.QueueActivity;

/** What was queued and settled in equal intervals of time, on every database. */
@Timeout(300)
class ActivityRowsTest {

    private static final Instant SINCE = Instant.parse("2030-01-01T08:30:00Z");
    private static final Duration HOUR = Duration.ofHours(1);

    @TempDir
    Path directory;

    private final Random random = new Random(1);

    private String addMessage(Connection connection, Instant queuedAt) throws SQLException {
        String id = QueueIds.next(queuedAt, random);
        Sql.update(
                connection,
                "INSERT INTO postroad_history (id, queued_at, size) VALUES (?, ?, 1)",
                id,
                queuedAt.toEpochMilli());
        return id;
    }

    private static void addResult(Connection connection, String id, int position, Fate fate, Instant at)
            throws SQLException {
        Sql.update(
                connection,
                "INSERT INTO postroad_outcome (message_id, position, domain, mailbox, fate, changed_at, attempts)"
                        + " VALUES (?, ?, 'one.test', 'a@one.test', ?, ?, 1)",
                id,
                position,
                fate,
                at.toEpochMilli());
    }

    @ParameterizedTest
    @EnumSource
    void queue_activityCountsMessagesAndRecipientsByTheirTimes(TestDatabase kind) throws Exception {
        try (Database database = kind.open(directory)) {
            Schema.ensure(database, true);
            database.write(connection -> {
                String before = addMessage(connection, SINCE.minusMillis(1));
                addResult(connection, before, 0, Fate.DELIVERED, SINCE.minusMillis(1));
                addResult(connection, before, 1, Fate.DELIVERED, SINCE);
                addResult(connection, before, 2, Fate.DEFERRED, SINCE);
                String first = addMessage(connection, SINCE);
                addResult(connection, first, 0, Fate.FAILED, SINCE.plus(HOUR).minusMillis(1));
                addResult(connection, first, 1, Fate.EXPIRED, SINCE.plus(HOUR).minusMillis(1));
                addResult(connection, first, 2, Fate.REMOVED, SINCE.plus(HOUR));
                addResult(connection, first, 3, Fate.WAITING, SINCE.plus(HOUR));
                addMessage(connection, SINCE.plus(HOUR).minusMillis(1));
                String last =
                        addMessage(connection, SINCE.plus(HOUR.multipliedBy(3)).minusMillis(1));
                addResult(
                        connection,
                        last,
                        0,
                        Fate.DELIVERED,
                        SINCE.plus(HOUR.multipliedBy(3)).minusMillis(1));
                addResult(connection, last, 1, Fate.DELIVERED, SINCE.plus(HOUR.multipliedBy(3)));
                addMessage(connection, SINCE.plus(HOUR.multipliedBy(3)));
                return true;
            });
            QueueActivity activity = database.read(connection -> ActivityRows.read(connection, SINCE, HOUR, 3));
            assertThat(activity.length()).isEqualTo(HOUR);
            assertThat(activity.intervals())
                    .extracting(QueueActivity.Interval::toString)
                    .containsExactly(
                            "2030-01-01T08:30:00Z: 2 queued, 1 delivered, 2 failed, 0 removed",
                            "2030-01-01T09:30:00Z: 0 queued, 0 delivered, 0 failed, 1 removed",
                            "2030-01-01T10:30:00Z: 1 queued, 1 delivered, 0 failed, 0 removed");
        }
    }
}
