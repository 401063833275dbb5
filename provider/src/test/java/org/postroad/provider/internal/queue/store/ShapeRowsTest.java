// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postroad.api.BounceClass;
import org.postroad.api.Domain;
import org.postroad.api.EnhancedStatus;
import org.postroad.api.QueueShape;
import org.postroad.api.QueueShape.Counts;
import org.postroad.api.QueueShape.Reason;
import org.postroad.api.QueueShape.Row;
import org.postroad.api.QueuedMail.State;

/** Deliveries by domain, age and reason, on every database. */
@Timeout(300)
class ShapeRowsTest {

    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
    private static final Duration MILLI = Duration.ofMillis(1);

    private final Random random = new Random(7);

    @TempDir
    Path directory;

    private Database opened(TestDatabase kind) throws Exception {
        Database database = kind.open(directory);
        Schema.ensure(database, true);
        return database;
    }

    /** A delivery as stored. */
    private record Stored(String domain, Duration age, State state, Optional<LastFailure> failure) {

        Stored(String domain, Duration age) {
            this(domain, age, State.OPEN, Optional.empty());
        }
    }

    private void insert(Database database, List<Stored> deliveries) throws Exception {
        database.write(connection -> {
            for (Stored delivery : deliveries) {
                Instant queuedAt = NOW.minus(delivery.age());
                String id = QueueIds.next(queuedAt, random);
                Sql.update(
                        connection,
                        "INSERT INTO postroad_message (id, queued_at, expires_at, tls, size, eight_bit, utf8_header, longest_line, nul, dkim)"
                                + " VALUES (?, ?, 0, 'NONE', 1, 0, 0, 1, 0, 0)",
                        id,
                        queuedAt.toEpochMilli());
                List<Optional<String>> failure = LastFailure.columns(delivery.failure());
                Sql.update(
                        connection,
                        "INSERT INTO postroad_delivery (message_id, domain, state, due_at, attempts, in_doubt, warned, failure_class,"
                                + " failure_status, failure_reason) VALUES (?, ?, ?, 0, 1, 0, 0, ?, ?, ?)",
                        id,
                        delivery.domain(),
                        delivery.state(),
                        failure.get(0),
                        failure.get(1),
                        failure.get(2));
            }
            return true;
        });
    }

    private static QueueShape shape(Database database, int limit) throws Exception {
        return database.read(connection -> ShapeRows.read(connection, NOW, limit));
    }

    private static Counts counts(long... byAge) {
        List<Long> counts = new ArrayList<>(Collections.nCopies(QueueShape.AGE_LIMITS.size() + 1, 0L));
        for (int i = 0; i < byAge.length; i++) {
            counts.set(i, byAge[i]);
        }
        return new Counts(counts, 0, 0, 0);
    }

    @Test
    void queue_theLimitsOfAgesAreThoseOfQshape() {
        assertThat(QueueShape.AGE_LIMITS)
                .extracting(Duration::toMinutes)
                .containsExactly(5L, 10L, 20L, 40L, 80L, 160L, 320L, 640L, 1280L);
    }

    @ParameterizedTest
    @EnumSource
    void queue_anEmptyQueueHasAnEmptyShape(TestDatabase kind) throws Exception {
        try (Database database = opened(kind)) {
            assertThat(shape(database, 10)).isEqualTo(new QueueShape(NOW, List.of(), Counts.none(), 0, List.of(), 0));
        }
    }

    /** Each limit: one millisecond younger, exactly as old, and one millisecond older. */
    @ParameterizedTest
    @EnumSource
    void queue_anAgeBelongsToTheGroupBelowItsLimit(TestDatabase kind) throws Exception {
        try (Database database = opened(kind)) {
            List<Stored> deliveries = new ArrayList<>(List.of(new Stored("one.test", Duration.ZERO)));
            deliveries.add(new Stored("one.test", Duration.ofMinutes(-1))); // by a clock that was ahead
            for (Duration limit : QueueShape.AGE_LIMITS) {
                deliveries.add(new Stored("one.test", limit.minus(MILLI)));
                deliveries.add(new Stored("one.test", limit));
                deliveries.add(new Stored("one.test", limit.plus(MILLI)));
            }
            insert(database, deliveries);
            assertThat(shape(database, 10).rows())
                    .containsExactly(new Row(Domain.parse("one.test"), counts(3, 3, 3, 3, 3, 3, 3, 3, 3, 2)));
        }
    }

