// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue.store;

import com.google.errorprone.annotations.concurrent.GuardedBy;
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
import org.postroad.provider.internal.queue.store.Database.Work;

/**
 * Runs the writes of many threads on one connection. One of the waiting threads commits for all, so that they share one wait for
 * the disk (group commit). The others sleep until their write is done, or until it is their turn to commit. Has no thread of its
 * own. Thread-safe.
 *
 * <pre>
 * write():  waiting --(commitLock is free)--> committing --> done: this write and the others of its batch
 *              |                                   |
 *              |                                   +--(one of several fails)--> each is committed separately
 *              +--(another thread commits)--> sleeping --> done, or woken to try the lock
 *              +--(interrupted before its batch began)--> removed: nothing was done
 * </pre>
 */
final class GroupCommit implements AutoCloseable {

    /** Limit of writes in one commit. */
    static final int MAX_BATCH = 200;

    private final Connection connection;
    private final StorageCheck storage;
    private final ConcurrentLinkedQueue<Pending<?>> waiting = new ConcurrentLinkedQueue<>();
    private final ReentrantLock commitLock = new ReentrantLock();
    private final AtomicLong commits = new AtomicLong();

    @GuardedBy("commitLock")
    private boolean closed;

    /** The storage that is written to. */
    @FunctionalInterface
    interface StorageCheck {

        /** Checks that writes are not lost. */
        void check() throws QueueFile.FileReplacedException;
    }

    /** @param connection used for no other writes; closed with this object */
    GroupCommit(Connection connection) {
        this(connection, () -> {});
    }

    /** @param storage checked before and after each commit */
    GroupCommit(Connection connection, StorageCheck ground) {
        this.connection = connection;
        this.storage = ground;
    }

    /**
     * Runs the work, which is committed together with that of other threads.
     *
     * @throws SQLException if the database fails; nothing was done
     * @throws InterruptedException if the thread was interrupted while it waited; nothing was done
     */
    <T> T write(Work<T> work) throws SQLException, InterruptedException {
        Pending<T> own = new Pending<>(work);
        waiting.add(own);
        boolean interrupted = false;
        while (!own.done) {
            // Writers give way to a thread in enter(), which otherwise would never get the lock.
            if (!hasLockWaiter() && commitLock.tryLock()) {
                commitAndUnlock();
            } else {
                LockSupport.park(this);
            }
            if (Thread.interrupted()) {
                interrupted = true;
                if (waiting.remove(own)) { // otherwise it is already running
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

    /** Waits until no write is running. Writes are blocked from then on until {@link #unlockWrites}. */
    void lockWrites() {
        commitLock.lock();
    }

    void unlockWrites() {
        commitLock.unlock();
        wakeNext();
    }

    /** Returns whether a thread waits in {@link #lockWrites}. */
    boolean hasLockWaiter() {
        return commitLock.hasQueuedThreads();
    }

    /** Returns the number of transactions committed. */
    long commits() {
        return commits.get();
    }

    /** Returns the number of writes waiting for their turn. */
    int waiting() {
        return waiting.size();
    }

    private void commitAndUnlock() {
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
            // The sleeping threads must receive the failure, too.
            batch.stream()
                    .filter(each -> !each.done)
                    .forEach(each ->
                            each.fail(new SQLException("A writer of the queue failed: " + Printable.describe(e), e)));
            throw e;
        } finally {
            commitLock.unlock();
            wakeNext();
            batch.forEach(Pending::wake);
        }
    }

    /** Wakes the next waiting thread, which commits for all that wait then. A thread that arrives later tries the lock by itself. */
    private void wakeNext() {
        Pending<?> next = waiting.peek();
        if (next != null) {
            next.wake();
        }
    }

    /** Commits the batch. If a write or the commit fails, each write is committed separately. */
    @GuardedBy("commitLock")
    private void commitAll(List<Pending<?>> batch) {
        try {
            commit(batch);
        } catch (QueueFile.FileReplacedException e) {
            batch.forEach(each -> each.fail(e)); // separately they would run twice, and be lost as well
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

    @GuardedBy("commitLock")
    private void commit(List<Pending<?>> batch) throws SQLException {
        if (closed) {
            throw closed();
        }
        storage.check();
        Database.inTransaction(connection, shared -> {
            for (Pending<?> each : batch) {
                each.run(shared);
            }
            return batch;
        });
        commits.incrementAndGet();
        storage.check(); // what was written to a removed file is lost
        batch.forEach(Pending::succeed);
    }

    static SQLException closed() {
        return new SQLException("The queue is closed");
    }

    /** Closes the connection. Waiting writes fail. */
    @Override
    public void close() {
        commitLock.lock();
        try {
            closed = true;
            Sql.close(connection);
        } finally {
            commitLock.unlock();
            wakeNext();
        }
    }

    /** A write and its result. A thread that sees {@code done} also sees the result. */
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
            result = Optional.ofNullable(work.run(connection));
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
                throw new SQLException(e.getMessage(), e); // not in doubt: a failed COMMIT in SQLite changes nothing
            }
            return result.orElseThrow();
        }
    }
}
