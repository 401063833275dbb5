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
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.postroad.api.Domain;

/**
 * Sees that each destination with something due is visited, by one process at a time, and again where that process dies: a task of
 * db-scheduler for each such destination, which leases it, shows other processes by heartbeats that it is alive, and takes over the
 * visits of dead processes. Thread-safe.
 *
 * <p>A process never takes itself for dead, however late its heartbeats are: a visit that is under way here is not revived here. Where
 * another process took a visit over and this one gets it back, it waits for the end of its own first. In a file of SQLite there is one
 * process, and so no heartbeat and no search for dead processes.
 */
final class LaneScheduler implements AutoCloseable {

    private static final String TABLE = "postroad_task";
    private static final String TASK = "postroad-lane";

    /** Heartbeats in a lease; db-scheduler takes a process for dead that missed as many. */
    private static final int BEATS = 4;

    private static final long THREAD_IDLE_SECONDS = 5;

    /** The part of a lease after which a heartbeat is late: enough is left then to send a message. */
    private static final double LATE = 0.5;

    /** Between heartbeats where none are needed. */
    private static final Duration NEVER = Duration.ofDays(3650);

    /** Between tries to write, at first and at last. */
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    /** For what was broken off to write how far it came. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final QueueSettings.Pace pace;
    private final Surroundings surroundings;
    private final Visitor visitor;
    private final CustomTask<Void> task;
    private final Scheduler scheduler;
    private final ThreadPoolExecutor visits;
    private final boolean alone;
    private final Map<Domain, Visit> visited = new ConcurrentHashMap<>();
    private final Map<Domain, Instant> deafUntil = new ConcurrentHashMap<>();

    /** Visits destinations. */
    interface Visitor {

        /** Until nothing is due there, or it is to be left alone. */
        Lane.Rest visit(Domain domain, Lease lease) throws SQLException, InterruptedException;

        /** While it is visited: more is due. */
        void nudge(Domain domain);

        /** It is to be visited then. */
        void comeAgain(Instant at);

        /** Waits so long, or until the queue is closed. Whether it is open still. */
        boolean stay(Duration pause) throws InterruptedException;
    }

    /** A visit of this process. */
    private static final class Visit {
        private final AtomicBoolean rung = new AtomicBoolean();
        private final CountDownLatch ended = new CountDownLatch(1);
    }

    LaneScheduler(Database database, QueueSettings.Pace pace, Surroundings surroundings, Visitor visitor) {
        this.pace = pace;
        this.surroundings = surroundings;
        this.visitor = visitor;
        this.alone = database.dialect() == Dialect.SQLITE;
        this.task = Tasks.custom(TASK, Void.class)
                .onFailure((complete, operations) ->
                        persist(() -> operations.reschedule(complete, now().plus(pace.poll()))))
                .onDeadExecution(this::reviveUnlessOurs)
                .execute((instance, context) -> DeliveryRows.domain(instance.getId())
                        .map(domain -> visit(domain, lease(context)))
                        .orElseGet(() -> (complete, operations) -> operations.remove()));
        this.visits = new ThreadPoolExecutor(
                pace.destinations(),
                pace.destinations(),
                THREAD_IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                surroundings.threads(),
                // The queue is closing. The task may be marked as taken already, and only a visit removes the mark.
                (visit, closing) -> visit.run());
        this.visits.allowCoreThreadTimeOut(true);
        this.scheduler = scheduler(database);
    }

    private Scheduler scheduler(Database database) {
        String name = MessageIds.next(now(), surroundings.random());
        SchedulerBuilder builder = Scheduler.create(database.dataSource(), task)
                .schedulerName(new SchedulerName.Fixed(name))
                .tableName(TABLE)
                .clock(this::now)
                .threads(pace.destinations())
                .executorService(visits)
                .dueExecutor(Executors.newSingleThreadExecutor(surroundings.threads()))
                .housekeeperExecutor(Executors.newScheduledThreadPool(2, surroundings.threads()))
                .pollingInterval(pace.poll())
                .shutdownMaxWait(pace.closing())
                .heartbeatInterval(alone ? NEVER : pace.lease().dividedBy(BEATS))
                .missedHeartbeatsLimit(BEATS)
                .jdbcCustomization(TaskColumns.of(database.dialect()))
                .commitWhenAutocommitDisabled(true) // on our threads, where no transaction of others is
                .enableImmediateExecution();
        if (database.dialect() == Dialect.POSTGRESQL) {
            builder.pollUsingLockAndFetch(0.5, 1.0);
        }
        return builder.build();
    }

    /** Another process died. What is under way here is not dead, whatever became of its heartbeats. */
    private void reviveUnlessOurs(ExecutionComplete found, ExecutionOperations<Void> operations) {
        Optional<Domain> domain =
                DeliveryRows.domain(found.getExecution().taskInstance.getId());
        if (domain.isEmpty() || !visited.containsKey(domain.get())) {
            operations.reschedule(found, now());
        }
    }

    private Lease lease(ExecutionContext context) {
        CurrentlyExecuting visit = context.getCurrentlyExecuting();
        return alone ? Lease.FOR_EVER : () -> visit.getHeartbeatState().getFractionDead() < LATE;
    }

    void start() {
        scheduler.start();
    }

    private Instant now() {
        return surroundings.clock().instant();
    }