    @ParameterizedTest
    @EnumSource
    void queue_theLargestDomainsHaveRowsAndTheOthersOneSum(TestDatabase kind) throws Exception {
        try (Database database = opened(kind)) {
            Duration young = Duration.ofMinutes(1);
            Duration old = Duration.ofDays(3);
            insert(
                    database,
                    List.of(
                            new Stored("small.test", young, State.HELD, Optional.empty()),
                            new Stored("b.test", young),
                            new Stored("b.test", old),
                            new Stored("a.test", young, State.TRYING, Optional.empty()),
                            new Stored("a.test", young, State.FUTURE, Optional.empty()),
                            new Stored("large.test", young),
                            new Stored("large.test", young),
                            new Stored("large.test", old),
                            new Stored("not a domain", old)));
            QueueShape shape = shape(database, 3);
            assertThat(shape.rows())
                    .extracting(row -> row.domain() + " " + row.counts().deliveries())
                    .containsExactly("large.test 3", "a.test 2", "b.test 2");
            assertThat(shape.rows().get(1).counts())
                    .isEqualTo(new Counts(counts(2).byAge(), 0, 1, 1));
            assertThat(shape.domains()).isEqualTo(5);
            assertThat(shape.others())
                    .isEqualTo(new Counts(counts(1, 0, 0, 0, 0, 0, 0, 0, 0, 1).byAge(), 1, 0, 0));
            assertThat(shape.total())
                    .isEqualTo(new Counts(counts(6, 0, 0, 0, 0, 0, 0, 0, 0, 3).byAge(), 1, 1, 1));
            assertThat(shape(database, 5).others().deliveries())
                    .as("the domain that cannot be read")
                    .isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void queue_reasonsAreGroupedAndCounted(TestDatabase kind) throws Exception {
        try (Database database = opened(kind)) {
            Duration young = Duration.ofMinutes(1);
            EnhancedStatus full = new EnhancedStatus(4, 2, 2);
            Optional<LastFailure> mailbox = Optional.of(new LastFailure(BounceClass.MAILBOX_FULL, full, "over quota"));
            Optional<LastFailure> other =
                    Optional.of(new LastFailure(BounceClass.MAILBOX_FULL, full, "quota exceeded"));
            Optional<LastFailure> down =
                    Optional.of(new LastFailure(BounceClass.NETWORK, EnhancedStatus.NO_ANSWER_4_4_1, "timed out"));
            insert(
                    database,
                    List.of(
                            new Stored("b.test", young, State.OPEN, mailbox),
                            new Stored("a.test", young, State.HELD, mailbox),
                            new Stored("a.test", young, State.OPEN, mailbox),
                            new Stored("c.test", young, State.OPEN, other),
                            new Stored("c.test", young, State.OPEN, down),
                            new Stored("c.test", young, State.OPEN, down),
                            new Stored("a.test", young)));
            QueueShape shape = shape(database, 2);
            assertThat(shape.reasons())
                    .containsExactly(
                            new Reason(
                                    BounceClass.MAILBOX_FULL,
                                    full,
                                    "over quota",
                                    3,
                                    Optional.of(Domain.parse("a.test"))),
                            new Reason(
                                    BounceClass.NETWORK,
                                    EnhancedStatus.NO_ANSWER_4_4_1,
                                    "timed out",
                                    2,
                                    Optional.of(Domain.parse("c.test"))));
            assertThat(shape.otherReasons()).isEqualTo(1);
            assertThat(shape(database, 3).otherReasons()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void queue_aClassOfAnotherVersionIsUndetermined(TestDatabase kind) throws Exception {
        try (Database database = opened(kind)) {
            insert(
                    database,
                    List.of(new Stored(
                            "a.test",
                            Duration.ZERO,
                            State.OPEN,
                            Optional.of(new LastFailure(BounceClass.RATE, EnhancedStatus.MAIL_SYSTEM_4_3_0, "x")))));
            database.write(connection ->
                    Sql.update(connection, "UPDATE postroad_delivery SET failure_class = 'NEW', failure_status = '?'"));
            assertThat(shape(database, 1).reasons())
                    .extracting(Reason::toString)
                    .containsExactly("1 undetermined 4.0.0: x (a.test)");
        }
    }

    /** Whatever the size of the queue: two statements, each of which reads the deliveries once and no other table. */
    @Test
    void queue_theShapeTakesTwoScans() throws Exception {
        try (Database database = opened(TestDatabase.SQLITE)) {
            assertThat(plan(database, ShapeRows.DOMAINS, "detail"))
                    .filteredOn(step -> step.contains("postroad_"))
                    .containsExactly("SCAN postroad_delivery USING COVERING INDEX postroad_delivery_lane");
            assertThat(plan(database, ShapeRows.REASONS, "detail"))
                    .filteredOn(step -> step.contains("postroad_"))
                    .containsExactly("SCAN postroad_delivery");
        }
        try (Database database = opened(TestDatabase.POSTGRESQL)) {
            for (String sql : List.of(ShapeRows.DOMAINS, ShapeRows.REASONS)) {
                assertThat(plan(database, sql.replace("LIMIT ?", "LIMIT 10").replace("?", "'x'"), "QUERY PLAN"))
                        .filteredOn(step -> step.contains(" on "))
                        .singleElement()
                        .asString()
                        .contains("on postroad_delivery");
            }
        }
    }

    private static List<String> plan(Database database, String sql, String column) throws Exception {
        String explain = column.equals("detail") ? "EXPLAIN QUERY PLAN " : "EXPLAIN ";
        return database.read(connection -> Sql.query(connection, explain + sql, row -> row.getString(column)));
    }

    @Test
    void queue_theNumberOfStatementsDoesNotDependOnTheQueue() throws Exception {
        try (Database database = opened(TestDatabase.SQLITE)) {
            List<Stored> deliveries = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                deliveries.add(new Stored(
                        "d" + i + ".test",
                        Duration.ofMinutes(i),
                        State.OPEN,
                        Optional.of(
                                new LastFailure(BounceClass.RATE, EnhancedStatus.MAIL_SYSTEM_4_3_0, "reason " + i))));
            }
            insert(database, deliveries);
            AtomicInteger statements = new AtomicInteger();
            QueueShape shape =
                    database.read(connection -> ShapeRows.read(CountedStatements.on(connection, statements), NOW, 100));
            assertThat(statements).hasValue(2);
            assertThat(shape.rows()).hasSize(100);
            assertThat(shape.others().deliveries()).isEqualTo(200);
            assertThat(shape.otherReasons()).isEqualTo(200);
        }
    }
}
