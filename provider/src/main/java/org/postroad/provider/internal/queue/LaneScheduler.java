// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerBuilder;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.exceptions.TaskInstanceException;
import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.postroad.api.Domain;

/**
 * Sees that each destination with something due is visited, by one process at a time, and again where that process dies: a task of
 * db-scheduler for each such destination, which leases it, tells others by heartbeats that it lives, and takes over what the dead
 * had. Thread-safe.
 */
final class LaneScheduler implements AutoCloseable {

    private static final String TABLE = "postroad_task";
    private static final String TASK = "postroad-lane";

    /** Heartbeats in a lease; db-scheduler takes a process for dead that missed as many. */
    private static final int BEATS = 4;

    private static final long THREAD_IDLE_SECONDS = 5;

    /** Between tries to write. */
    private static final Duration AWHILE = Duration.ofMillis(100);

    /** For what was broken off to write how far it came. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final QueueSettings.Pace pace;
    private final Surroundings surroundings;
    private final Visitor visitor;
    private final CustomTask<Void> task;
    private final Scheduler scheduler;
    private final ThreadPoolExecutor visits;
    private final Map<Domain, AtomicBoolean> visited = new ConcurrentHashMap<>();
    private final Map<Domain, Instant> deafUntil = new ConcurrentHashMap<>();

    /** Visits destinations. */
    interface Visitor {

        /** Until nothing is due there, or it is to be left alone. */
        Lane.Rest visit(Domain domain) throws SQLException, InterruptedException;

        /** While it is visited: more is due. */
        void nudge(Domain domain);

        /** It is to be visited then. */
        void comeAgain(Instant at);

        /** Waits so long, or until the queue is closed. Whether it is open still. */
        boolean stay(Duration pause) throws InterruptedException;
    }

    LaneScheduler(Database database, QueueSettings.Pace pace, Surroundings surroundings, Visitor visitor) {
        this.pace = pace;
        this.surroundings = surroundings;
        this.visitor = visitor;
        this.task = Tasks.custom(TASK, Void.class)
                .onFailure((complete, operations) ->
                        persist(() -> operations.reschedule(complete, now().plus(pace.poll()))))
                .onDeadExecutionRevive()
                .execute((instance, context) -> visit(Domain.parse(instance.getId())));
        this.visits = new ThreadPoolExecutor(
                pace.destinations(),
                pace.destinations(),
                THREAD_IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                surroundings.threads());
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
                .heartbeatInterval(pace.lease().dividedBy(BEATS))
                .missedHeartbeatsLimit(BEATS)
                .jdbcCustomization(TaskColumns.of(database.dialect()))
                .commitWhenAutocommitDisabled(true) // on our threads, where no transaction of others is
                .enableImmediateExecution();
        if (database.dialect() == Dialect.POSTGRESQL) {
            builder.pollUsingLockAndFetch(0.5, 1.0);
        }
        return builder.build();
    }

    void start() {
        scheduler.start();
    }

    private Instant now() {
        return surroundings.clock().instant();
    }

    /** Something is due there. Waits for the database. */
    void ring(Domain domain) {
        AtomicBoolean rung = visited.get(domain);
        if (rung != null) {
            rung.set(true);
            if (visited.get(domain) == rung) { // else the visitor left before it could hear
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
    private CompletionHandler<Void> visit(Domain domain) {
        AtomicBoolean rung = new AtomicBoolean();
        visited.put(domain, rung);
        try {
            Lane.Rest rest = visitor.visit(domain);
            return (complete, operations) -> {
                boolean again = rung.get() && !rest.deaf();
                if (rest.deaf() && rest.at().isPresent()) {
                    deafUntil.put(domain, rest.at().get());
                }
                Optional<Instant> next = again ? Optional.of(now()) : rest.at();
                try {
                    persist(() -> next.ifPresentOrElse(at -> operations.reschedule(complete, at), operations::remove));
                } finally {
                    leave(domain, rung, again);
                }
                if (!again) {
                    next.ifPresent(visitor::comeAgain);
                }
            };
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            visited.remove(domain, rung);
            return (complete, operations) -> persist(() -> operations.reschedule(complete, now()));
        } catch (SQLException e) {
            visited.remove(domain, rung);
            throw new QueueException("The queue cannot be read: " + e.getMessage(), e);
        } catch (RuntimeException | Error e) {
            visited.remove(domain, rung);
            throw e;
        }
    }

    /**
     * Writes how a visit ended, also where the database is away or full for a while, or an interrupt ended the visit: as long as it
     * says that somebody is there, nobody comes. Given up with the lease, when others take the visitor for dead.
     */
    private void persist(Runnable end) {
        Instant until = now().plus(pace.lease());
        Undisturbed.get(() -> writeUntilDone(end, until));
    }

    private boolean writeUntilDone(Runnable end, Instant until) throws InterruptedException {
        for (boolean first = true; ; first = false) {
            try {
                end.run();
                return true;
            } catch (RuntimeException e) {
                if (now().isAfter(until) || !visitor.stay(AWHILE)) {
                    throw e;
                }
                if (first) {
                    System.getLogger(LaneScheduler.class.getName())
                            .log(System.Logger.Level.WARNING, "The end of a visit cannot be written; trying on", e);
                }
            }
        }
    }

    /** Who rang between the end of the visit and now was heard by nobody. */
    private void leave(Domain domain, AtomicBoolean rung, boolean again) {
        visited.remove(domain, rung);
        deafUntil.values().removeIf(until -> !now().isBefore(until));
        if (again) {
            look();
        } else if (rung.get()) {
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
