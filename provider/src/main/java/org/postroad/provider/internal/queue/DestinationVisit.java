// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.postroad.api.Domain;
import org.postroad.api.DomainReport;
import org.postroad.provider.internal.queue.DeliveryAttempts.FinishedAttempt;
import org.postroad.provider.internal.queue.store.AttemptRows;
import org.postroad.provider.internal.queue.store.AttemptRows.EndResult;
import org.postroad.provider.internal.queue.store.DeliveryRows;
import org.postroad.provider.internal.queue.store.DestinationRows;
import org.postroad.provider.internal.queue.store.QueueRows;
import org.postroad.provider.internal.queue.store.QueuedDelivery;

/**
 * One visit to a destination. Delivers the messages that are due there, several concurrently, until none is due, the destination
 * does not answer, or the visit is stopped. Only one process visits a destination at a time.
 *
 * <p>Workers take one delivery after another. The end of one attempt and the beginning of the next are one transaction, so that
 * after a crash exactly the deliveries in progress are in doubt. A destination that did not answer at the last visit is served by
 * one worker until it answers.
 */
final class DestinationVisit {

    /** Limit of due deliveries read at a time. */
    static final int MAX_DUE = 200;

    /** Limit of late messages read at a time. */
    private static final int BATCH = 50;

    private final Domain domain;
    private final VisitTools tools;
    private final DestinationLease lease;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<String> due = new ArrayDeque<>(); // this field and those below: guarded by lock
    private final Set<String> inProgress = new HashSet<>();
    private String destination = "";
    private int workers;
    private int failures;
    private boolean answered;
    private boolean stopped;
    private Optional<DomainReport> down = Optional.empty();
    private Optional<Duration> wait = Optional.empty();
    private Optional<Throwable> defect = Optional.empty();

    /** Creates a visit that needs no lease, because no other process can visit the destination. */
    DestinationVisit(Domain domain, VisitTools tools) {
        this(domain, tools, DestinationLease.FOR_EVER);
    }

    DestinationVisit(Domain domain, VisitTools tools, DestinationLease lease) {
        this.domain = domain;
        this.tools = tools;
        this.lease = lease;
    }

    /**
     * When the next visit is.
     *
     * @param at empty: at the next signal
     * @param backingOff whether the destination is backing off or paused: signals during this visit and until that time are ignored
     */
    record NextVisit(Optional<Instant> at, boolean backingOff) {}

    /**
     * Makes the visit.
     *
     * @return when the next visit is
     * @throws SQLException if the database cannot be read; what was delivered is written, or will be found in doubt
     */
    NextVisit visit() throws SQLException, InterruptedException {
        Instant now = tools.clock().instant();
        if (tools.isClosing()) {
            return new NextVisit(Optional.of(now), false);
        }
        DestinationRows.DestinationState state =
                tools.database().read(connection -> DestinationRows.of(connection, domain));
        if (state.paused()) {
            return new NextVisit(Optional.empty(), true);
        }
        if (tools.isFuture(state.retryAt(), now)) {
            return new NextVisit(Optional.of(state.retryAt()), true);
        }
        recover();
        destination = tools.agent().destinationKey(domain);
        if (refill()) {
            work(state);
        }
        return conclude(state);
    }

