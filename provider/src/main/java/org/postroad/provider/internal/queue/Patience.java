// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A database that may be away for a while, as those see it who cannot do without it. Thread-safe. */
final class Patience {

    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    /** Tries to read, with pauses between them that come to a quarter of a minute. */
    private static final int READS = 10;

    private final Database database;
    private final CountDownLatch closing;

    /** @param closing is at zero when the queue is closed */
    Patience(Database database, CountDownLatch closing) {
        this.database = database;
        this.closing = closing;
    }

    /** Something to do with the database. */
    @FunctionalInterface
    private interface Try<T> {
        T get() throws SQLException, InterruptedException;
    }

    /**
     * Writes, however long the database is away, and whoever wants the thread to end: what happened must not be forgotten. What was
     * done without our being told is done again.
     *
     * @throws SQLException if the queue is closed meanwhile
     */
    <T> T write(Database.Work<T> work) throws SQLException {
        return Undisturbed.get(() -> untilDone(() -> database.write(work), Integer.MAX_VALUE));
    }

    /**
     * Reads, also where the database is away for a moment.
     *
     * @throws SQLException if it is away for longer, or cannot read this, or the queue is closed meanwhile
     */
    <T> T read(Database.Work<T> work) throws SQLException {
        return Undisturbed.get(() -> untilDone(() -> database.read(work), READS));
    }

    /** Waits for this long, or until the queue is closed. Returns whether it is still open. */
    boolean pause(Duration pause) throws InterruptedException {
        return !closing.await(pause.toNanos(), TimeUnit.NANOSECONDS);
    }

    private <T> T untilDone(Try<T> work, int tries) throws SQLException, InterruptedException {
        Duration pause = FIRST_PAUSE;
        for (int turn = 1; ; turn++) {
            try {
                return work.get();
            } catch (SQLException e) {
                if (turn == tries || closing.getCount() == 0) {
                    throw e;
                }
                if (turn == 1) {
                    Failures.log(Patience.class, "The database of the queue fails; trying on", e);
                }
            }
            closing.await(pause.toNanos(), TimeUnit.NANOSECONDS);
            Duration longer = pause.multipliedBy(2);
            pause = longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE;
        }
    }
}
