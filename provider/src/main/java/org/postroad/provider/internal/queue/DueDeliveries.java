// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.postroad.api.Domain;
import org.postroad.provider.internal.queue.store.QueueRows;
import org.postroad.provider.internal.queue.store.RetryingDatabase;

/** The deliveries to a destination that are due, read in batches, and those that a visit has in progress. Thread-safe. */
final class DueDeliveries {

    /** Limit of due deliveries read at a time. */
    static final int MAX_DUE = 200;

    private final Domain domain;
    private final RetryingDatabase database;
    private final DueTimes dueTimes;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Deque<String> due = new ArrayDeque<>();

    @GuardedBy("lock")
    private final Set<String> inProgress = new HashSet<>();

    DueDeliveries(Domain domain, RetryingDatabase database, DueTimes dueTimes) {
        this.domain = domain;
        this.database = database;
        this.dueTimes = dueTimes;
    }

    /** Returns how many are known to be due. */
    int size() {
        lock.lock();
        try {
            return due.size();
        } finally {
            lock.unlock();
        }
    }

    /** Reads those that are due now. */
    void read() throws SQLException {
        List<String> found =
                database.readOnce(connection -> QueueRows.due(connection, domain, dueTimes.window(), MAX_DUE));
        lock.lock();
        try {
            due.clear();
            due.addAll(found);
            due.removeAll(inProgress); // one may be due after a takeover, though it is still in progress here
        } finally {
            lock.unlock();
        }
    }

    /** Takes the next one; empty if there is none. It counts as in progress until it is {@link #release released}. */
    Optional<String> take() throws SQLException {
        Optional<String> known = takeKnown();
        if (known.isPresent()) {
            return known;
        }
        read();
        return takeKnown();
    }

    private Optional<String> takeKnown() {
        lock.lock();
        try {
            if (due.isEmpty()) {
                return Optional.empty();
            }
            String next = due.remove();
            inProgress.add(next);
            return Optional.of(next);
        } finally {
            lock.unlock();
        }
    }

    /** Ends the progress of one. */
    void release(String message) {
        lock.lock();
        try {
            inProgress.remove(message);
        } finally {
            lock.unlock();
        }
    }
}