    /** Something is due there. Waits for the database. */
    void ring(Domain domain) {
        Visit visit = visited.get(domain);
        if (visit != null) {
            visit.rung.set(true);
            if (visited.get(domain) == visit) { // else the visitor left before it could hear
                visitor.nudge(domain);
                return;
            }
        }
        Instant deaf = deafUntil.get(domain);
        if (deaf != null && now().isBefore(deaf)) {
            return;
        }
        callNow(domain);
    }

    /** What was said about leaving it alone does not hold any more. */
    void listen(Domain domain) {
        deafUntil.remove(domain);
    }

    /** Looks whether the time has come for somebody. */
    void look() {
        scheduler.triggerCheckForDueExecutions();
    }

    private void callNow(Domain domain) {
        TaskInstance<Void> instance = task.instance(domain.toString());
        Instant now = now();
        if (!scheduler.scheduleIfNotExists(instance, now)) {
            boolean sleeps = scheduler
                    .getScheduledExecution(instance)
                    .filter(known ->
                            !known.isPicked() && known.getExecutionTime().isAfter(now))
                    .isPresent();
            if (sleeps) {
                wake(instance, now);
            }
        }
    }

    private void wake(TaskInstance<Void> instance, Instant now) {
        try {
            scheduler.reschedule(instance, now);
        } catch (TaskInstanceException e) {
            // It woke by itself, and is visited or done with. Where something is left, the next sweep finds it.
            System.getLogger(LaneScheduler.class.getName())
                    .log(System.Logger.Level.DEBUG, "The lane of " + instance.getId() + " was awake", e);
        }
    }

    /** On a thread of the scheduler. */
    private CompletionHandler<Void> visit(Domain domain, Lease lease) {
        Visit visit = new Visit();
        try {
            enter(domain, visit);
            Lane.Rest rest = visitor.visit(domain, lease);
            return (complete, operations) -> conclude(domain, visit, rest, complete, operations);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return (complete, operations) -> {
                try {
                    persist(() -> operations.reschedule(complete, now()));
                } finally {
                    exit(domain, visit);
                }
            };
        } catch (SQLException e) {
            exit(domain, visit);
            throw new QueueException("The queue cannot be read: " + Failures.describe(e), e);
        } catch (RuntimeException | Error e) {
            exit(domain, visit);
            throw e;
        }
    }

    /** One visit at a time: another process may have given up an earlier one of ours that is still under way. */
    private void enter(Domain domain, Visit visit) throws InterruptedException {
        for (Visit other = visited.putIfAbsent(domain, visit);
                other != null;
                other = visited.putIfAbsent(domain, visit)) {
            other.ended.await();
        }
    }

    private void exit(Domain domain, Visit visit) {
        visited.remove(domain, visit);
        visit.ended.countDown();
    }

    private void conclude(
            Domain domain,
            Visit visit,
            Lane.Rest rest,
            ExecutionComplete complete,
            ExecutionOperations<Void> operations) {
        boolean again = visit.rung.get() && !rest.deaf();
        if (rest.deaf() && rest.at().isPresent()) {
            deafUntil.put(domain, rest.at().get());
        }
        Optional<Instant> next = again ? Optional.of(now()) : rest.at();
        try {
            persist(() -> next.ifPresentOrElse(at -> operations.reschedule(complete, at), operations::remove));
        } finally {
            leave(domain, visit, again);
        }
        if (!again) {
            next.ifPresent(visitor::comeAgain);
        }
    }

    /**
     * Writes how a visit ended, also where the database is away or full for a while, or an interrupt ended the visit: as long as it
     * says that somebody is there, nobody comes. Given up when the queue is closed.
     */
    private void persist(Runnable end) {
        Undisturbed.get(() -> writeUntilDone(end));
    }

    private boolean writeUntilDone(Runnable end) throws InterruptedException {
        for (Duration pause = FIRST_PAUSE; ; pause = longer(pause)) {
            try {
                end.run();
                return true;
            } catch (ExecutionException e) {
                // The row is not as we left it: it is another process's to say when the next visit is.
                System.getLogger(LaneScheduler.class.getName())
                        .log(
                                System.Logger.Level.INFO,
                                "The end of a visit is not written: another process took it over, or it was written before; "
                                        + e.getMessage());
                return false;
            } catch (RuntimeException e) {
                if (!visitor.stay(pause)) {
                    throw e;
                }
                if (pause.equals(FIRST_PAUSE)) {
                    Failures.log(LaneScheduler.class, "The end of a visit cannot be written; trying on", e);
                }
            }
        }
    }

    private static Duration longer(Duration pause) {
        Duration doubled = pause.multipliedBy(2);
        return doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
    }

    /** Who rang between the end of the visit and now was heard by nobody. */
    private void leave(Domain domain, Visit visit, boolean again) {
        exit(domain, visit);
        deafUntil.values().removeIf(until -> !now().isBefore(until));
        if (again) {
            look();
        } else if (visit.rung.get()) {
            ring(domain);
        }
    }

    /** Waits until all visits that are under way have ended, or the time is over. */
    void finish(Duration limit) throws InterruptedException {
        scheduler.pause();
        visits.shutdown();
        visits.awaitTermination(limit.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Breaks off what is still under way, and waits until it has written how far it came. */
    void breakOff() {
        visits.shutdownNow();
        if (!Undisturbed.get(() -> visits.awaitTermination(GRACE.toNanos(), TimeUnit.NANOSECONDS))) {
            System.getLogger(LaneScheduler.class.getName())
                    .log(
                            System.Logger.Level.WARNING,
                            "Deliveries went on after they were broken off; they will be in doubt");
        }
    }

    @Override
    public void close() {
        scheduler.stop();
    }
}
