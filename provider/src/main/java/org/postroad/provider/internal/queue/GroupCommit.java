// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.postroad.api.Printable;
import org.postroad.provider.internal.queue.Database.Work;

/**
 * The writers on one connection. One of them commits for all who wait, so that the disk is waited for once for many (group commit);
 * the others sleep until they are done, or the next one is to commit. No thread of its own. Thread-safe.
 */
final class GroupCommit implements AutoCloseable {

    /** Writes that are committed together at most. */
    static final int MAX_BATCH = 200;

    private final Connection connection;
    private final Ground ground;
    private final ConcurrentLinkedQueue<Pending<?>> waiting = new ConcurrentLinkedQueue<>();
    private final ReentrantLock turn = new ReentrantLock();
    private boolean closed; // under the turn
    private final AtomicLong commits = new AtomicLong();

    /** What is written to. */
    @FunctionalInterface
    interface Ground {

        /** Sees that what is written there is not lost. */
        void check() throws QueueFile.LostException;
    }

    /** @param connection nobody else writes on it; it is closed with this */
    GroupCommit(Connection connection) {
        this(connection, () -> {});
    }

    /** @param ground is checked before and after each commit */
    GroupCommit(Connection connection, Ground ground) {
        this.connection = connection;
        this.ground = ground;
    }

    /**
     * Does the work, committed with that of others.
     *
     * @throws SQLException if the database fails; nothing was done
     * @throws InterruptedException if the thread was interrupted while it waited; nothing was done
     */
    <T> T write(Work<T> work) throws SQLException, InterruptedException {
        Pending<T> own = new Pending<>(work);
        waiting.add(own);
        boolean interrupted = false;
        while (!own.done) {
            // Whoever asked for the turn by itself would never get it, if writers did not give way.
            if (!isAskedFor() && turn.tryLock()) {
                commitAndLeave();
            } else {
                LockSupport.park(this);
            }
            if (Thread.interrupted()) {
                interrupted = true;
                if (waiting.remove(own)) { // else it is being done
                    wakeNext();
                    throw new InterruptedException();
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return own.result();
    }

    /** Waits until nobody writes; from then on nobody does until {@link #leave}. */
    void enter() {
        turn.lock();
    }

    void leave() {
        turn.unlock();
        wakeNext();
    }

    /** Whether somebody waits in {@link #enter}. */
    boolean isAskedFor() {
        return turn.hasQueuedThreads();
    }

    /** How many transactions were committed. */
    long commits() {
        return commits.get();
    }

    /** How many writes wait for their turn. */
    int waiting() {
        return waiting.size();
    }

    private void commitAndLeave() {
        List<Pending<?>> batch = new ArrayList<>();
        try {
            for (Pending<?> next = waiting.poll();
                    next != null;
                    next = batch.size() < MAX_BATCH ? waiting.poll() : null) {
                batch.add(next);
            }
            if (!batch.isEmpty()) {
                commitAll(batch);
            }
        } catch (Error e) {
            // Who sleeps has to hear of it, too.
            batch.stream()
                    .filter(each -> !each.done)
                    .forEach(each ->
                            each.fail(new SQLException("A writer of the queue failed: " + Printable.describe(e), e)));
            throw e;
        } finally {
            leave();
            batch.forEach(Pending::wake);
        }
    }

    /** Who is next commits for all who wait then. Whoever comes after this looks whether the turn is free. */
    private void wakeNext() {
        Pending<?> next = waiting.peek();
        if (next != null) {
            next.wake();
        }
    }

    /** Where one of them fails, each for itself. */
    private void commitAll(List<Pending<?>> batch) {
        try {
            commit(batch);
        } catch (QueueFile.LostException e) {
            batch.forEach(each -> each.fail(e)); // one by one, they would be done twice, and lost as well
        } catch (SQLException | RuntimeException e) {
            if (batch.size() == 1) {
                batch.get(0).fail(e);
                return;
            }
            for (Pending<?> each : batch) {
                try {
                    commit(List.of(each));
                } catch (SQLException | RuntimeException own) {
                    each.fail(own);
                }
            }
        }
    }

    private void commit(List<Pending<?>> batch) throws SQLException {
        if (closed) {
            throw closed();
        }
        ground.check();
        Database.inTransaction(connection, shared -> {
            for (Pending<?> each : batch) {
                each.run(shared);
            }
            return batch;
        });
        commits.incrementAndGet();
        ground.check(); // what went to a file without a name is lost
        batch.forEach(Pending::succeed);
    }

    static SQLException closed() {
        return new SQLException("The queue is closed");
    }

    /** Who waits is told so. */
    @Override
    public void close() {
        enter();
        try {
            closed = true;
            SqliteDatabase.close(connection);
        } finally {
            leave();
        }
    }

    /** A write, and what became of it: whoever sees that it is done sees that, too. */
    private static final class Pending<T> {

        private final Work<T> work;
        private final Thread writer = Thread.currentThread();
        private Optional<T> result = Optional.empty();
        private Optional<Exception> failure = Optional.empty();
        private volatile boolean done;

        Pending(Work<T> work) {
            this.work = work;
        }

        void run(Connection connection) throws SQLException {
            result = Optional.ofNullable(work.with(connection));
        }

        void succeed() {
            done = true;
        }

        void fail(Exception e) {
            failure = Optional.of(e);
            done = true;
        }

        void wake() {
            LockSupport.unpark(writer);
        }

        T result() throws SQLException {
            if (failure.isPresent()) {
                Exception e = failure.get();
                if (e instanceof RuntimeException runtime) {
                    throw runtime;
                }
                throw new SQLException(e.getMessage(), e); // a COMMIT of SQLite's that fails has done nothing
            }
            return result.orElseThrow();
        }
    }
}
