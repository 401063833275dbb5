// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import java.sql.SQLException;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.postroad.provider.internal.queue.store.CommitInDoubtException;
import org.postroad.provider.internal.queue.store.Database;
import org.postroad.provider.internal.queue.store.DatabaseFailures;
import org.postroad.provider.internal.queue.store.Dialect;
import org.postroad.provider.internal.queue.store.QueueException;

/**
 * Reads and writes a queue on threads of the application, within the transaction that the thread is in. Failures are reported to the
 * caller. Thread-safe.
 */
final class CallerAccess {

    private final Database database;
    private final CountDownLatch closing;
    private final Runnable expectCommit;

    /**
     * @param closing reaches zero when the queue is closed
     * @param expectCommit called after a write within a transaction whose commit cannot be observed
     */
    CallerAccess(Database database, CountDownLatch closing, Runnable expectCommit) {
        this.database = database;
        this.closing = closing;
        this.expectCommit = expectCommit;
    }

    Dialect dialect() {
        return database.dialect();
    }

    boolean isOpen() {
        return closing.getCount() > 0;
    }

    /** @throws QueueClosedException if the queue is closed */
    void checkOpen() {
        if (!isOpen()) {
            throw new QueueClosedException();
        }
    }

    /** Returns whether writes of the calling thread become part of a transaction of its own. */
    boolean isCallerInTransaction() {
        checkOpen();
        try {
            return database.isCallerInTransaction();
        } catch (SQLException e) {
            throw new QueueException("The queue cannot be read: " + DatabaseFailures.describe(e), e);
        }
    }

    <T> T read(Database.Work<T> work) {
        checkOpen();
        try {
            return database.readForCaller(work);
        } catch (SQLException e) {
            throw new QueueException("The queue cannot be read: " + DatabaseFailures.describe(e), e);
        }
    }

    /**
     * Writes on the calling thread, possibly within the caller's transaction.
     *
     * @param committed receives the result after the commit; never called if the time of the commit cannot be observed, in which case the
     *     poll finds what is due
     */
    <T> T write(Database.Work<T> work, Consumer<T> committed) throws InterruptedException {
        checkOpen();
        Database.Written<T> written;
        try {
            written = database.writeForCaller(work);
        } catch (CommitInDoubtException e) {
            throw new QueueException(
                    "It is unknown whether the queue stored the message or change: the connection was lost at the commit: "
                            + DatabaseFailures.describe(e),
                    e);
        } catch (SQLException e) {
            throw new QueueException(
                    "The queue could not store the message or change; nothing was stored: "
                            + DatabaseFailures.describe(e),
                    e);
        }
        T result = written.result();
        if (!written.joined()) {
            committed.accept(result);
        } else if (written.container().isPresent()) {
            written.container().get().afterCommit(() -> committed.accept(result));
        } else {
            expectCommit.run();
        }
        return result;
    }
}
