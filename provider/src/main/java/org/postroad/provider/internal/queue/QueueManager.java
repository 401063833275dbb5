// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.postroad.api.Domain;
import org.postroad.api.DomainReport;
import org.postroad.api.Mailbox;
import org.postroad.provider.internal.message.SpooledMessage;
import org.postroad.provider.internal.smtp.Envelope;

/**
 * The queue at work, from its opening to its end: takes messages, has every destination visited to which something is due, and ends cleanly.
 *
 * <p>What is put in here is due at once, and its destinations are rung for; what other processes and foreign transactions put in is found by a sweep
 * at every poll interval. Owns threads as long as it is open. Thread-safe.
 */
public final class QueueManager implements AutoCloseable {

    /** Destinations that a sweep finds at once. */
    private static final int SWEPT = 1000;

    private static final long THREAD_IDLE_SECONDS = 5;

    private final Database database;
    private final QueueSettings settings;
    private final Surroundings surroundings;
    private final LaneTools tools;
    private final ThreadPoolExecutor workers;
    private final LaneScheduler scheduler;
    private final Map<Domain, Lane> lanes = new ConcurrentHashMap<>();
    private final Figures figures = new Figures();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread sweeper;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition rung = lock.newCondition();
    private final Set<Domain> ringing = new HashSet<>(); // under the lock
    private final PriorityQueue<Instant> appointments = new PriorityQueue<>(); // under the lock

    /**
     * Opens a queue and begins to work it off.
     *
     * @param database belongs to the queue from here on, also if it cannot be opened
     * @throws QueueException if its tables are not to be used; nothing was changed
     */
    public QueueManager(Database database, Courier courier, QueueSettings settings, Surroundings surroundings)
            throws InterruptedException {
        this.database = database;
        this.settings = settings;
        this.surroundings = surroundings;
        boolean open = false;
        try {
            Schema.ensure(database, settings.admission().createSchema());
            database.takeOver();
            this.workers = new ThreadPoolExecutor(
                    0,
                    Integer.MAX_VALUE,
                    THREAD_IDLE_SECONDS,
                    TimeUnit.SECONDS,
                    new SynchronousQueue<>(),
                    surroundings.threads());
            this.tools = new LaneTools(
                    database,
                    courier,
                    new Attempts(database, courier, settings, figures, surroundings),
                    new Throttle(settings.limits(), surroundings.clock()),
                    settings,
                    workers,
                    this::ring,
                    closing,
                    surroundings);
            this.scheduler = new LaneScheduler(database, settings.pace(), surroundings, new Visits());
            this.sweeper = surroundings.threads().newThread(this::sweepUntilClosed);
            scheduler.start();
            sweeper.start();
            open = true;
        } finally {
            if (!open) {
                database.close();
            }
        }
    }

    /** What is known of a queue since it was opened here. */
    public Figures figures() {
        return figures;
    }

    public QueueSettings settings() {
        return settings;
    }

    /** Whether messages are still taken. */
    public boolean isOpen() {
        return !tools.isClosing();
    }

    Instant now() {
        return surroundings.clock().instant();
    }

    /**
     * Takes a message; when this returns, it is durable.
     *
     * @return its name in the queue
     * @throws QueueException if it is too big, or could not be stored; then nothing of it was
     * @throws InterruptedException if the thread was interrupted while it waited; nothing was stored
     */
    public String submit(Envelope envelope, SpooledMessage content, QueuedMessage.Labels labels)
            throws InterruptedException {
        QueuedMessage message = message(envelope, content, labels);
        store(connection -> {
            QueueStore.add(connection, message, content::openStream, envelope.recipients());
            return message;
        });
        figures.submitted();
        ring(domains(envelope.mailboxes()));
        return message.id();
    }

    /**
     * Takes a message that was tried already, for those recipients who are open; that counts as the first attempt.
     *
     * @param envelope with the open recipients only
     * @param tried what became of all recipients
     * @throws QueueException as for {@link #submit}
     */
    public String submitTried(
            Envelope envelope, SpooledMessage content, QueuedMessage.Labels labels, List<DomainReport> tried)
            throws InterruptedException {
        QueuedMessage message = message(envelope, content, labels);
        store(connection -> {
            QueueStore.add(connection, message, content::openStream, envelope.recipients());
            for (DomainReport report : tried) {
                endFirst(connection, message, report);
            }
            return message;
        });
        figures.submitted();
        return message.id();
    }

    private void endFirst(Connection connection, QueuedMessage message, DomainReport report) throws SQLException {
        Optional<QueuedDelivery> begun =
                QueueStore.begin(connection, message.id(), report.domain(), message.queuedAt());
        if (begun.isPresent()) {
            List<Mailbox> open = begun.get().mailboxes();
            DomainReport ofOpen = new DomainReport(
                    report.domain(),
                    report.lookups(),
                    report.refusedAddresses(),
                    report.attempts(),
                    report.recipients().stream()
                            .filter(recipient -> open.contains(recipient.recipient()))
                            .toList());
            Judgement judgement =
                    Judgement.of(begun.get(), ofOpen, settings.retrying(), message.queuedAt(), surroundings.random());
            QueueStore.end(connection, begun.get(), judgement.ending(), message.queuedAt());
        }
    }

