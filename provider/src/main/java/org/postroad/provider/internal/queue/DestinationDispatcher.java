// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.postroad.api.Domain;
import org.postroad.provider.internal.queue.notice.NoticeSender;
import org.postroad.provider.internal.queue.store.Database;
import org.postroad.provider.internal.queue.store.DatabaseFailures;
import org.postroad.provider.internal.queue.store.DeliveryRows;
import org.postroad.provider.internal.queue.store.PendingNoticeRows;
import org.postroad.provider.internal.queue.store.QueueRows;

/**
 * Decides when a destination is served: immediately on a signal, at scheduled times, and when a periodic sweep of the tables finds
 * due deliveries. Also triggers overdue notices. Has one thread until it is closed. Thread-safe.
 */
final class DestinationDispatcher implements AutoCloseable {

    /** Limit of destinations found by one sweep. */
    private static final int MAX_DOMAINS = 1000;

    /** Limit of messages with overdue notices found by one sweep. */
    private static final int MAX_MESSAGES = 100;

    /** Interval between sweeps while a foreign transaction is expected to commit; also the pause after a first failure. */
    private static final Duration SHORT_INTERVAL = Duration.ofMillis(50);

    private final Database database;
    private final QueueSettings settings;
    private final InstantSource clock;
    private final CountDownLatch closing;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    @GuardedBy("lock")
    private final Set<Domain> signalled = new HashSet<>();

    @GuardedBy("lock")
    private final PriorityQueue<Instant> appointments = new PriorityQueue<>();

    @GuardedBy("lock")
    private Instant nextSweep = Instant.MIN;

    @GuardedBy("lock")
    private Instant eagerUntil = Instant.MIN;

    @GuardedBy("lock")
    private @Nullable Thread thread;

    DestinationDispatcher(Database database, QueueSettings settings, InstantSource clock, CountDownLatch closing) {
        this.database = database;
        this.settings = settings;
        this.clock = clock;
        this.closing = closing;
    }

    /** Starts the thread. */
    void listen(DestinationScheduler scheduler, NoticeSender noticeSender, ThreadFactory threads) {
        Thread listener = threads.newThread(() -> serve(scheduler, noticeSender));
        lock.lock();
        try {
            thread = listener;
        } finally {
            lock.unlock();
        }
        listener.start();
    }

    /** Signals that something is due to these domains. Does not block. */
    void signal(Collection<Domain> domains) {
        if (domains.isEmpty()) {
            return;
        }
        lock.lock();
        try {
            signalled.addAll(domains);
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Sets a time at which the scheduler must look for due visits. */
    void wakeAt(Instant at) {
        lock.lock();
        try {
            appointments.add(at);
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Prepares for a foreign transaction that will add a message soon, or never: sweeps are frequent for one poll interval. */
    void expectCommit() {
        lock.lock();
        try {
            eagerUntil = clock.instant().plus(settings.timing().poll());
            nextSweep = clock.instant();
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    private void serve(DestinationScheduler scheduler, NoticeSender noticeSender) {
        boolean failed = false;
        try {
            while (closing.getCount() > 0) {
                try {
                    serveOnce(scheduler, noticeSender);
                    failed = false;
                } catch (SQLException | RuntimeException e) {
                    if (closing.getCount() > 0) {
                        DatabaseFailures.log(
                                DestinationDispatcher.class, "The queue cannot be read; trying again soon", e);
                    }
                    Duration pause = failed ? settings.timing().poll() : SHORT_INTERVAL;
                    failed = true;
                    closing.await(pause.toNanos(), TimeUnit.NANOSECONDS);
                }
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt(); // closed: the thread ends
        }
    }

    @SuppressWarnings("WaitNotInLoop") // a spurious wake-up is harmless: nothing is due then
    private void serveOnce(DestinationScheduler scheduler, NoticeSender noticeSender)
            throws InterruptedException, SQLException {
        Set<Domain> called = new HashSet<>();
        boolean look;
        boolean sweep;
        lock.lock();
        try {
            Duration left = untilNext();
            if (signalled.isEmpty() && !left.isNegative() && !left.isZero()) {
                changed.await(left.toNanos(), TimeUnit.NANOSECONDS);
            }
            Instant now = clock.instant();
            look = appointments.removeIf(at -> !at.isAfter(now));
            called.addAll(signalled);
            signalled.clear();
            // If the clock was set back, the next sweep would be too late.
            sweep = !now.isBefore(nextSweep)
                    || now.plus(settings.timing().poll()).isBefore(nextSweep);
            if (sweep) {
                nextSweep = now.plus(
                        now.isBefore(eagerUntil)
                                ? SHORT_INTERVAL
                                : settings.timing().poll());
            }
        } finally {
            lock.unlock();
        }
        if (look) {
            scheduler.checkDue();
        }
        passOn(called, scheduler);
        if (sweep) {
            sweep(scheduler, noticeSender);
        }
    }

    private void sweep(DestinationScheduler scheduler, NoticeSender noticeSender)
            throws SQLException, InterruptedException {
        QueueRows.Window window = VisitTools.window(clock, settings);
        Swept swept = database.read(connection -> new Swept(
                QueueRows.waitingNames(connection, window, MAX_DOMAINS),
                PendingNoticeRows.overdue(connection, window.at(), MAX_MESSAGES)));
        for (String name : swept.domains()) {
            Optional<Domain> domain = DeliveryRows.domain(name);
            if (domain.isPresent()) {
                scheduler.signal(domain.get());
            } else {
                setAside(name, window.at());
            }
        }
        noticeSender.sendInBackground(swept.messages());
    }

    private void setAside(String name, Instant now) throws SQLException, InterruptedException {
        database.write(connection -> {
            QueueRows.setAside(connection, name, now, MAX_DOMAINS);
            return name;
        });
    }

    /** Result of a sweep: domains with due deliveries, and messages with overdue notices. */
    private record Swept(List<String> domains, List<String> messages) {}

    /** Passes the signals to the scheduler. After a failure all are signalled again; a repeated signal is harmless. */
    private void passOn(Set<Domain> called, DestinationScheduler scheduler) {
        boolean rang = false;
        try {
            called.forEach(scheduler::signal);
            rang = true;
        } finally {
            if (!rang) {
                signal(called);
            }
        }
    }

    @GuardedBy("lock")
    private Duration untilNext() {
        Instant now = clock.instant();
        if (!nextSweep.isAfter(now)) {
            return Duration.ZERO;
        }
        Instant first =
                appointments.isEmpty() || nextSweep.isBefore(appointments.peek()) ? nextSweep : appointments.peek();
        Duration left = Duration.between(now, first);
        return left.compareTo(settings.timing().poll()) < 0
                ? left
                : settings.timing().poll();
    }

    /** Interrupts the thread, which ends soon. */
    @Override
    public void close() {
        lock.lock();
        try {
            if (thread != null) {
                thread.interrupt();
            }
        } finally {
            lock.unlock();
        }
    }
}
