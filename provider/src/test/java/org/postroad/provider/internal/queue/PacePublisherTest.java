// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postroad.api.DestinationPace.Limit;
import org.postroad.api.Domain;
import org.postroad.fixtures.VirtualClock;
import org.postroad.provider.internal.queue.DestinationMeter.Activity;
import org.postroad.provider.internal.queue.store.Database;
import org.postroad.provider.internal.queue.store.PaceRows;
import org.postroad.provider.internal.queue.store.Schema;
import org.postroad.provider.internal.queue.store.Sql;
import org.postroad.provider.internal.queue.store.TestDatabase;
import org.postroad.provider.internal.queue.store.Unclosed;

/** When a process writes what it measured, in virtual time. */
@Timeout(60)
class PacePublisherTest {

    private static final Domain ONE = Domain.parse("one.test");

    private final VirtualClock clock = new VirtualClock();
    private final PaceMeter meter = new PaceMeter(clock, 5);
    private final AtomicInteger writes = new AtomicInteger();

    @TempDir
    Path directory;

    private Database file;
    private PacePublisher publisher;

    @BeforeEach
    void open() throws Exception {
        file = TestDatabase.SQLITE.open(directory);
        Schema.ensure(file, true);
        Database counted = new Unclosed(file) {
            @Override
            public <T> T write(Work<T> work) throws SQLException, InterruptedException {
                writes.incrementAndGet();
                return super.write(work);
            }
        };
        publisher = new PacePublisher(meter, counted, "node1", QueueSettings.DEFAULTS, clock);
    }

    @AfterEach
    void close() {
        file.close();
    }

    private void pass(Duration duration) throws Exception {
        clock.advance(duration);
        publisher.publish();
    }

    private List<String> rows() throws Exception {
        return file.read(connection -> Sql.query(
                connection,
                "SELECT domain, interval_ms, server_ms FROM postroad_pace WHERE node = 'node1' ORDER BY domain",
                row -> row.getString(1) + " " + row.getLong(2) + " " + row.getLong(3)));
    }

    @Test
    void pace_anIdleProcessWritesNothing() throws Exception {
        for (int i = 0; i < 10; i++) {
            pass(PacePublisher.INTERVAL);
        }
        assertThat(writes).hasValue(0);
    }

    @Test
    void pace_aBusyProcessWritesOncePerInterval() throws Exception {
        try (DestinationMeter visit = meter.visit(ONE)) {
            visit.begin(Activity.ATTEMPT);
            pass(PacePublisher.INTERVAL.minusMillis(1));
            assertThat(writes).hasValue(0);
            pass(Duration.ofMillis(1));
            assertThat(rows()).containsExactly("one.test 10000 10000");
            assertThat(writes).hasValue(1);
            pass(Duration.ofMillis(9999));
            assertThat(writes).hasValue(1);
            pass(Duration.ofMillis(5001));
            assertThat(rows()).containsExactly("one.test 15000 15000");
            assertThat(writes).hasValue(2);
            visit.end(Activity.ATTEMPT);
        }
        pass(PacePublisher.INTERVAL);
        assertThat(rows()).as("it is idle now").isEmpty();
        assertThat(writes).hasValue(3);
        pass(Duration.ofMinutes(2));
        assertThat(writes).hasValue(3);
    }

    @Test
    void pace_whatADeadProcessLeftIsDeletedFromTimeToTime() throws Exception {
        meter.await(ONE, Limit.DESTINATIONS, Duration.ofDays(1));
        for (int i = 0; i < 2; i++) {
            file.write(connection -> {
                PaceRows.Node dead = new PaceRows.Node("dead", 5, Optional.empty(), 200);
                PaceRows.MeasuredPace measured =
                        new PaceRows.MeasuredPace(ONE, 1, Map.of(Limit.SERVER, Duration.ofSeconds(1)));
                PaceRows.replace(
                        connection,
                        dead,
                        clock.instant().minus(Duration.ofHours(1)),
                        PacePublisher.INTERVAL,
                        List.of(measured));
                return dead;
            });
            pass(PacePublisher.CLEANING.plusMillis(1));
            assertThat(nodes()).containsExactly("node1");
        }
        assertThat(writes).hasValue(2);
    }

    private List<String> nodes() throws Exception {
        return file.read(
                connection -> Sql.query(connection, "SELECT node FROM postroad_pace", row -> row.getString(1)));
    }

    @Test
    void pace_theBusiestDestinationsArePublished() throws Exception {
        int all = PacePublisher.MAX_PUBLISHED + 1;
        for (int i = 0; i < all; i++) {
            meter.await(Domain.parse("d" + i + ".test"), Limit.DESTINATIONS, Duration.ofSeconds(i == 7 ? 1 : 2));
        }
        pass(PacePublisher.INTERVAL);
        assertThat(rows())
                .hasSize(PacePublisher.MAX_PUBLISHED)
                .noneMatch(row -> row.startsWith("d7.test"))
                .anyMatch(row -> row.startsWith("d" + (all - 1) + ".test"));
        assertThat(writes).hasValue(1);
    }

    @Test
    void pace_aClockThatIsSetBackDelaysTheNextWriteByOneIntervalAtMost() throws Exception {
        Duration[] jump = {Duration.ZERO};
        PaceMeter jumping = new PaceMeter(() -> clock.instant().plus(jump[0]), 5);
        PacePublisher other = new PacePublisher(
                jumping,
                file,
                "node1",
                QueueSettings.DEFAULTS,
                () -> clock.instant().plus(jump[0]));
        jump[0] = Duration.ofHours(-1);
        other.publish();
        DestinationMeter visit = jumping.visit(ONE);
        visit.begin(Activity.ATTEMPT);
        clock.advance(PacePublisher.INTERVAL);
        other.publish();
        assertThat(rows()).containsExactly("one.test 10000 10000");
    }
}
