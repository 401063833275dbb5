// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import com.github.kagkarlsson.scheduler.CurrentlyExecuting;
import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerBuilder;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.exceptions.ExecutionException;
import com.github.kagkarlsson.scheduler.exceptions.TaskInstanceException;
import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.ExecutionContext;
import com.github.kagkarlsson.scheduler.task.ExecutionOperations;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.postroad.api.Domain;
import org.postroad.api.Priority;
import org.postroad.provider.internal.queue.store.Database;
import org.postroad.provider.internal.queue.store.DatabaseFailures;
import org.postroad.provider.internal.queue.store.DeliveryRows;
import org.postroad.provider.internal.queue.store.Dialect;
import org.postroad.provider.internal.queue.store.QueueException;
import org.postroad.provider.internal.queue.store.QueueIds;
import org.postroad.provider.internal.queue.store.TaskColumns;
import org.postroad.provider.internal.queue.store.Uninterruptibly;

/**
 * Has each destination with due deliveries visited by one process at a time, and visited again if that process dies. Each of them
 * has a task of db-scheduler, which leases the destination to a process. The scheduler sends heartbeats, so that other processes
 * see that this one is alive, and takes over the visits of dead processes. Another task has the history cleaned. Thread-safe.
 *
 * <p>A process never considers its own visits dead, however late its heartbeats are. If another process took a visit over and this
 * one gets it back, it first waits for the end of its own. An SQLite file has only one process, and therefore neither heartbeats
 * nor a search for dead processes.
 */
final class DestinationScheduler implements AutoCloseable {

    private static final String TABLE = "postroad_task";
    private static final String TASK = "postroad-lane";
    private static final String CLEANING = "postroad-history";

    /** Heartbeats in a lease. db-scheduler considers a process dead that missed this many. */
    private static final int HEARTBEATS_PER_LEASE = 4;

    private static final long THREAD_IDLE_SECONDS = 5;

    /**
     * How much longer the visit to a destination seems to have waited, if there are more than can be visited, for each step of priority. A
     * limit, so that the others are visited in the end.
     */
    private static final Duration HEAD_START = Duration.ofMinutes(5);

    /** Fraction of a lease after which a heartbeat is late. The rest is enough to send a message. */
    private static final double LATE = 0.5;

    /** Heartbeat interval if none are needed. */
    private static final Duration NEVER = Duration.ofDays(3650);

    /** First pause between tries to write. It doubles each time, up to the longest. */
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    /** Time for cancelled deliveries to write their results. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final QueueSettings.Timing timing;
    private final Environment environment;
    private final DestinationVisits destinationVisits;
    private final DueSignals signals;
    private final CountDownLatch closing;
    private final CustomTask<Void> task;
    private final RecurringTask<Void> cleaning;
    private final String name;
    private final Scheduler scheduler;
    private final ThreadPoolExecutor visits;
    private final boolean singleProcess;
    private final Map<Domain, OwnVisit> visited = new ConcurrentHashMap<>();
    private final Map<Domain, Instant> backingOffUntil = new ConcurrentHashMap<>();

    /** A visit in progress in this process. */
    private static final class OwnVisit {
        private final AtomicBoolean signalled = new AtomicBoolean();
        private final CountDownLatch ended = new CountDownLatch(1);
    }

    /**
     * @param signals learn when the next visits are
     * @param history is cleaned from time to time
     * @param closing reaches zero when the queue is closed
     */
    DestinationScheduler(
            Database database,
            QueueSettings.Timing timing,
            Environment environment,
            DestinationVisits destinationVisits,
            DueSignals signals,
            HistoryCleaner history,
            CountDownLatch closing) {
        this.timing = timing;
        this.environment = environment;
        this.destinationVisits = destinationVisits;
        this.signals = signals;
        this.closing = closing;
        this.singleProcess = database.dialect() == Dialect.SQLITE;
        this.task = Tasks.custom(TASK, Void.class)
                .onFailure((complete, operations) ->
                        persist(() -> operations.reschedule(complete, now().plus(timing.poll()))))
                .onDeadExecution(this::reviveUnlessOurs)
                .execute((instance, context) -> DeliveryRows.domain(instance.getId())
                        .map(domain -> visit(domain, lease(context)))
                        .orElseGet(() -> (complete, operations) -> operations.remove()));
        this.visits = new ThreadPoolExecutor(
                timing.destinations(),
                timing.destinations(),
                THREAD_IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                environment.threads("visit"),
                // The queue is closing. The task may already be marked as picked, so it is given back here.
                (visit, closed) -> visit.run());
        this.visits.allowCoreThreadTimeOut(true);
        this.cleaning = Tasks.recurring(CLEANING, FixedDelay.of(HistoryCleaner.INTERVAL))
                .execute((instance, context) -> clean(history));
        this.name = QueueIds.next(now(), environment.random());
        this.scheduler = scheduler(database);
    }

