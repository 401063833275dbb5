// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.postroad.api.Domain;
import org.postroad.api.Priority;
import org.postroad.provider.internal.queue.store.QueueRows;
import org.postroad.provider.internal.queue.store.RetryingDatabase;

/**
 * The deliveries to a destination that are due, read in batches, and those that a visit has in progress. Thread-safe.
 *
 * <p>The priority of the next delivery is chosen at random, so that each has its share, however short visits are and whatever the other
 * processes do. If none of that priority is due, the highest priority that has one is next.
 */
final class DueDeliveries {

    /** Limit of due deliveries of each priority read at a time. */
    static final int MAX_DUE = 200;

    /** Of this number of deliveries, if all priorities are due, ... */
    private static final int ALL_SHARES = 20;

    /** ... this number is HIGH, ... */
    private static final int HIGH_SHARES = 15;

    /** ... and this number is NORMAL, on average. The rest is LOW. */
    private static final int NORMAL_SHARES = 4;

    private final Domain domain;
    private final RetryingDatabase database;
    private final DueTimes dueTimes;
    private final RandomGenerator random;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Map<Priority, Deque<String>> known = new EnumMap<>(Priority.class);

    /** Priorities of which more may be due than is known. */
    @GuardedBy("lock")
    private final Set<Priority> incomplete = EnumSet.noneOf(Priority.class);

    @GuardedBy("lock")
    private final Set<String> inProgress = new HashSet<>();

    DueDeliveries(Domain domain, RetryingDatabase database, DueTimes dueTimes, RandomGenerator random) {
        this.domain = domain;
        this.database = database;
        this.dueTimes = dueTimes;
        this.random = random;
    }

    /** Returns how many are known to be due. */
    int size() {
        lock.lock();
        try {
            return known.values().stream().mapToInt(Deque::size).sum();
        } finally {
            lock.unlock();
        }
    }

    /** Reads those that are due now. */
    void read() throws SQLException {
        forgetIncomplete(); // before the query: it need not see what becomes due from now on
        Map<Priority, List<String>> found =
                database.readOnce(connection -> QueueRows.due(connection, domain, dueTimes.window(), MAX_DUE));
        lock.lock();
        try {
            known.clear();
            found.forEach((priority, due) -> {
                if (due.size() >= MAX_DUE) {
                    incomplete.add(priority);
                }
                Deque<String> others = new ArrayDeque<>(due);
                others.removeAll(inProgress); // one may be due after a takeover, though it is still in progress here
                known.put(priority, others);
            });
        } finally {
            lock.unlock();
        }
    }

    private void forgetIncomplete() {
        lock.lock();
        try {
            incomplete.clear();
        } finally {
            lock.unlock();
        }
    }

    /** Notes that more of a priority became due. */
    void moreDue(Priority priority) {
        lock.lock();
        try {
            incomplete.add(priority);
        } finally {
            lock.unlock();
        }
    }

    /** Takes the next one; empty if there is none. It counts as in progress until it is {@link #release released}. */
    Optional<String> take() throws SQLException {
        Optional<String> next = isToBeRead() ? Optional.empty() : takeKnown();
        if (next.isPresent()) {
            return next;
        }
        read();
        return takeKnown();
    }

    /** Returns whether nothing is known of a priority of which more may be due: otherwise the other priorities would be taken in its place. */
    private boolean isToBeRead() {
        lock.lock();
        try {
            for (Priority priority : incomplete) {
                if (known(priority).isEmpty()) {
                    return true;
                }
            }
            return false;
        } finally {
            lock.unlock();
        }
    }

    private Optional<String> takeKnown() {
        lock.lock();
        try {
            Deque<String> candidates = known(randomPriority());
            for (Priority priority : Priority.values()) {
                if (candidates.isEmpty()) {
                    candidates = known(priority);
                }
            }
            Optional<String> next = Optional.ofNullable(candidates.poll());
            next.ifPresent(inProgress::add);
            return next;
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private Deque<String> known(Priority priority) {
        return known.computeIfAbsent(priority, unread -> new ArrayDeque<>());
    }

    private Priority randomPriority() {
        int share = random.nextInt(ALL_SHARES);
        return share < HIGH_SHARES
                ? Priority.HIGH
                : share < HIGH_SHARES + NORMAL_SHARES ? Priority.NORMAL : Priority.LOW;
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
