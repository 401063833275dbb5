// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.postroad.api.DestinationPace.Limit;
import org.postroad.provider.internal.deliver.ConnectionWaits;

/**
 * Adds up what the deliveries to one destination spend their time on. Each worker is in one activity at a time; the time of the workers in an
 * activity counts for one limit. While no visit is possible though something is due, that counts as one worker that waits.
 *
 * <p>Attempts count for {@link Limit#CONCURRENCY} while all places are in use and more is due, because more places would help then; otherwise
 * for {@link Limit#SERVER}. Waits for a connection and for the database count for themselves, because more places would not help.
 *
 * <p>Constant size. Thread-safe; each call takes a lock for a few additions.
 */
final class DestinationMeter implements AutoCloseable {

    /** How long finished attempts count. */
    private static final Duration MINUTE = Duration.ofMinutes(1);

    /** Maximum number of intervals whose finished attempts are known; more intervals of a minute are merged. */
    private static final int MAX_INTERVALS = 60;

    /** What a worker does. */
    enum Activity {
        /** Waits until the rate allows another delivery. */
        RATE,
        /** Has a place at the destination, and writes or reads the database before and after an attempt. */
        DATABASE,
        /** Makes an attempt. */
        ATTEMPT,
        /** Waits for a connection during an attempt. */
        CONNECTION
    }

    private final InstantSource clock;
    private final int concurrency;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final int[] workers = new int[Activity.values().length];

    @GuardedBy("lock")
    private final long[] nanos = new long[Limit.values().length];

    @GuardedBy("lock")
    private final Deque<Finished> finishedBefore = new ArrayDeque<>();

    @GuardedBy("lock")
    private Instant last;

    @GuardedBy("lock")
    private int visits;

    @GuardedBy("lock")
    private boolean moreDue;

    /** Whether a place was refused, because deliveries to other domains of the same destination have it. */
    @GuardedBy("lock")
    private boolean refused;

    @GuardedBy("lock")
    private long finished;

    @GuardedBy("lock")
    private Optional<Limit> outside = Optional.empty();

    @GuardedBy("lock")
    private Instant outsideUntil = Instant.MIN;

    private record Finished(Instant at, long count) {}

    /**
     * What was measured in an interval.
     *
     * @param spent the time by limit
     * @param finished the number of attempts that ended in the interval
     * @param isIdle whether nothing needs to be remembered
     */
    record Interval(Map<Limit, Duration> spent, long finished, long finishedInLastMinute, boolean isIdle) {}

    /** @param concurrency number of places at the destination */
    DestinationMeter(InstantSource clock, int concurrency) {
        this.clock = clock;
        this.concurrency = concurrency;
        this.last = clock.instant();
    }

    /** Begins a visit, which ends a wait for it. */
    void open() {
        lock.lock();
        try {
            advance();
            visits++;
            outside = Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /** Ends a visit. */
    @Override
    public void close() {
        lock.lock();
        try {
            advance();
            visits--;
            moreDue = false;
            refused = false;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Measures a wait for the next visit, from now on or from the end of the current visit.
     *
     * @param limit for how long, unless this method is called again
     */
    void await(Limit cause, Duration limit) {
        lock.lock();
        try {
            advance();
            outside = Optional.of(cause);
            outsideUntil = last.plus(limit);
        } finally {
            lock.unlock();
        }
    }

    void begin(Activity activity) {
        lock.lock();
        try {
            advance();
            workers[activity.ordinal()]++;
        } finally {
            lock.unlock();
        }
    }

    void end(Activity activity) {
        lock.lock();
        try {
            advance();
            workers[activity.ordinal()]--;
        } finally {
            lock.unlock();
        }
    }

    /** Ends one activity of a worker and begins another. */
    void change(Activity from, Activity to) {
        lock.lock();
        try {
            advance();
            workers[from.ordinal()]--;
            workers[to.ordinal()]++;
        } finally {
            lock.unlock();
        }
    }

    /** Returns what measures the waits for a connection during an attempt. */
    ConnectionWaits connectionWaits() {
        return new ConnectionWaits() {
            @Override
            public void began() {
                change(Activity.ATTEMPT, Activity.CONNECTION);
            }

            @Override
            public void ended() {
                change(Activity.CONNECTION, Activity.ATTEMPT);
            }
        };
    }

    /** Notes whether more is due than is in progress. */
    void demand(boolean more) {
        lock.lock();
        try {
            if (moreDue != more) {
                advance();
                moreDue = more;
            }
        } finally {
            lock.unlock();
        }
    }

    /** Notes whether a worker was refused a place. */
    void refused(boolean noPlace) {
        lock.lock();
        try {
            if (refused != noPlace) {
                advance();
                refused = noPlace;
            }
        } finally {
            lock.unlock();
        }
    }

    /** Counts an attempt that ended. */
    void finished() {
        lock.lock();
        try {
            finished++;
        } finally {
            lock.unlock();
        }
    }

    /** Returns what was measured since the last call. */
    Interval take() {
        lock.lock();
        try {
            advance();
            Map<Limit, Duration> spent = new EnumMap<>(Limit.class);
            for (Limit limit : Limit.values()) {
                if (nanos[limit.ordinal()] > 0) {
                    spent.put(limit, Duration.ofNanos(nanos[limit.ordinal()]));
                    nanos[limit.ordinal()] = 0;
                }
            }
            long now = finished;
            finished = 0;
            long lastMinute = finishedInLastMinute(now);
            boolean isIdle = visits == 0 && outside.isEmpty() && finishedBefore.isEmpty();
            return new Interval(spent, now, lastMinute, isIdle);
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private long finishedInLastMinute(long now) {
        Instant minuteAgo = last.minus(MINUTE);
        finishedBefore.removeIf(before -> !before.at().isAfter(minuteAgo));
        if (now > 0) {
            long merged = finishedBefore.size() >= MAX_INTERVALS
                    ? finishedBefore.removeLast().count()
                    : 0;
            finishedBefore.addLast(new Finished(last, merged + now));
        }
        return finishedBefore.stream().mapToLong(Finished::count).sum();
    }

    /** Adds the time since the last change. Time for which the clock was set back is not measured. */
    @GuardedBy("lock")
    private void advance() {
        Instant now = clock.instant();
        long passed = nanosBetween(last, now);
        add(Limit.RATE, workers[Activity.RATE.ordinal()] * passed);
        add(Limit.DATABASE, workers[Activity.DATABASE.ordinal()] * passed);
        add(Limit.CONNECTIONS, workers[Activity.CONNECTION.ordinal()] * passed);
        add(isFull() && moreDue ? Limit.CONCURRENCY : Limit.SERVER, workers[Activity.ATTEMPT.ordinal()] * passed);
        if (outside.isPresent() && visits == 0) {
            add(outside.get(), nanosBetween(last, now.isBefore(outsideUntil) ? now : outsideUntil));
            if (!now.isBefore(outsideUntil)) {
                outside = Optional.empty();
            }
        }
        last = now;
    }

    private static long nanosBetween(Instant from, Instant to) {
        return to.isAfter(from) ? Duration.between(from, to).toNanos() : 0;
    }

    @GuardedBy("lock")
    private boolean isFull() {
        int used = workers[Activity.DATABASE.ordinal()]
                + workers[Activity.ATTEMPT.ordinal()]
                + workers[Activity.CONNECTION.ordinal()];
        return refused || used >= concurrency;
    }

    @GuardedBy("lock")
    private void add(Limit limit, long passed) {
        nanos[limit.ordinal()] += passed;
    }
}