    QueuedMessage message(Envelope envelope, SpooledMessage content, QueuedMessage.Labels labels) {
        long limit = settings.admission().maxSize();
        if (content.facts().size() > limit) {
            throw new QueueException("The message has " + content.facts().size() + " octets; the queue takes at most "
                    + limit + " (mail.mx.queue.maxsize)");
        }
        Instant now = now();
        return new QueuedMessage(
                MessageIds.next(now, surroundings.random()),
                now,
                now.plus(settings.admission().lifetime()),
                envelope.sender(),
                envelope.returned(),
                envelope.id(),
                labels,
                content.facts());
    }

    /** Writes; what cannot be written is the caller's to know. */
    <T> T store(Database.Work<T> work) throws InterruptedException {
        if (tools.isClosing()) {
            throw new QueueException("The queue is closed");
        }
        try {
            return database.write(work);
        } catch (SQLException e) {
            throw new QueueException("The queue could not store it, and nothing was stored: " + e.getMessage(), e);
        }
    }

    <T> T read(Database.Work<T> work) {
        try {
            return database.read(work);
        } catch (SQLException e) {
            throw new QueueException("The queue cannot be read: " + e.getMessage(), e);
        }
    }

    private static Set<Domain> domains(List<Mailbox> mailboxes) {
        Set<Domain> domains = new HashSet<>();
        mailboxes.forEach(mailbox -> domains.add(mailbox.domain()));
        return domains;
    }

    /** Something is due to these. Returns at once. */
    void ring(Collection<Domain> domains) {
        if (domains.isEmpty()) {
            return;
        }
        lock.lock();
        try {
            ringing.addAll(domains);
            rung.signal();
        } finally {
            lock.unlock();
        }
    }

    /** The same; and what was said about leaving them alone does not hold any more. */
    void call(Collection<Domain> domains) {
        domains.forEach(scheduler::listen);
        ring(domains);
    }

    private void sweepUntilClosed() {
        Instant nextSweep = Instant.MIN;
        try {
            while (!tools.isClosing()) {
                Set<Domain> called = await(nextSweep);
                try {
                    called.forEach(scheduler::ring);
                    if (!now().isBefore(nextSweep) || isBehind(nextSweep)) {
                        nextSweep = now().plus(settings.pace().poll());
                        database.read(connection -> QueueStore.waiting(connection, tools.window(), SWEPT))
                                .forEach(scheduler::ring);
                    }
                } catch (SQLException | RuntimeException e) {
                    if (!tools.isClosing()) {
                        System.getLogger(QueueManager.class.getName())
                                .log(System.Logger.Level.WARNING, "The queue cannot be read; trying again soon", e);
                        nextSweep = now().plus(settings.pace().poll());
                    }
                }
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt(); // and so it ends
        }
    }

    /** Where the clock went back, the next sweep would be far away. */
    private boolean isBehind(Instant nextSweep) {
        return now().plus(settings.pace().poll()).isBefore(nextSweep);
    }

    /** Who is rung for; waits for the first, or until something else is to be done. */
    private Set<Domain> await(Instant nextSweep) throws InterruptedException {
        lock.lock();
        try {
            Duration left = untilNext(nextSweep);
            if (ringing.isEmpty() && !left.isNegative() && !left.isZero()) {
                rung.await(left.toNanos(), TimeUnit.NANOSECONDS);
            }
            if (!appointments.isEmpty() && !now().isBefore(appointments.peek())) {
                Instant now = now();
                appointments.removeIf(at -> !at.isAfter(now));
                scheduler.look();
            }
            Set<Domain> called = Set.copyOf(ringing);
            ringing.clear();
            return called;
        } finally {
            lock.unlock();
        }
    }

    private Duration untilNext(Instant nextSweep) {
        Instant now = now();
        if (!nextSweep.isAfter(now)) {
            return Duration.ZERO;
        }
        Instant first =
                appointments.isEmpty() || nextSweep.isBefore(appointments.peek()) ? nextSweep : appointments.peek();
        Duration left = Duration.between(now, first);
        return left.compareTo(settings.pace().poll()) < 0
                ? left
                : settings.pace().poll();
    }

    /**
     * Takes no message any more, lets running deliveries end within the limit, then breaks them off; what was not ended is open, or in doubt where
     * it may have arrived. Idempotent.
     */
    @Override
    public void close() {
        if (tools.isClosing()) {
            return;
        }
        closing.countDown();
        sweeper.interrupt();
        lanes.values().forEach(Lane::stop);
        boolean interrupted = false;
        try {
            scheduler.finish(settings.pace().closing());
            workers.shutdownNow();
            scheduler.breakOff();
        } catch (InterruptedException e) {
            interrupted = true;
            workers.shutdownNow();
        }
        scheduler.close();
        database.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private final class Visits implements LaneScheduler.Visitor {

        @Override
        public Lane.Rest visit(Domain domain) throws SQLException, InterruptedException {
            Lane lane = new Lane(domain, tools);
            lanes.put(domain, lane);
            try {
                if (tools.isClosing()) {
                    lane.stop();
                }
                return lane.visit();
            } finally {
                lanes.remove(domain);
            }
        }

        @Override
        public void nudge(Domain domain) {
            Lane lane = lanes.get(domain);
            if (lane != null) {
                try {
                    lane.nudge();
                } catch (SQLException e) {
                    throw new QueueException("The queue cannot be read: " + e.getMessage(), e);
                }
            }
        }

        @Override
        public void comeAgain(Instant at) {
            lock.lock();
            try {
                appointments.add(at);
                rung.signal();
            } finally {
                lock.unlock();
            }
        }
    }
}
