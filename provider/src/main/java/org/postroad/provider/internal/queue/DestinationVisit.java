// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.postroad.api.Domain;
import org.postroad.api.DomainReport;
import org.postroad.api.Priority;
import org.postroad.provider.internal.queue.store.AttemptRows;
import org.postroad.provider.internal.queue.store.DeliveryRows;
import org.postroad.provider.internal.queue.store.DestinationRows;
import org.postroad.provider.internal.queue.store.DestinationRows.DestinationState;
import org.postroad.provider.internal.queue.store.QueueRows;
import org.postroad.provider.internal.queue.store.QueuedDelivery;
import org.postroad.provider.internal.queue.store.RetryingDatabase;

/**
 * One visit to a destination: decides whether it may be contacted now, marks deliveries that a dead process left, has what is due delivered
 * by {@link DeliveryWorkers}, and decides when the next visit is. Only one process visits a destination at a time.
 */
final class DestinationVisit {

    /** Limit of overdue messages read at a time. */
    private static final int BATCH = 50;

    private final Domain domain;
    private final RetryingDatabase database;
    private final DeliveryAgent agent;
    private final DeliveryAttempts attempts;
    private final AttemptTransactions transactions;
    private final QueueSettings.Retrying retrying;
    private final DueTimes dueTimes;
    private final Environment environment;
    private final CountDownLatch closing;
    private final DeliveryWorkers workers;

    DestinationVisit(
            Domain domain,
            RetryingDatabase database,
            DeliveryAgent agent,
            DeliveryAttempts attempts,
            AttemptTransactions transactions,
            QueueSettings.Retrying retrying,
            DueTimes dueTimes,
            Environment environment,
            CountDownLatch closing,
            DeliveryWorkers workers) {
        this.domain = domain;
        this.database = database;
        this.agent = agent;
        this.attempts = attempts;
        this.transactions = transactions;
        this.retrying = retrying;
        this.dueTimes = dueTimes;
        this.environment = environment;
        this.closing = closing;
        this.workers = workers;
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
     * @throws InterruptedException if the thread was interrupted; the deliveries were cancelled and their results are written
     */
    NextVisit visit() throws SQLException, InterruptedException {
        if (isClosing()) {
            return new NextVisit(Optional.of(now()), false);
        }
        DestinationState state = database.readOnce(connection -> DestinationRows.of(connection, domain));
        if (state.paused()) {
            return new NextVisit(Optional.empty(), true);
        }
        if (dueTimes.isFuture(state.retryAt())) {
            return new NextVisit(Optional.of(state.retryAt()), true);
        }
        markInterruptedByCrash();
        DeliveryWorkers.Result result = workers.work(agent.destinationKey(domain), state.failures() == 0);
        if (result.down().isPresent() && !isClosing()) {
            return backOff(result.down().get(), state.failures() + 1);
        }
        if (result.answered() && state.failures() > 0) {
            database.write(connection -> {
                DestinationRows.clearFailures(connection, domain);
                return true;
            });
        }
        return nextVisit(result);
    }

    /** Starts deliveries that became due during the visit. */
    void moreDue(Priority priority) throws SQLException {
        workers.moreDue(priority);
    }

    /** Stops the visit: no further delivery begins. */
    void stop() {
        workers.stop();
    }

    private boolean isClosing() {
        return closing.getCount() == 0;
    }

    private Instant now() {
        return environment.clock().instant();
    }

    /** Marks deliveries that were in progress when their process died: each may have arrived (TRY-05). */
    private void markInterruptedByCrash() throws SQLException {
        DeliveryRows.FoundDeliveries cutOff =
                database.readOnce(connection -> AttemptRows.findInterruptedByCrash(connection, domain));
        for (DeliveryRows.DamagedDelivery damaged : cutOff.damaged()) {
            database.write(connection -> {
                QueueRows.setAside(connection, damaged, now());
                return damaged;
            });
        }
        for (QueuedDelivery delivery : cutOff.readable()) {
            AttemptRows.AttemptEnd ending = RetryDecision.ofInterruptedByCrash(delivery, retrying, now());
            database.write(connection -> AttemptRows.end(connection, delivery, ending, List.of(), now()));
        }
    }

    private NextVisit nextVisit(DeliveryWorkers.Result result) throws SQLException {
        Instant now = now();
        Instant soonest = result.refusal().map(by -> now.plus(by.pause())).orElse(now);
        Optional<Instant> next = database.readOnce(connection -> QueueRows.nextDue(connection, domain));
        return new NextVisit(next.map(due -> due.isBefore(soonest) ? soonest : due), false);
    }

    /**
     * Backs off from a destination that does not answer. Overdue messages to it get the same report without an attempt: those that
     * have expired are given up, the senders of the others are notified of the delay.
     *
     * @param failures number of consecutive visits to which it did not answer
     */
    private NextVisit backOff(DomainReport report, int failures) throws SQLException {
        Instant retryAt = now().plus(retrying.schedule().after(failures, environment.random()));
        database.write(connection -> {
            DestinationRows.recordFailure(connection, domain, failures, retryAt, report.toString());
            return true;
        });
        List<String> overdue;
        do {
            overdue = database.readOnce(connection -> QueueRows.overdue(connection, domain, dueTimes.overdue(), BATCH));
            for (String message : overdue) {
                Optional<QueuedDelivery> begun = transactions.begin(domain, message);
                if (begun.isPresent()) {
                    transactions.end(attempts.settleWithoutAttempt(begun.get(), report));
                }
            }
        } while (!overdue.isEmpty() && !isClosing());
        return new NextVisit(Optional.of(retryAt), true);
    }
}
