// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue.store;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Retries database operations that must not fail because the database is unavailable for a while. Thread-safe. */
public final class RetryingDatabase {

    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    /** Tries of a read. The pauses between them add up to about 16 seconds. */
    private static final int MAX_READS = 10;

    private final Database database;
    private final CountDownLatch closing;

    /** @param closing reaches zero when the queue is closed */
    public RetryingDatabase(Database database, CountDownLatch closing) {
        this.database = database;
        this.closing = closing;
    }

    /** One try of a database operation. */
    @FunctionalInterface
    private interface DatabaseTry<T> {
        T get() throws SQLException, InterruptedException;
    }

    /**
     * Writes, no matter how long the database is unavailable, and in spite of interrupts: results must not be lost. The work is repeated
     * even if an earlier try was committed without our knowledge.
     *
     * @throws SQLException if the queue is closed meanwhile
     */
    public <T> T write(Database.Work<T> work) throws SQLException {
        return Uninterruptibly.get(() -> untilDone(() -> database.write(work), Integer.MAX_VALUE));
    }

    /**
     * Reads, and retries for a while if the database is unavailable.
     *
     * @throws SQLException if the database is unavailable for longer or cannot perform this read, or if the queue is closed meanwhile
     */
    public <T> T read(Database.Work<T> work) throws SQLException {
        return Uninterruptibly.get(() -> untilDone(() -> database.read(work), MAX_READS));
    }

    /** Reads, and does not retry. */
    public <T> T readOnce(Database.Work<T> work) throws SQLException {
        return database.read(work);
    }

    /** Waits for this long, or until the queue is closed. Returns whether the queue is still open. */
    public boolean pause(Duration pause) throws InterruptedException {
        return !closing.await(pause.toNanos(), TimeUnit.NANOSECONDS);
    }

    private <T> T untilDone(DatabaseTry<T> work, int tries) throws SQLException, InterruptedException {
        Duration pause = FIRST_PAUSE;
        for (int turn = 1; ; turn++) {
            try {
                return work.get();
            } catch (SQLException e) {
                if (turn == tries || closing.getCount() == 0) {
                    throw e;
                }
                if (turn == 1) {
                    DatabaseFailures.log(RetryingDatabase.class, "The queue's database failed; retrying", e);
                }
            }
            closing.await(pause.toNanos(), TimeUnit.NANOSECONDS);
            Duration longer = pause.multipliedBy(2);
            pause = longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE;
        }
    }
}
