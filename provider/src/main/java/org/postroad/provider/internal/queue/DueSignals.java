// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.postroad.api.Domain;
import org.postroad.api.Priority;

/**
 * Collects reasons to serve destinations, for the one thread that waits for them: signals, times of visits, and the time of the next sweep
 * of the tables. Thread-safe.
 */
final class DueSignals {

    /** Interval between sweeps while a foreign transaction is expected to commit. */
    static final Duration SHORT_INTERVAL = Duration.ofMillis(50);

    private final Duration poll;
    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    @GuardedBy("lock")
    private final Set<Signal> signalled = new HashSet<>();

    @GuardedBy("lock")
    private final SortedSet<Instant> visitTimes = new TreeSet<>();

    @GuardedBy("lock")
    private Instant nextSweep = Instant.MIN;

    @GuardedBy("lock")
    private Instant eagerUntil = Instant.MIN;

    /** @param poll interval between sweeps */
    DueSignals(Duration poll, InstantSource clock) {
        this.poll = poll;
        this.clock = clock;
    }

    /** Something of a priority is due to a domain. */
    record Signal(Domain domain, Priority priority) {}

    /**
     * What is to be done now.
     *
     * @param signals the destinations that were signalled
     * @param visits whether the time of a visit has come
     * @param sweep whether the tables are to be swept
     */
    record Due(Set<Signal> signals, boolean visits, boolean sweep) {}

    /** Signals that something of {@link Priority#NORMAL} is due to these domains. Does not block. */
    void signalNormal(Collection<Domain> domains) {
        signal(domains, Priority.NORMAL);
    }

    /** Signals that something of a priority is due to these domains. Does not block. */
    void signal(Collection<Domain> domains, Priority priority) {
        signal(domains.stream().map(domain -> new Signal(domain, priority)).toList());
    }

    /** Signals that something is due. Does not block. */
    void signal(Collection<Signal> due) {
        if (due.isEmpty()) {
            return;
        }
        lock.lock();
        try {
            signalled.addAll(due);
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Adds the time of a visit. */
    void visitAt(Instant time) {
        lock.lock();
        try {
            visitTimes.add(time);
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Prepares for a foreign transaction that will add a message soon, or never: sweeps are frequent for one poll interval. */
    void expectCommit() {
        lock.lock();
        try {
            eagerUntil = clock.instant().plus(poll);
            nextSweep = clock.instant();
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until something is due. After a spurious wake-up, nothing may be due. */
    @SuppressWarnings("WaitNotInLoop") // the caller waits again
    Due await() throws InterruptedException {
        lock.lock();
        try {
            Duration left = untilNext();
            if (signalled.isEmpty() && !left.isNegative() && !left.isZero()) {
                changed.await(left.toNanos(), TimeUnit.NANOSECONDS);
            }
            Instant now = clock.instant();
            boolean visits = visitTimes.removeIf(time -> !time.isAfter(now));
            Set<Signal> signals = Set.copyOf(signalled);
            signalled.clear();
            // If the clock was set back, the next sweep would be too late.
            boolean sweep = !now.isBefore(nextSweep) || now.plus(poll).isBefore(nextSweep);
            if (sweep) {
                nextSweep = now.plus(now.isBefore(eagerUntil) ? SHORT_INTERVAL : poll);
            }
            return new Due(signals, visits, sweep);
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private Duration untilNext() {
        Instant now = clock.instant();
        if (!nextSweep.isAfter(now)) {
            return Duration.ZERO;
        }
        Instant first = visitTimes.isEmpty() || nextSweep.isBefore(visitTimes.first()) ? nextSweep : visitTimes.first();
        Duration left = Duration.between(now, first);
        return left.compareTo(poll) < 0 ? left : poll;
    }
}
