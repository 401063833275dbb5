// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import org.postroad.provider.internal.queue.store.Database;
import org.postroad.provider.internal.queue.store.PaceRows;
import org.postroad.provider.internal.queue.store.PaceRows.MeasuredPace;

/**
 * Writes what this process measured about its destinations to the database, in one transaction for each interval in which a destination was
 * busy, and one more when all are idle. Used by one thread.
 */
final class PacePublisher {

    /** Minimum interval. */
    static final Duration INTERVAL = Duration.ofSeconds(10);

    /** Minimum interval between deletions of what dead processes left. */
    static final Duration CLEANING = Duration.ofMinutes(5);

    /** Maximum number of destinations that are published: those whose deliveries spent the most time. */
    static final int MAX_PUBLISHED = 500;

    private final PaceMeter meter;
    private final Database database;
    private final PaceRows.Node node;
    private final InstantSource clock;
    private Instant last;
    private Instant lastCleaning = Instant.EPOCH;
    private boolean published;

    /** @param name the unique name of this process */
    PacePublisher(PaceMeter meter, Database database, String name, QueueSettings settings, InstantSource clock) {
        this.meter = meter;
        this.database = database;
        this.node = new PaceRows.Node(
                name,
                settings.limits().concurrency(),
                settings.limits().rate().map(Rate::setting),
                settings.timing().destinations());
        this.clock = clock;
        this.last = clock.instant();
    }

    /**
     * Writes what was measured, if the interval is over.
     *
     * @throws SQLException if the database cannot be written; what was measured in the interval is lost
     */
    void publish() throws SQLException, InterruptedException {
        Instant now = clock.instant();
        Duration interval = Duration.between(last, now);
        if (interval.isNegative()) {
            last = now; // the clock was set back
        } else if (interval.compareTo(INTERVAL) >= 0) {
            last = now;
            publish(now, interval);
        }
    }

    private void publish(Instant now, Duration interval) throws SQLException, InterruptedException {
        List<MeasuredPace> measured = meter.take().stream()
                .sorted(Comparator.comparing(MeasuredPace::total).reversed())
                .limit(MAX_PUBLISHED)
                .toList();
        if (!measured.isEmpty() || published) {
            boolean cleans = now.isAfter(lastCleaning.plus(CLEANING)) || now.isBefore(lastCleaning);
            database.write(connection -> {
                if (cleans) {
                    PaceRows.deleteOutdated(connection, now);
                }
                PaceRows.replace(connection, node, now, interval, measured);
                return measured;
            });
            lastCleaning = cleans ? now : lastCleaning;
            published = !measured.isEmpty();
        }
    }
}
