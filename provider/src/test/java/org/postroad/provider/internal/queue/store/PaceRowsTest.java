// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postroad.api.DestinationPace;
import org.postroad.api.DestinationPace.Limit;
import org.postroad.api.DestinationPace.Waiting;
import org.postroad.api.Domain;
import org.postroad.api.QueuedMail.State;
import org.postroad.provider.internal.queue.store.PaceRows.MeasuredPace;
import org.postroad.provider.internal.queue.store.PaceRows.Node;

/** What binds each destination, as read from the tables, on every database. */
@Timeout(300)
class PaceRowsTest {

    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
    private static final Duration INTERVAL = Duration.ofSeconds(10);
    private static final Domain ONE = Domain.parse("one.test");
    private static final Domain TWO = Domain.parse("two.test");
    private static final Node NODE = new Node("node1", 20, Optional.of("100/60s"), 200);
    private static final Node OTHER = new Node("node2", 20, Optional.empty(), 300);

    private final Random random = new Random(7);

    @TempDir
    Path directory;

    private Database opened(TestDatabase kind) throws Exception {
        Database database = kind.open(directory);
        Schema.ensure(database, true);
        return database;
    }

    private void insert(Database database, String domain, State state, Instant dueAt) throws Exception {
        String id = QueueIds.next(NOW, random);
        database.write(connection -> {
            Sql.update(
                    connection,
                    "INSERT INTO postroad_message (id, queued_at, expires_at, tls, size, eight_bit, utf8_header, longest_line, nul, dkim)"
                            + " VALUES (?, 0, 0, 'NONE', 1, 0, 0, 1, 0, 0)",
                    id);
            return Sql.update(
                    connection,
                    "INSERT INTO postroad_delivery (message_id, domain, state, due_at, attempts, in_doubt, warned) VALUES (?, ?, ?, ?, 1, 0, 0)",
                    id,
                    domain,
                    state,
                    dueAt.toEpochMilli());
        });
    }

    private static void measure(Database database, Node node, Instant at, MeasuredPace... measured) throws Exception {
        database.write(connection -> {
            PaceRows.replace(connection, node, at, INTERVAL, List.of(measured));
            return node;
        });
    }

    private static MeasuredPace measured(Domain domain, long finished, Object... spent) {
        Map<Limit, Duration> times = new EnumMap<>(Limit.class);
        for (int i = 0; i < spent.length; i += 2) {
            times.put((Limit) spent[i], Duration.ofMillis((int) spent[i + 1]));
        }
        return new MeasuredPace(domain, finished, times);
    }

    private static List<DestinationPace> list(Database database, Instant now) throws Exception {
        return database.read(connection -> PaceRows.list(connection, "", 10, now));
    }

    private static DestinationPace only(Database database, Instant now) throws Exception {
        List<DestinationPace> all = list(database, now);
        assertThat(all).hasSize(1);
        return all.get(0);
    }

    @ParameterizedTest
    @EnumSource
    void pace_deliveriesAreCountedByWhatTheyWaitFor(TestDatabase kind) throws Exception {
        try (Database database = opened(kind)) {
            assertThat(list(database, NOW)).isEmpty();
            insert(database, "one.test", State.OPEN, NOW);
            insert(database, "one.test", State.FUTURE, NOW);
            insert(database, "one.test", State.OPEN, NOW.plusMillis(1));
            insert(database, "one.test", State.FUTURE, NOW.plusMillis(1));
            insert(database, "one.test", State.FUTURE, NOW.plusMillis(1));
            insert(database, "one.test", State.TRYING, NOW.plusMillis(1));
            insert(database, "one.test", State.HELD, NOW);
            insert(database, "not a domain", State.OPEN, NOW);
            assertThat(only(database, NOW).waiting()).isEqualTo(new Waiting(2, 1, 3, 1));
            assertThat(only(database, NOW))
                    .hasToString("one.test: 2 due, 1 in progress, 3 scheduled, 1 held, nothing was measured");
        }
    }

    @ParameterizedTest
    @EnumSource
    void pace_theMeasuredLimitWithTheLargestShareBinds(TestDatabase kind) throws Exception {
        try (Database database = opened(kind)) {
            insert(database, "one.test", State.OPEN, NOW);
            for (Limit limit : List.of(
                    Limit.CONCURRENCY,
                    Limit.RATE,
                    Limit.CONNECTIONS,
                    Limit.DESTINATIONS,
                    Limit.DATABASE,
                    Limit.SERVER)) {
                Limit other = limit == Limit.RATE ? Limit.SERVER : Limit.RATE;
                measure(database, NODE, NOW, measured(ONE, 7, limit, 7500, other, 2500));
                DestinationPace pace = only(database, NOW);
                assertThat(pace.binding()).isEqualTo(limit);
                assertThat(pace.shares()).containsOnly(Map.entry(limit, 0.75), Map.entry(other, 0.25));
                assertThat(pace.finishedInLastMinute()).isEqualTo(7);
                assertThat(pace.settings()).hasSameSizeAs(limit.settings());
            }
            measure(database, NODE, NOW, measured(ONE, 240, Limit.CONCURRENCY, 94, Limit.SERVER, 6));
            assertThat(only(database, NOW))
                    .hasToString("one.test: 1 due, 0 in progress, 240 finished in the last minute,"
                            + " 94 % of the time waiting for a free place (mail.mx.queue.concurrency=20)");
            measure(database, NODE, NOW, measured(ONE, 0, Limit.RATE, 1));
            assertThat(only(database, NOW).settings()).containsExactly("mail.mx.queue.rate=100/60s");
        }
    }

