// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import org.postroad.api.DestinationPace.Limit;
import org.postroad.api.Domain;
import org.postroad.api.Priority;
import org.postroad.provider.internal.queue.store.DatabaseFailures;
import org.postroad.provider.internal.queue.store.QueueException;
import org.postroad.provider.internal.queue.store.RetryingDatabase;

/** Makes visits to destinations, and reaches those in progress in this process. Thread-safe. */
final class DestinationVisits {

    private final RetryingDatabase database;
    private final DeliveryAgent agent;
    private final DeliveryAttempts attempts;
    private final AttemptTransactions transactions;
    private final Throttle throttle;
    private final PaceMeter pace;
    private final QueueSettings settings;
    private final DueTimes dueTimes;
    private final Environment environment;
    private final Executor workers;
    private final CountDownLatch closing;
    private final Map<Domain, DestinationVisit> inProgress = new ConcurrentHashMap<>();

    /**
     * @param workers threads for deliveries beside the visits' own
     * @param closing reaches zero when the queue is closed
     */
    DestinationVisits(
            RetryingDatabase database,
            DeliveryAgent agent,
            DeliveryAttempts attempts,
            AttemptTransactions transactions,
            Throttle throttle,
            PaceMeter pace,
            QueueSettings settings,
            Environment environment,
            Executor workers,
            CountDownLatch closing) {
        this.database = database;
        this.agent = agent;
        this.attempts = attempts;
        this.transactions = transactions;
        this.throttle = throttle;
        this.pace = pace;
        this.settings = settings;
        this.dueTimes = new DueTimes(environment.clock(), settings.retrying());
        this.environment = environment;
        this.workers = workers;
        this.closing = closing;
    }

    /** Visits the destination on this thread, until nothing is due there or it is backing off. */
    DestinationVisit.NextVisit visit(Domain domain, DestinationLease lease) throws SQLException, InterruptedException {
        try (DestinationMeter meter = pace.visit(domain)) {
            DestinationVisit visit = create(domain, lease, meter);
            inProgress.put(domain, visit);
            if (closing.getCount() == 0) {
                visit.stop();
            }
            DestinationVisit.NextVisit next = visit.visit();
            boolean again = next.at()
                    .filter(at -> !at.isAfter(environment.clock().instant()))
                    .isPresent();
            if (again) {
                awaitsVisit(domain);
            }
            return next;
        } finally {
            inProgress.remove(domain);
        }
    }

    /** Measures that a destination waits for a visit, if there are as many others in progress as allowed. */
    void awaitsVisit(Domain domain) {
        if (isCrowded()) {
            Duration untilSignalledAgain = settings.timing().poll().multipliedBy(2);
            pace.await(domain, Limit.DESTINATIONS, untilSignalledAgain.plus(PaceMeter.DELAY));
        }
    }

    private boolean isCrowded() {
        return inProgress.size() >= settings.timing().destinations();
    }

    private DestinationVisit create(Domain domain, DestinationLease lease, DestinationMeter meter) {
        DueDeliveries due = new DueDeliveries(domain, database, dueTimes, environment.random());
        DeliveryWorkers deliveries = new DeliveryWorkers(
                domain,
                due,
                lease,
                attempts,
                transactions,
                throttle,
                settings.limits(),
                workers,
                this::isCrowded,
                meter);
        return new DestinationVisit(
                domain,
                database,
                agent,
                attempts,
                transactions,
                settings.retrying(),
                dueTimes,
                environment,
                closing,
                deliveries);
    }

    /** Signals a visit in progress that more of a priority is due. */
    void moreDue(Domain domain, Priority priority) {
        try {
            Optional<DestinationVisit> visit = Optional.ofNullable(inProgress.get(domain));
            if (visit.isPresent()) {
                visit.get().moreDue(priority);
            }
        } catch (SQLException e) {
            throw new QueueException("The queue cannot be read: " + DatabaseFailures.describe(e), e);
        }
    }

    /** Prevents further deliveries in the visit in progress. Deliveries in progress continue. */
    void stop(Domain domain) {
        Optional.ofNullable(inProgress.get(domain)).ifPresent(DestinationVisit::stop);
    }

    /** Prevents further deliveries in all visits in progress. */
    void stopAll() {
        inProgress.values().forEach(DestinationVisit::stop);
    }
}
