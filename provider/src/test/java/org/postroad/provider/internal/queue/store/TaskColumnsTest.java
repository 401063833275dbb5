// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.kagkarlsson.scheduler.jdbc.JdbcCustomization;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.TimeZone;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postroad.api.Mailbox;
import org.postroad.api.QueueOptions;
import org.postroad.provider.internal.envelope.Envelope;
import org.postroad.provider.internal.message.SpooledMessage;
import org.postroad.provider.internal.queue.FakeDeliveryAgent;
import org.postroad.provider.internal.queue.QueueManager;
import org.postroad.provider.internal.queue.QueueSettings.Timing;
import org.postroad.provider.internal.queue.QueueTesting;

/**
 * Times in the scheduler's table are read back unchanged in all time zones, on every database. The sessions of H2 and the server of MariaDB
 * use a zone with DST.
 */
@Timeout(300)
class TaskColumnsTest extends QueueTesting {

    private static final List<String> ZONES = List.of("UTC", "Asia/Tokyo", "Europe/Berlin", "America/St_Johns");

    private final TimeZone zone = TimeZone.getDefault();

    @AfterEach
    void restoreZone() {
        TimeZone.setDefault(zone);
    }

    /** Times around the hours that the zone skips or repeats. */
    private static List<Instant> moments() {
        ZoneId berlin = ZoneId.of(TestMariaDb.ZONE);
        Instant twice =
                LocalDateTime.parse("2027-10-31T02:30:00").atZone(berlin).toInstant();
        return List.of(
                Instant.parse("2027-03-28T00:30:00Z"),
                Instant.parse("2027-03-28T01:30:00.123456Z"),
                Instant.parse("2027-03-28T02:30:23.500Z"),
                twice.minus(Duration.ofHours(1)),
                twice,
                twice.plus(Duration.ofHours(1)),
                twice.plus(Duration.ofHours(2)));
    }

    @ParameterizedTest
    @EnumSource
    void queue_timesDoNotDependOnTheTimeZone(TestDatabase kind) throws Exception {
        try (Database database = kind.open(directory)) {
            Schema.ensure(database, true);
            JdbcCustomization columns = TaskColumns.of(database.dialect());
            for (String writer : ZONES) {
                for (String reader : ZONES) {
                    for (Instant moment : moments()) {
                        TimeZone.setDefault(TimeZone.getTimeZone(writer));
                        write(database, columns, moment);
                        TimeZone.setDefault(TimeZone.getTimeZone(reader));
                        assertThat(read(database, columns))
                                .as(kind + ", written in " + writer + ", read in " + reader)
                                .isEqualTo(moment.truncatedTo(ChronoUnit.MILLIS));
                    }
                }
            }
        }
    }

    private static void write(Database database, JdbcCustomization columns, Instant moment) throws Exception {
        database.write(connection -> {
            Sql.update(connection, "DELETE FROM postroad_task");
            try (PreparedStatement insert = connection.prepareStatement(
                    "INSERT INTO postroad_task (task_name, task_instance, execution_time, picked, last_heartbeat, version)"
                            + " VALUES ('t', 'i', ?, ?, ?, 1)")) {
                columns.setInstant(insert, 1, moment);
                insert.setBoolean(2, false);
                columns.setInstant(insert, 3, null);
                return insert.executeUpdate();
            }
        });
    }

    private static Instant read(Database database, JdbcCustomization columns) throws Exception {
        return database.read(connection -> {
            try (PreparedStatement select =
                            connection.prepareStatement("SELECT execution_time, last_heartbeat FROM postroad_task");
                    ResultSet row = select.executeQuery()) {
                assertThat(row.next()).isTrue();
                assertThat(columns.getInstant(row, "last_heartbeat")).isNull();
                return columns.getInstant(row, "execution_time").truncatedTo(ChronoUnit.MILLIS);
            }
        });
    }

    /** Otherwise, a node in another zone would misread the heartbeats. */
    @Test
    void queue_theSchedulerWritesUtc() throws Exception {
        TimeZone.setDefault(TimeZone.getTimeZone("Asia/Tokyo"));
        CountDownLatch delivering = new CountDownLatch(1);
        CountDownLatch enough = new CountDownLatch(1);
        agent.answers(mail -> {
            delivering.countDown();
            enough.await();
            return FakeDeliveryAgent.says(250, "2.0.0 ok").apply(mail);
        });
        Timing pace = new Timing(Duration.ofHours(1), Duration.ofMinutes(1), 20, Duration.ofSeconds(10));
        Database database = TestDatabase.MARIADB.open(directory);
        try (QueueManager queue = open(database, pace);
                SpooledMessage content = content("x")) {
            queue.submit(
                    Envelope.of(Optional.empty(), List.of(Mailbox.parse("a@one.test"))),
                    content,
                    new QueuedMessage.Labels(Optional.empty(), Optional.empty()),
                    QueueOptions.NONE);
            delivering.await();
            long minutes = database.read(connection -> Sql.query(
                            connection,
                            "SELECT ABS(TIMESTAMPDIFF(MINUTE, last_heartbeat, UTC_TIMESTAMP(6))) FROM postroad_task",
                            row -> row.getLong(1))
                    .get(0));
            enough.countDown();
            assertThat(minutes).isLessThan(30);
        }
    }
}