    @ParameterizedTest
    @EnumSource
    void pace_theProcessesAreAddedUp(TestDatabase kind) throws Exception {
        try (Database database = opened(kind)) {
            insert(database, "one.test", State.OPEN, NOW);
            insert(database, "two.test", State.TRYING, NOW);
            measure(database, NODE, NOW, measured(ONE, 10, Limit.SERVER, 3000), measured(TWO, 5, Limit.DATABASE, 1));
            measure(database, OTHER, NOW.minusSeconds(5), measured(ONE, 4, Limit.DESTINATIONS, 9000));
            List<DestinationPace> all = list(database, NOW);
            assertThat(all)
                    .extracting(pace -> pace.domain() + " " + pace.processes() + " "
                            + pace.binding().name() + " " + pace.settings())
                    .containsExactly(
                            "one.test 2 DESTINATIONS [mail.mx.queue.destinations=300]", "two.test 1 DATABASE []");
            assertThat(all.get(0).shares())
                    .containsOnly(Map.entry(Limit.SERVER, 0.25), Map.entry(Limit.DESTINATIONS, 0.75));
            assertThat(all.get(0).finishedInLastMinute()).isEqualTo(14);
            List<DestinationPace> next = database.read(connection -> PaceRows.list(connection, "one.test", 1, NOW));
            assertThat(next).extracting(DestinationPace::domain).containsExactly(TWO);
        }
    }

    @ParameterizedTest
    @EnumSource
    void pace_whatADeadProcessMeasuredIsIgnoredAndDeleted(TestDatabase kind) throws Exception {
        try (Database database = opened(kind)) {
            insert(database, "one.test", State.OPEN, NOW);
            measure(database, NODE, NOW, measured(ONE, 10, Limit.SERVER, 3000));
            Instant outdated = NOW.plus(INTERVAL.multipliedBy(PaceRows.MAX_INTERVALS));
            assertThat(only(database, outdated.minusMillis(1)).binding()).isEqualTo(Limit.SERVER);
            assertThat(only(database, outdated).binding()).isEqualTo(Limit.NOTHING);
            assertThat(only(database, outdated).processes()).isZero();
            Instant deleted = outdated.plus(Duration.ofMinutes(5)).plusMillis(1);
            clean(database, deleted.minusMillis(1));
            assertThat(rows(database)).isEqualTo(1);
            clean(database, deleted);
            assertThat(rows(database)).isZero();
        }
    }

    private static void clean(Database database, Instant now) throws Exception {
        database.write(connection -> {
            PaceRows.deleteOutdated(connection, now);
            return now;
        });
    }

    private static int rows(Database database) throws Exception {
        return database.read(connection -> Sql.query(connection, "SELECT 1 FROM postroad_pace", row -> 1))
                .size();
    }

    @ParameterizedTest
    @EnumSource
    void pace_aPauseAndABackOffBindWhateverWasMeasured(TestDatabase kind) throws Exception {
        try (Database database = opened(kind)) {
            insert(database, "one.test", State.OPEN, NOW);
            measure(database, NODE, NOW, measured(ONE, 10, Limit.SERVER, 3000));
            database.write(connection -> {
                DestinationRows.recordFailure(connection, ONE, 1, NOW.plusMillis(1), "no answer");
                return true;
            });
            assertThat(only(database, NOW).binding()).isEqualTo(Limit.BACK_OFF);
            assertThat(only(database, NOW).retryAt()).contains(NOW.plusMillis(1));
            assertThat(only(database, NOW).toString())
                    .endsWith("backing off, because it did not answer, until 2030-01-01T00:00:00.001Z"
                            + " (mail.mx.queue.schedule)");
            assertThat(only(database, NOW.plusMillis(1)).binding()).isEqualTo(Limit.SERVER);
            database.write(connection -> {
                DestinationRows.pause(connection, ONE, true);
                return true;
            });
            assertThat(only(database, NOW).binding()).isEqualTo(Limit.PAUSED);
        }
    }

    @ParameterizedTest
    @EnumSource
    void pace_ifNothingIsDueTheScheduleBindsOrAHold(TestDatabase kind) throws Exception {
        try (Database database = opened(kind)) {
            measure(database, NODE, NOW, measured(ONE, 10, Limit.SERVER, 3000));
            insert(database, "one.test", State.HELD, NOW);
            assertThat(only(database, NOW).binding()).isEqualTo(Limit.HELD);
            insert(database, "one.test", State.OPEN, NOW.plusMillis(1));
            assertThat(only(database, NOW).binding()).isEqualTo(Limit.SCHEDULE);
            assertThat(only(database, NOW.plusMillis(1)).binding()).isEqualTo(Limit.SERVER);
        }
    }

    /** Whatever the number of deliveries to other destinations. */
    @Test
    void pace_theDeliveriesOfAPageAreReadByAnIndex() throws Exception {
        try (Database database = opened(TestDatabase.SQLITE)) {
            List<String> plan = database.read(connection ->
                    Sql.query(connection, "EXPLAIN QUERY PLAN " + PaceRows.WAITING, row -> row.getString("detail")));
            assertThat(plan)
                    .containsExactly("SEARCH postroad_delivery USING COVERING INDEX postroad_delivery_lane"
                            + " (domain>? AND domain<?)");
        }
    }
}
