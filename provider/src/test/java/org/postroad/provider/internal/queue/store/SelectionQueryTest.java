// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.postroad.api.Domain;
import org.postroad.api.Mailbox;
import org.postroad.api.Priority;
import org.postroad.api.QueueFilter;
import org.postroad.api.QueuedMail.State;
import org.postroad.provider.internal.queue.store.SelectionQuery.Key;

/** A step of an action reads the queue in the order of the primary key, whatever the filter: it neither sorts nor begins again. */
@Timeout(300)
class SelectionQueryTest {

    private static final Domain DOMAIN = Domain.parse("d7.test");
    private static final int ROWS = 20_000;

    @TempDir
    Path directory;

    static List<QueueFilter> filters() {
        QueueFilter domain = QueueFilter.to(DOMAIN);
        Mailbox mailbox = Mailbox.parse("u7@d7.test");
        return List.of(
                QueueFilter.ALL,
                domain,
                domain.withState(State.OPEN),
                domain.withState(State.OPEN).withPriority(Priority.NORMAL),
                domain.withRecipient(mailbox).withReason("x"),
                QueueFilter.in(State.HELD),
                QueueFilter.ALL.withPriority(Priority.LOW),
                QueueFilter.ALL.withRecipient(mailbox),
                QueueFilter.ALL.withSender(mailbox),
                QueueFilter.ALL.withReason("x"),
                QueueFilter.ALL.withQueuedSince(Instant.EPOCH).withQueuedBefore(Instant.now()));
    }

    private static List<String> plan(Database database, String explain, String column, QueueFilter filter)
            throws SQLException {
        SelectionQuery query =
                SelectionQuery.step(database.dialect(), filter, new Key("00000000000000005000", "d0.test"), "Z", 100);
        return database.read(connection -> Sql.query(
                connection,
                explain + query.sql(),
                row -> row.getString(column),
                query.parameters().toArray()));
    }

    @ParameterizedTest
    @MethodSource("filters")
    void queue_aStepInSqliteReadsThePrimaryKeyInOrder(QueueFilter filter) throws Exception {
        try (Database database = TestDatabase.SQLITE.open(directory)) {
            Schema.ensure(database, true);
            List<String> plan = plan(database, "EXPLAIN QUERY PLAN ", "detail", filter);
            assertThat(plan).noneMatch(step -> step.startsWith("SCAN") || step.contains("TEMP B-TREE"));
            assertThat(plan.get(0)).startsWith("SEARCH d USING PRIMARY KEY (message_id>");
        }
    }

    /** PostgreSQL plans by statistics, so there are many rows, most of them to one domain. */
    @Test
    void queue_aStepInPostgresqlReadsThePrimaryKeyInOrder() throws Exception {
        try (Database database = TestDatabase.POSTGRESQL.open(directory)) {
            Schema.ensure(database, true);
            database.write(connection -> {
                Sql.update(
                        connection,
                        "INSERT INTO postroad_message (id, queued_at, expires_at, tls, size, eight_bit, utf8_header, longest_line, nul, dkim)"
                                + " SELECT LPAD(CAST(i AS TEXT), 20, '0'), i, i, 'NONE', 1, 0, 0, 1, 0, 0 FROM generate_series(1, "
                                + ROWS + ") AS s (i)");
                Sql.update(
                        connection,
                        "INSERT INTO postroad_delivery (message_id, domain, state, due_at, attempts, in_doubt, warned, priority, not_before)"
                                + " SELECT LPAD(CAST(i AS TEXT), 20, '0'), CASE WHEN i % 10 = 0 THEN 'd' || i || '.test' ELSE 'd7.test' END,"
                                + " 'OPEN', i, 1, 0, 0, 1, 0 FROM generate_series(1, " + ROWS + ") AS s (i)");
                return Sql.update(connection, "ANALYZE postroad_message, postroad_delivery");
            });
            QueueFilter domain = QueueFilter.to(DOMAIN);
            for (QueueFilter filter : List.of(QueueFilter.ALL, domain, domain.withState(State.OPEN))) {
                List<String> plan = plan(database, "EXPLAIN ", "QUERY PLAN", filter);
                assertThat(plan).as("%s", filter).noneMatch(step -> step.contains("Seq Scan") || step.contains("Sort"));
                assertThat(plan).as("%s", filter).anyMatch(step -> step.contains("postroad_delivery_pkey"));
            }
        }
    }

    /** Each row is selected by one step. */
    @Test
    void queue_theStepsTogetherSelectAllOnce() throws Exception {
        try (Database database = TestDatabase.SQLITE.open(directory)) {
            Schema.ensure(database, true);
            int messages = 50;
            database.write(connection -> {
                for (int i = 0; i < messages; i++) {
                    String id = "m" + i;
                    Sql.update(
                            connection,
                            "INSERT INTO postroad_message (id, queued_at, expires_at, tls, size, eight_bit, utf8_header, longest_line, nul, dkim)"
                                    + " VALUES (?, 1, 1, 'NONE', 1, 0, 0, 1, 0, 0)",
                            id);
                    for (int j = 0; j < 3; j++) {
                        Sql.update(
                                connection,
                                "INSERT INTO postroad_delivery (message_id, domain, state, due_at, attempts, in_doubt, warned)"
                                        + " VALUES (?, ?, 'OPEN', 1, 0, 0, 0)",
                                id,
                                "d" + j + ".test");
                    }
                }
                return messages;
            });
            List<Key> all = new ArrayList<>();
            List<Key> step;
            Key after = Key.START;
            do {
                Key from = after;
                step = database.read(connection -> SelectionQuery.step(Dialect.SQLITE, QueueFilter.ALL, from, "m9", 7)
                        .keys(connection));
                all.addAll(step);
                after = step.isEmpty() ? after : step.get(step.size() - 1);
            } while (!step.isEmpty());
            assertThat(all).hasSize(3 * messages).doesNotHaveDuplicates();
        }
    }

    @Test
    void queue_anAttachedProcessNamesWhatKeepsItFromWriting() throws Exception {
        try (Database owner = TestDatabase.SQLITE.open(directory);
                AttachedFile attached = new AttachedFile(
                        Path.of(owner.description()), Optional.empty(), Duration.ofSeconds(1), () -> {})) {
            Schema.ensure(owner, true);
            owner.write(locked -> {
                assertThatThrownBy(() -> attached.write(connection -> 1))
                        .isInstanceOf(SQLException.class)
                        .hasMessageContaining("another process has been writing to " + owner.description()
                                + " for 1 seconds; try again");
                assertThat(attached.<Boolean>read(MessageRows::isEmpty)).isTrue();
                return locked;
            });
            assertThat(attached.<Integer>write(connection -> 1)).isEqualTo(1);
        }
    }
}