    /** Runs on a thread of the scheduler. */
    private static void clean(HistoryCleaner history) {
        try {
            history.clean();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closing
        }
    }

    private Scheduler scheduler(Database database) {
        SchedulerBuilder builder = Scheduler.create(database.dataSource(), task, cleaning)
                .schedulerName(new SchedulerName.Fixed(name))
                .tableName(TABLE)
                .clock(this::now)
                .threads(timing.destinations())
                .executorService(visits)
                .dueExecutor(Executors.newSingleThreadExecutor(environment.threads("due")))
                .housekeeperExecutor(Executors.newScheduledThreadPool(2, environment.threads("heartbeat")))
                .pollingInterval(timing.poll())
                .shutdownMaxWait(timing.closeTimeout())
                .heartbeatInterval(singleProcess ? NEVER : timing.lease().dividedBy(HEARTBEATS_PER_LEASE))
                .missedHeartbeatsLimit(HEARTBEATS_PER_LEASE)
                .jdbcCustomization(TaskColumns.of(database.dialect()))
                .commitWhenAutocommitDisabled(true) // on the queue's own threads, which are in no foreign transaction
                .enableImmediateExecution();
        if (database.dialect() == Dialect.POSTGRESQL) {
            builder.pollUsingLockAndFetch(0.5, 1.0);
        }
        return builder.build();
    }

    /** Reschedules the visit of a process that died. A visit in progress here is not dead, whatever happened to its heartbeats. */
    private void reviveUnlessOurs(ExecutionComplete found, ExecutionOperations<Void> operations) {
        Optional<Domain> domain =
                DeliveryRows.domain(found.getExecution().taskInstance.getId());
        if (domain.isEmpty() || !visited.containsKey(domain.get())) {
            operations.reschedule(found, now());
        }
    }

    private DestinationLease lease(ExecutionContext context) {
        CurrentlyExecuting visit = context.getCurrentlyExecuting();
        return singleProcess
                ? DestinationLease.FOR_EVER
                : () -> visit.getHeartbeatState().getFractionDead() < LATE;
    }

    /** Returns the unique name of this process in the tables. */
    String name() {
        return name;
    }

    void start() {
        scheduler.start();
    }

    /** Has the history cleaned from now on, unless that is scheduled already. Blocks on the database. */
    void scheduleCleaning() {
        scheduler.scheduleIfNotExists(cleaning.instance(RecurringTask.INSTANCE), now());
    }

    private Instant now() {
        return environment.clock().instant();
    }

    /** Signals that something of a priority is due at a destination. Blocks on the database. */
    void signal(Domain domain, Priority priority) {
        OwnVisit visit = visited.get(domain);
        if (visit != null) {
            visit.signalled.set(true);
            if (visited.get(domain) == visit) { // otherwise the visit ended before it could see the signal
                destinationVisits.moreDue(domain, priority);
                return;
            }
        }
        Instant ignoredUntil = backingOffUntil.get(domain);
        if (ignoredUntil != null && now().isBefore(ignoredUntil)) {
            return;
        }
        destinationVisits.awaitsVisit(domain);
        scheduleNow(domain, priority);
    }

    /** Ends the back-off of a destination: signals are no longer ignored. */
    void clearBackOff(Domain domain) {
        backingOffUntil.remove(domain);
    }

    /** Returns the destinations that this process is visiting. */
    Set<Domain> visited() {
        return Set.copyOf(visited.keySet());
    }

    /** Prevents further deliveries in the visit in progress. Deliveries in progress continue. */
    void stopVisit(Domain domain) {
        destinationVisits.stop(domain);
    }

    /** Looks for due visits immediately. */
    void checkDue() {
        scheduler.triggerCheckForDueExecutions();
    }

    /** Visits that have to wait for others are made in the order of their times, so a head start puts one before others. */
    private void scheduleNow(Domain domain, Priority priority) {
        TaskInstance<Void> instance = task.instance(domain.toString());
        Instant time = now().minus(headStart(priority));
        if (!scheduler.scheduleIfNotExists(instance, time)) {
            boolean isLater = scheduler
                    .getScheduledExecution(instance)
                    .filter(known ->
                            !known.isPicked() && known.getExecutionTime().isAfter(time))
                    .isPresent();
            if (isLater) {
                wake(instance, time);
            }
        }
    }

    private static Duration headStart(Priority priority) {
        return switch (priority) {
            case HIGH -> HEAD_START.multipliedBy(2);
            case NORMAL -> HEAD_START;
            case LOW -> Duration.ZERO;
        };
    }

    private void wake(TaskInstance<Void> instance, Instant time) {
        try {
            scheduler.reschedule(instance, time);
        } catch (TaskInstanceException e) {
            // Its time came meanwhile: it is being visited, or the visit has ended. If something is left, the next
            // sweep finds it.
            System.getLogger(DestinationScheduler.class.getName())
                    .log(System.Logger.Level.DEBUG, "The visit to " + instance.getId() + " was already due", e);
        }
    }

