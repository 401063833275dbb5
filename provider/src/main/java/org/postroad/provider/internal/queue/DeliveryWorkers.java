// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.postroad.api.DestinationPace.Limit;
import org.postroad.api.Domain;
import org.postroad.api.DomainReport;
import org.postroad.api.Priority;
import org.postroad.provider.internal.queue.DestinationMeter.Activity;
import org.postroad.provider.internal.queue.store.QueuedDelivery;

/**
 * The workers of one visit to a destination: the visit's own thread, and others if several deliveries are due. Each takes one due delivery
 * after another, until none is due, the destination does not answer, or the workers are stopped. Thread-safe.
 *
 * <p>A destination that did not answer before is served by one worker until it answers.
 *
 * <p>After {@value #TURN} deliveries the workers stop if other destinations may be waiting. The rest is delivered in a later visit.
 */
final class DeliveryWorkers {

    /** Number of deliveries after which other destinations get their turn. */
    static final int TURN = 100;

    private final Domain domain;
    private final DueDeliveries due;
    private final DestinationLease lease;
    private final DeliveryAttempts attempts;
    private final AttemptTransactions transactions;
    private final Throttle throttle;
    private final QueueSettings.DestinationLimits limits;
    private final Executor threads;
    private final BooleanSupplier crowded;
    private final DestinationMeter meter;
    private final AtomicInteger taken = new AtomicInteger();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    @GuardedBy("lock")
    private String destination = "";

    @GuardedBy("lock")
    private int workers;

    @GuardedBy("lock")
    private int failures;

    @GuardedBy("lock")
    private boolean answered;

    @GuardedBy("lock")
    private boolean stopped;

    @GuardedBy("lock")
    private Optional<DomainReport> down = Optional.empty();

    @GuardedBy("lock")
    private Optional<Throttle.Refusal> refusal = Optional.empty();

    @GuardedBy("lock")
    private Optional<Throwable> defect = Optional.empty();

    /**
     * What the deliveries showed about the destination.
     *
     * @param answered whether the destination answered, now or the last time
     * @param down the report of the delivery after which the destination counts as down
     * @param refusal why there was no slot at the destination; empty if there was a free one
     */
    record Result(boolean answered, Optional<DomainReport> down, Optional<Throttle.Refusal> refusal) {

        /** Nothing was due. */
        static final Result NOTHING_DUE = new Result(false, Optional.empty(), Optional.empty());
    }

    /**
     * @param threads for workers beside the visit's own thread
     * @param crowded returns whether other destinations may be waiting for the end of this visit
     * @param meter measures what the workers spend their time on
     */
    DeliveryWorkers(
            Domain domain,
            DueDeliveries due,
            DestinationLease lease,
            DeliveryAttempts attempts,
            AttemptTransactions transactions,
            Throttle throttle,
            QueueSettings.DestinationLimits limits,
            Executor threads,
            BooleanSupplier crowded,
            DestinationMeter meter) {
        this.domain = domain;
        this.due = due;
        this.lease = lease;
        this.attempts = attempts;
        this.transactions = transactions;
        this.throttle = throttle;
        this.limits = limits;
        this.threads = threads;
        this.crowded = crowded;
        this.meter = meter;
    }

    /**
     * Makes the due deliveries, and returns when all workers have finished. They are also awaited if this thread is interrupted, because
     * their results must be written first.
     *
     * @param destinationKey the key that {@link Throttle} knows the destination by
     * @param answeredBefore whether the destination answered the last time
     * @throws SQLException if the deliveries stopped because of an unexpected error
     * @throws InterruptedException if this thread was interrupted; the deliveries were cancelled
     */
    Result work(String destinationKey, boolean answeredBefore) throws SQLException, InterruptedException {
        due.read();
        if (due.size() == 0) {
            return Result.NOTHING_DUE;
        }
        lock.lock();
        try {
            destination = destinationKey;
            answered = answeredBefore;
            workers++;
            if (answered) {
                hire(1);
            }
        } finally {
            lock.unlock();
        }
        workUntilDone();
        return awaitResult();
    }

