// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.postroad.provider.internal.queue.store.Database;
import org.postroad.provider.internal.queue.store.DatabaseFailures;
import org.postroad.provider.internal.queue.store.HistoryCleaning;
import org.postroad.provider.internal.queue.store.HistoryCleaning.Expired;

/**
 * Deletes what is too old or too much from the history, in small transactions. The scheduler calls it in one process at a time. Messages in
 * the queue keep their history.
 */
final class HistoryCleaner {

    /** Interval between two passes. */
    static final Duration INTERVAL = Duration.ofMinutes(10);

    private final Database database;
    private final QueueSettings.History settings;
    private final InstantSource clock;
    private final CountDownLatch closing;

    /** @param closing reaches zero when the queue is closed: the pass ends after its current step */
    HistoryCleaner(Database database, QueueSettings.History settings, InstantSource clock, CountDownLatch closing) {
        this.database = database;
        this.settings = settings;
        this.clock = clock;
        this.closing = closing;
    }

    /** Makes one pass from the oldest entry on. A failure is logged; the next pass starts again from the oldest entry. */
    void clean() throws InterruptedException {
        try {
            Instant endedBefore = clock.instant().minus(settings.keep());
            Optional<String> excess = database.read(connection -> HistoryCleaning.excess(connection, settings.rows()));
            Expired expired = new Expired(endedBefore, excess);
            Optional<String> reached = Optional.of("");
            while (reached.isPresent() && closing.getCount() > 0) {
                String after = reached.get();
                Optional<String> step =
                        database.read(connection -> HistoryCleaning.nextStep(connection, after, expired));
                if (step.isPresent()) {
                    database.write(connection -> HistoryCleaning.clean(connection, after, step.get(), expired));
                }
                reached = step;
            }
        } catch (SQLException e) {
            DatabaseFailures.log(
                    HistoryCleaner.class,
                    "The history of the queue could not be cleaned; trying again in 10 minutes",
                    e);
        }
    }
}