    /** Starts workers for deliveries that are due now, and wakes those that wait. */
    void moreDue() throws SQLException {
        if (knowsOfMore() || refill()) {
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
    }

    /** Stops the visit: no further delivery begins. */
    void stop() {
        change(() -> stopped = true);
    }

    /** Marks deliveries that were in progress when their process died: each may have arrived (TRY-05). */
    private void recover() throws SQLException {
        DeliveryRows.FoundDeliveries cutOff =
                tools.database().read(connection -> AttemptRows.findInterruptedByCrash(connection, domain));
        for (DeliveryRows.DamagedDelivery damaged : cutOff.damaged()) {
            tools.patiently(connection -> {
                QueueRows.setAside(connection, damaged, tools.clock().instant());
                return damaged;
            });
        }
        for (QueuedDelivery delivery : cutOff.readable()) {
            AttemptRows.AttemptEnd ending = RetryDecision.ofInterruptedByCrash(
                    delivery, tools.settings().retrying(), tools.clock().instant());
            tools.patiently(connection -> AttemptRows.end(
                    connection, delivery, ending, List.of(), tools.clock().instant()));
        }
    }

    /** Returns whether due deliveries are already known, so that the database need not be read. */
    private boolean knowsOfMore() {
        lock.lock();
        try {
            return !due.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** Reads the due deliveries. Returns whether there are any. */
    private boolean refill() throws SQLException {
        List<String> more =
                tools.database().read(connection -> QueueRows.due(connection, domain, tools.window(), MAX_DUE));
        lock.lock();
        try {
            due.clear();
            due.addAll(more);
            due.removeAll(inProgress); // one may be due after a takeover, though it is still in progress here
            return !due.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Delivers on this thread and on workers, until all have finished. The workers are also awaited if the visit is cancelled,
     * because their results must be written first.
     */
    private void work(DestinationRows.DestinationState state) throws InterruptedException {
        lock.lock();
        try {
            answered = state.failures() == 0;
            workers++;
            if (answered) {
                hire(1);
            }
        } finally {
            lock.unlock();
        }
        workUntilDone();
        lock.lock();
        try {
            while (workers > 0) {
                changed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    /**
     * Starts workers, one for each due delivery within the limit. The caller holds the lock.
     *
     * @param idle number of current workers that are about to take a delivery
     */
    private void hire(int idle) {
        int limit = Math.min(tools.settings().limits().concurrency(), workers + due.size() - idle);
        while (workers < limit && !stopped) {
            workers++;
            try {
                tools.workers().execute(this::workUntilDone);
            } catch (RejectedExecutionException closing) {
                workers--;
                return;
            }
        }
    }

    private void workUntilDone() {
        try {
            deliverAll();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stop();
        } catch (SQLException | RuntimeException | Error e) {
            System.getLogger(DestinationVisit.class.getName())
                    .log(
                            System.Logger.Level.ERROR,
                            "Deliveries to " + domain
                                    + " stopped because of an unexpected error; they will be tried again",
                            e);
            change(() -> defect = Optional.of(e));
            stop();
        } finally {
            change(() -> workers--);
        }
    }

    /** Makes a change under the lock and wakes all waiting threads. */
    private void change(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void deliverAll() throws SQLException, InterruptedException {
        while (take()) {
            try {
                deliverOneByOne();
            } finally {
                tools.throttle().release(destination);
            }
        }
    }

    /**
     * Waits for a slot at the destination.
     *
     * @return false if none becomes free soon, nothing is due, or the visit is stopped
     */
    private boolean take() throws InterruptedException {
        while (true) {
            lock.lock();
            try {
                if (stopped || due.isEmpty()) {
                    return false;
                }
                Optional<Duration> busy = tools.throttle().acquire(destination);
                if (busy.isEmpty()) {
                    wait = Optional.empty();
                    return true;
                }
                wait = busy;
                if (busy.get().compareTo(Throttle.BUSY) >= 0) {
                    return false; // all slots are taken, perhaps for long: this thread can be used elsewhere
                }
                changed.await(busy.get().toNanos(), TimeUnit.NANOSECONDS);
            } finally {
                lock.unlock();
            }
        }
    }

    /** Makes one delivery after another in the same slot; only one if there is a rate limit, because the next one needs a new slot then. */
    private void deliverOneByOne() throws SQLException {
        Optional<FinishedAttempt> over = Optional.empty();
        boolean more;
        do {
            more = over.isEmpty() || tools.settings().limits().rate().isEmpty();
            Optional<QueuedDelivery> next = proceed(over, more ? nextDue(over.isPresent()) : Optional.empty());
            over = next.map(delivery -> tools.attempts().attempt(delivery, lease));
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
        Optional<String> known = poll();
        if (known.isPresent() || isStopped()) {
            return known;
        }
        refill();
        return poll();
    }

    /** Takes the next due delivery. It counts as in progress until it is {@link #release released}. */
    private Optional<String> poll() {
        lock.lock();
        try {
            Optional<String> next = stopped ? Optional.empty() : Optional.ofNullable(due.poll());
            next.ifPresent(inProgress::add);
            return next;
        } finally {
            lock.unlock();
        }
    }

    private boolean isStopped() {
        lock.lock();
        try {
            return stopped;
        } finally {
            lock.unlock();
        }
    }

    private void release(String message) {
        lock.lock();
        try {
            inProgress.remove(message);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Writes the end of a finished attempt and begins the next one, in one transaction.
     *
     * @return the attempt that began; empty if none did
     */
    private Optional<QueuedDelivery> proceed(Optional<FinishedAttempt> over, Optional<String> next)
            throws SQLException {
        WorkerTurn turn = over.isEmpty() && next.isEmpty() ? WorkerTurn.NOTHING : turn(over, next);
        over.ifPresent(one -> release(one.delivery().message().id()));
        if (turn.left() && !tools.isClosing()) {
            over.ifPresent(
                    one -> tools.noticeSender().send(one.delivery().message().id()));
        }
        Optional<QueuedDelivery> begun = turn.begun();
        // Another process may have begun the delivery meanwhile, or it was removed from the queue.
        Optional<String> further = next;
        while (begun.isEmpty() && further.isPresent()) {
            release(further.get());
            Optional<String> candidate = nextDue();
            if (candidate.isPresent()) {
                begun = tools.patiently(connection -> begin(connection, candidate));
            }
            further = candidate;
        }
        return begun;
    }

    private WorkerTurn turn(Optional<FinishedAttempt> over, Optional<String> next) throws SQLException {
        try {
            return tools.patiently(connection -> new WorkerTurn(
                    over.isPresent() && over.get().write(connection) == EndResult.MESSAGE_REMAINS,
                    begin(connection, next)));
        } catch (RuntimeException e) {
            if (over.isPresent() && next.isPresent()) { // a failure to begin one must not lose the end of the other
                turn(over, Optional.empty());
            }
            throw e;
        }
    }

    /**
     * Result of a transaction that ends one attempt and begins another.
     *
     * @param left whether an attempt ended and its message is still in the queue, so that a notice may be due
     * @param begun the attempt that began
     */
    private record WorkerTurn(boolean left, Optional<QueuedDelivery> begun) {
        static final WorkerTurn NOTHING = new WorkerTurn(false, Optional.empty());
    }

    private Optional<QueuedDelivery> begin(Connection connection, Optional<String> next) throws SQLException {
        return next.isEmpty()
                ? Optional.empty()
                : AttemptRows.begin(
                        connection, next.get(), domain, tools.clock().instant());
    }

    /** Updates the state of the visit by what an attempt shows about the destination. */
    private void consider(FinishedAttempt over) {
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
            if (!answered || failures >= tools.settings().limits().concurrency()) {
                down = Optional.of(over.report());
                stopped = true;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private NextVisit conclude(DestinationRows.DestinationState state) throws SQLException {
        if (defect.isPresent()) {
            throw new SQLException("The deliveries stopped", defect.get());
        }
        if (down.isPresent() && !tools.isClosing()) {
            return leaveAlone(down.get(), state);
        }
        if (answered && state.failures() > 0) {
            tools.patiently(connection -> {
                DestinationRows.clearFailures(connection, domain);
                return true;
            });
        }
        Instant now = tools.clock().instant();
        Optional<Instant> next = tools.database().read(connection -> QueueRows.nextDue(connection, domain));
        if (next.isEmpty()) {
            return new NextVisit(Optional.empty(), false);
        }
        Instant soonest = wait.map(now::plus).orElse(now);
        return new NextVisit(Optional.of(next.get().isBefore(soonest) ? soonest : next.get()), false);
    }

    /**
     * Backs off from a destination that does not answer. Late messages to it get the same report without an attempt: those that
     * have expired are given up, the senders of the others are notified of the delay.
     */
    private NextVisit leaveAlone(DomainReport report, DestinationRows.DestinationState state) throws SQLException {
        int times = state.failures() + 1;
        Instant retryAt = tools.clock()
                .instant()
                .plus(tools.settings().retrying().schedule().after(times, tools.random()));
        tools.patiently(connection -> {
            DestinationRows.recordFailure(connection, domain, times, retryAt, report.toString());
            return true;
        });
        List<String> late;
        do {
            late = tools.database().read(connection -> QueueRows.overdue(connection, domain, tools.late(), BATCH));
            for (String message : late) {
                giveUp(message, report);
            }
        } while (!late.isEmpty() && !tools.isClosing());
        return new NextVisit(Optional.of(retryAt), true);
    }

    private void giveUp(String message, DomainReport report) throws SQLException {
        Optional<QueuedDelivery> begun = tools.patiently(connection -> begin(connection, Optional.of(message)));
        if (begun.isPresent()) {
            proceed(Optional.of(tools.attempts().settleWithoutAttempt(begun.get(), report)), Optional.empty());
        }
    }
}
