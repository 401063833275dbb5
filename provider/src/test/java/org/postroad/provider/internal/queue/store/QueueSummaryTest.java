// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postroad.api.QueuedMail.State;
import org.postroad.provider.internal.queue.store.QueueSummary.DomainFigures;

/** The figures for monitoring, on each database. */
@Timeout(120)
class QueueSummaryTest {

    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

    @TempDir
    Path directory;

    private final List<String> statements = new ArrayList<>();

    private Database opened(TestDatabase kind) throws Exception {
        Database database = kind.open(directory);
        Schema.ensure(database, true);
        return database;
    }

    private QueueSummary summary(Database database) throws Exception {
        statements.clear();
        return database.read(connection -> QueueSummary.read(
                BrokenStatements.proxy(Connection.class, (method, arguments) -> {
                    if (method.getName().equals("prepareStatement")) {
                        statements.add((String) arguments[0]);
                    }
                    return BrokenStatements.call(connection, method, arguments);
                }),
                NOW));
    }

    private static void message(Connection connection, int number) throws SQLException {
        Sql.update(
                connection,
                "INSERT INTO postroad_message (id, queued_at, expires_at, tls, size, eight_bit, utf8_header, longest_line, nul, dkim)"
                        + " VALUES (?, ?, 0, 'NONE', 1, 0, 0, 1, 0, 0)",
                id(number),
                NOW.minusSeconds(100 - number).toEpochMilli());
    }

    private static String id(int number) {
        return String.format(Locale.ROOT, "m%03d", number);
    }

    private static void delivery(Connection connection, int message, String domain, State state) throws SQLException {
        Sql.update(
                connection,
                "INSERT INTO postroad_delivery (message_id, domain, state, due_at, attempts, in_doubt, warned, hint, priority, not_before)"
                        + " VALUES (?, ?, ?, ?, 0, 0, 0, NULL, 1, 0)",
                id(message),
                domain,
                state,
                NOW.minusSeconds(50 - message).toEpochMilli());
    }

    private static void destination(Connection connection, String domain, boolean paused, long retryAt)
            throws SQLException {
        Sql.update(
                connection,
                "INSERT INTO postroad_destination (domain, paused, failures, retry_at) VALUES (?, ?, 0, ?)",
                domain,
                paused,
                retryAt);
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void summary_ofAnEmptyQueueIsZero(TestDatabase kind) throws Exception {
        try (Database database = opened(kind)) {
            QueueSummary summary = summary(database);
            assertThat(summary.messages()).isZero();
            assertThat(summary.oldest()).isEmpty();
            assertThat(summary.deliveries()).isEmpty();
            assertThat(summary.earliestDue()).isEmpty();
            assertThat(summary.paused() + summary.backingOff()).isZero();
            assertThat(summary.biggest()).isEmpty();
            assertThat(statements).hasSize(QueueSummary.STATEMENTS);
        }
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void summary_countsEachStateAndDestination(TestDatabase kind) throws Exception {
        try (Database database = opened(kind)) {
            database.write(connection -> {
                for (int i = 0; i < 4; i++) {
                    message(connection, i);
                }
                delivery(connection, 0, "held.test", State.HELD);
                delivery(connection, 1, "big.test", State.OPEN);
                delivery(connection, 2, "big.test", State.TRYING);
                delivery(connection, 3, "big.test", State.OPEN);
                delivery(connection, 3, "later.test", State.FUTURE);
                destination(connection, "big.test", true, NOW.plusSeconds(60).toEpochMilli());
                destination(connection, "held.test", false, NOW.toEpochMilli());
                return connection;
            });
            QueueSummary summary = summary(database);
            assertThat(summary.messages()).isEqualTo(4);
            assertThat(summary.oldest()).contains(NOW.minusSeconds(100));
            assertThat(summary.deliveries())
                    .containsEntry(State.OPEN, 2L)
                    .containsEntry(State.TRYING, 1L)
                    .containsEntry(State.HELD, 1L)
                    .containsEntry(State.FUTURE, 1L);
            assertThat(summary.earliestDue()).contains(NOW.minusSeconds(49));
            assertThat(summary.paused()).isEqualTo(1);
            assertThat(summary.backingOff()).as("the second one is due").isEqualTo(1);
            assertThat(summary.biggest())
                    .extracting(DomainFigures::domain)
                    .containsExactly("big.test", "held.test", "later.test");
            DomainFigures big = summary.biggest().get(0);
            assertThat(List.of(big.waiting(), big.inProgress(), big.held(), big.scheduled()))
                    .containsExactly(2L, 1L, 0L, 0L);
            assertThat(big.oldest()).contains(NOW.minusSeconds(99));
            assertThat(big.paused()).isTrue();
            assertThat(big.retryAt()).contains(NOW.plusSeconds(60));
            assertThat(summary.biggest().get(1).retryAt()).isEmpty();
            assertThat(summary.biggest().get(1).held()).isEqualTo(1);
            assertThat(summary.biggest().get(2).scheduled()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void summary_hasTheTwentyBiggestDestinationsInFourStatements(TestDatabase kind) throws Exception {
        try (Database database = opened(kind)) {
            database.write(connection -> {
                for (int i = 0; i < 22; i++) {
                    message(connection, i);
                    for (int domain = 0; domain <= i; domain++) {
                        delivery(connection, i, "d" + id(domain) + ".test", State.OPEN);
                    }
                }
                return connection;
            });
            QueueSummary summary = summary(database);
            assertThat(summary.biggest()).hasSize(QueueSummary.MAX_DOMAINS);
            assertThat(summary.biggest().get(0).domain()).isEqualTo("dm000.test");
            assertThat(summary.biggest().get(0).waiting()).isEqualTo(22);
            assertThat(summary.biggest().get(19).waiting()).isEqualTo(3);
            assertThat(statements).hasSize(QueueSummary.STATEMENTS);
        }
    }
}