    private Result awaitResult() throws SQLException, InterruptedException {
        lock.lock();
        try {
            while (workers > 0) {
                changed.awaitUninterruptibly();
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (defect.isPresent()) {
                throw new SQLException("The deliveries stopped", defect.get());
            }
            if (down.isEmpty() && !stopped && due.size() > 0) {
                refusal.ifPresent(by -> meter.await(by.cause(), by.pause().plus(PaceMeter.DELAY)));
            }
            return new Result(answered, down, refusal);
        } finally {
            lock.unlock();
        }
    }

    /** Starts workers for deliveries that became due meanwhile, and wakes those that wait. */
    void moreDue(Priority priority) throws SQLException {
        due.moreDue(priority);
        if (due.size() == 0) {
            due.read();
        }
        meter.demand(due.size() > 0);
        lock.lock();
        try {
            boolean delivers = workers > 0 && answered;
            if (delivers) { // otherwise it has not begun, is over, or still tests the destination
                hire(0);
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Prevents further deliveries. Those in progress continue. */
    void stop() {
        lock.lock();
        try {
            stopped = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Starts workers, one for each due delivery within the limit.
     *
     * @param idle number of current workers that are about to take a delivery
     */
    @GuardedBy("lock")
    private void hire(int idle) {
        int limit = Math.min(limits.concurrency(), workers + due.size() - idle);
        while (workers < limit && !stopped) {
            workers++;
            try {
                threads.execute(this::workUntilDone);
            } catch (RejectedExecutionException closing) {
                workers--;
                return;
            }
        }
    }

    private void workUntilDone() {
        Optional<Throwable> unexpected = Optional.empty();
        try {
            deliverAll();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stop();
        } catch (SQLException | RuntimeException | Error e) {
            System.getLogger(DeliveryWorkers.class.getName())
                    .log(
                            System.Logger.Level.ERROR,
                            "Deliveries to " + domain
                                    + " stopped because of an unexpected error; they will be tried again",
                            e);
            unexpected = Optional.of(e);
        } finally {
            leave(unexpected);
        }
    }

    /** Ends a worker; an unexpected error stops the others, too. */
    private void leave(Optional<Throwable> unexpected) {
        lock.lock();
        try {
            if (unexpected.isPresent()) {
                defect = unexpected;
                stopped = true;
            }
            workers--;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void deliverAll() throws SQLException, InterruptedException {
        while (acquireSlot()) {
            meter.begin(Activity.DATABASE);
            try {
                deliverOneByOne();
            } finally {
                meter.end(Activity.DATABASE);
                releaseSlot();
            }
        }
    }

    /**
     * Waits for a slot at the destination.
     *
     * @return false if none becomes free soon, nothing is due, the turn of the destination is over, or the workers are stopped
     */
    private boolean acquireSlot() throws InterruptedException {
        lock.lock();
        try {
            while (!stopped && !isTurnOver() && due.size() > 0) {
                refusal = throttle.acquire(destination);
                meter.refused(
                        refusal.filter(by -> by.cause() == Limit.CONCURRENCY).isPresent());
                if (refusal.isEmpty()) {
                    return true;
                }
                if (refusal.get().isLong()) {
                    return false; // this thread can be used elsewhere
                }
                awaitRate(refusal.get().pause());
            }
            return false;
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    @SuppressWarnings("WaitNotInLoop") // the caller tries again
    private void awaitRate(Duration pause) throws InterruptedException {
        meter.begin(Activity.RATE);
        try {
            changed.await(pause.toNanos(), TimeUnit.NANOSECONDS);
        } finally {
            meter.end(Activity.RATE);
        }
    }

    private void releaseSlot() {
        lock.lock();
        try {
            throttle.release(destination);
        } finally {
            lock.unlock();
        }
    }

    /** Makes one delivery after another in the same slot; only one if there is a rate limit, because the next one needs a new slot then. */
    private void deliverOneByOne() throws SQLException {
        Optional<FinishedAttempt> over = Optional.empty();
        boolean more;
        do {
            more = over.isEmpty() || limits.rate().isEmpty();
            Optional<QueuedDelivery> next = proceed(over, more ? nextDue(over.isPresent()) : Optional.empty());
            meter.demand(due.size() > 0);
            over = next.map(delivery -> attempts.attempt(delivery, lease, meter));
            over.ifPresent(this::consider);
        } while (over.isPresent());
    }

    /**
     * Returns the next due delivery; empty if there is none.
     *
     * @param afterAnother whether a finished attempt must be written. Then the result is also empty if the database cannot be read,
     *     because the write waits for the database
     */
    private Optional<String> nextDue(boolean afterAnother) throws SQLException {
        try {
            return nextDue();
        } catch (SQLException e) {
            if (afterAnother) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private Optional<String> nextDue() throws SQLException {
        Optional<String> next = isStopped() || isTurnOver() ? Optional.empty() : due.take();
        next.ifPresent(message -> taken.incrementAndGet());
        return next;
    }

    private boolean isTurnOver() {
        return taken.get() >= TURN && crowded.getAsBoolean();
    }

    private boolean isStopped() {
        lock.lock();
        try {
            return stopped;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Writes the end of a finished attempt and begins the next one.
     *
     * @return the attempt that began; empty if none did
     */
    private Optional<QueuedDelivery> proceed(Optional<FinishedAttempt> over, Optional<String> next)
            throws SQLException {
        Optional<QueuedDelivery> begun;
        if (over.isPresent()) {
            begun = transactions.endAndBegin(over.get(), next);
            due.release(over.get().delivery().message().id());
        } else {
            begun = next.isPresent() ? transactions.begin(domain, next.get()) : Optional.empty();
        }
        // Another process may have begun the delivery meanwhile, or it was removed from the queue.
        Optional<String> refused = next;
        while (begun.isEmpty() && refused.isPresent()) {
            due.release(refused.get());
            Optional<String> candidate = nextDue();
            if (candidate.isPresent()) {
                begun = transactions.begin(domain, candidate.get());
            }
            refused = candidate;
        }
        return begun;
    }

    /** Updates the state by what an attempt shows about the destination. */
    private void consider(FinishedAttempt over) {
        meter.finished();
        if (!over.tried()) {
            return;
        }
        lock.lock();
        try {
            if (!RetryDecision.isDestinationDown(over.report())) {
                failures = 0;
                if (!answered) {
                    answered = true;
                    hire(1);
                }
                return;
            }
            failures++;
            if (!answered || failures >= limits.concurrency()) {
                down = Optional.of(over.report());
                stopped = true;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }
}