    /** Runs on a thread of the scheduler. While the queue closes, only gives the task back. */
    private CompletionHandler<Void> visit(Domain domain, DestinationLease lease) {
        if (closing.getCount() == 0) {
            return (complete, operations) -> persist(() -> operations.reschedule(complete, now()));
        }
        OwnVisit visit = new OwnVisit();
        try {
            register(domain, visit);
            DestinationVisit.NextVisit rest = destinationVisits.visit(domain, lease);
            return (complete, operations) -> conclude(domain, visit, rest, complete, operations);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return (complete, operations) -> {
                try {
                    persist(() -> operations.reschedule(complete, now()));
                } finally {
                    unregister(domain, visit);
                }
            };
        } catch (SQLException e) {
            unregister(domain, visit);
            throw new QueueException("The queue cannot be read: " + DatabaseFailures.describe(e), e);
        } catch (RuntimeException | Error e) {
            unregister(domain, visit);
            throw e;
        }
    }

    /** Waits for an earlier visit of this process. It may still be in progress though another process took it over and ended it. */
    private void register(Domain domain, OwnVisit visit) throws InterruptedException {
        for (OwnVisit other = visited.putIfAbsent(domain, visit);
                other != null;
                other = visited.putIfAbsent(domain, visit)) {
            other.ended.await();
        }
    }

    private void unregister(Domain domain, OwnVisit visit) {
        visited.remove(domain, visit);
        visit.ended.countDown();
    }

    private void conclude(
            Domain domain,
            OwnVisit visit,
            DestinationVisit.NextVisit rest,
            ExecutionComplete complete,
            ExecutionOperations<Void> operations) {
        boolean again = visit.signalled.get() && !rest.backingOff();
        if (rest.backingOff() && rest.at().isPresent()) {
            backingOffUntil.put(domain, rest.at().get());
        }
        Optional<Instant> next = again ? Optional.of(now()) : rest.at();
        try {
            persist(() -> next.ifPresentOrElse(at -> operations.reschedule(complete, at), operations::remove));
        } finally {
            leave(domain, visit, again);
        }
        if (!again) {
            next.ifPresent(signals::visitAt);
        }
    }

    /**
     * Writes the end of a visit. Repeats this while the database is unavailable or full, even after an interrupt, because a
     * destination whose task is still marked as picked is not visited. Gives up when the queue is closed.
     */
    private void persist(Runnable end) {
        Uninterruptibly.get(() -> writeUntilDone(end));
    }

    private boolean writeUntilDone(Runnable end) throws InterruptedException {
        for (Duration pause = FIRST_PAUSE; ; pause = longer(pause)) {
            try {
                end.run();
                return true;
            } catch (ExecutionException e) {
                // Another process changed the row, and decides when the next visit is.
                System.getLogger(DestinationScheduler.class.getName())
                        .log(
                                System.Logger.Level.DEBUG,
                                "The end of a destination visit was not written: another process has taken it over, or it was written before: "
                                        + e.getMessage());
                return false;
            } catch (RuntimeException e) {
                if (closing.await(pause.toNanos(), TimeUnit.NANOSECONDS)) {
                    throw e;
                }
                if (pause.equals(FIRST_PAUSE)) {
                    DatabaseFailures.log(
                            DestinationScheduler.class,
                            "The end of a destination visit could not be written; retrying",
                            e);
                }
            }
        }
    }

    private static Duration longer(Duration pause) {
        Duration doubled = pause.multipliedBy(2);
        return doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
    }

    /** Unregisters a visit. A signal that came too late for the visit is repeated. */
    private void leave(Domain domain, OwnVisit visit, boolean again) {
        unregister(domain, visit);
        backingOffUntil.values().removeIf(until -> !now().isBefore(until));
        if (again) {
            checkDue();
        } else if (visit.signalled.get()) {
            signal(domain, Priority.NORMAL);
        }
    }

    /** Begins no further visit, and waits until those in progress have ended, up to the limit. */
    void finish(Duration limit) throws InterruptedException {
        scheduler.pause();
        visits.shutdown();
        visits.awaitTermination(limit.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Cancels the visits still in progress, and waits until they have written their results. */
    void cancel() {
        visits.shutdownNow()
                .forEach(Runnable::run); // those that wait for a thread are given back, as they may be marked as picked
        if (!Uninterruptibly.get(() -> visits.awaitTermination(GRACE.toNanos(), TimeUnit.NANOSECONDS))) {
            System.getLogger(DestinationScheduler.class.getName())
                    .log(
                            System.Logger.Level.WARNING,
                            "Some deliveries did not stop when cancelled; their results are in doubt");
        }
    }

    @Override
    public void close() {
        scheduler.stop();
    }
}
