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
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.postroad.api.Domain;
import org.postroad.api.DomainReport;
import org.postroad.api.Mailbox;
import org.postroad.api.SuppressedAddress;
import org.postroad.provider.internal.message.SpooledMessage;
import org.postroad.provider.internal.smtp.Envelope;

/**
 * The queue at work, from its opening to its end: takes messages, has every destination visited to which something is due, and ends
 * cleanly.
 *
 * <p>What is put in here is due at once, and its destinations are rung for; what other processes and foreign transactions put in is
 * found by a sweep at every poll interval. Owns threads as long as it is open. Thread-safe.
 */
public final class QueueManager implements AutoCloseable {

    /** Between two looks whether the queue is empty, however rarely it is polled: who waits has a limit. */
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(500);

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
    private final Bell bell;
    private final QueueControl control;

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
            // The caller may be in a transaction, which to create tables would commit.
            prepareOnOwnThread();
            this.workers = new ThreadPoolExecutor(
                    0,
                    Integer.MAX_VALUE,
                    THREAD_IDLE_SECONDS,
                    TimeUnit.SECONDS,
                    new SynchronousQueue<>(),
                    surroundings.threads());
            this.bell = new Bell(database, settings, surroundings.clock(), closing);
            Teller teller = new Teller(
                    database,
                    new Notices(
                            courier.self(),
                            settings.admission().lifetime(),
                            surroundings.random(),
                            settings.postmaster()),
                    bell::ring,
                    workers,
                    surroundings.clock());
            Patience patience = new Patience(database, closing);
            this.tools = new LaneTools(
                    database,
                    patience,
                    courier,
                    new Attempts(patience, courier, settings, figures, surroundings),
                    new Throttle(settings.limits(), surroundings.clock()),
                    settings,
                    workers,
                    teller,
                    closing,
                    surroundings);
            this.scheduler = new LaneScheduler(database, settings.pace(), surroundings, new Visits());
            this.control = new QueueControl(this);
            if (!surroundings.ending()) {
                scheduler.start();
                bell.listen(scheduler, teller, surroundings.threads());
            }
            open = true;
        } finally {
            if (!open) {
                database.close();
            }
        }
    }

    private void prepareOnOwnThread() throws InterruptedException {
        try {
            OwnThread.call(surroundings.threads(), this::prepare);
        } catch (SQLException e) {
            throw new QueueException("The queue in " + database.place() + " cannot be opened: " + e.getMessage(), e);
        }
    }

    private boolean prepare() throws SQLException, InterruptedException {
        Schema.ensure(database, settings.admission().createSchema());
        ClockComparison.check(database, surroundings.clock(), settings.pace().lease());
        database.takeOver();
        return true;
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
     * Takes a message; when this returns, it is durable, or part of the transaction of the calling thread ({@link
     * Database#writeForCaller}), which decides whether it is there.
     *
     * @return its name in the queue
     * @throws QueueException if it is too big, or could not be stored; then nothing of it was
     * @throws InterruptedException if the thread was interrupted while it waited; nothing was stored
     */
    public String submit(Envelope envelope, SpooledMessage content, QueuedMessage.Labels labels)
            throws InterruptedException {
        QueuedMessage message = message(envelope, content, labels);
        put(
                message,
                connection -> {
                    QueueStore.add(connection, message, content::openStream, envelope.recipients());
                    return message;
                },
                () -> {
                    figures.submitted();
                    bell.ring(domains(envelope.mailboxes()));
                });
        return message.id();
    }

    /** Whether what the calling thread puts in is part of a transaction of its own. */
    public boolean isCallerInTransaction() {
        checkOpen();
        try {
            return database.isCallerInTransaction();
        } catch (SQLException e) {
            throw new QueueException("The queue cannot be read: " + e.getMessage(), e);
        }
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
        put(
                message,
                connection -> {
                    QueueStore.add(connection, message, content::openStream, envelope.recipients());
                    for (DomainReport report : tried) {
                        tools.attempts().wasMade(connection, message, report);
                    }
                    return message;
                },
                figures::submitted);
        return message.id();
    }

    /**
     * Takes a message within a transaction of somebody else's, which decides whether it is there.
     *
     * @throws QueueException as for {@link #submit}, or if the connection is in no transaction
     */
    public String submitWithin(
            Connection transaction, Envelope envelope, SpooledMessage content, QueuedMessage.Labels labels) {
        QueuedMessage message = message(envelope, content, labels);
        checkOpen();
        try {
            if (transaction.getAutoCommit()) {
                throw new QueueException(
                        "The connection is in auto-commit mode, so that there is no transaction that the message could be part of;"
                                + " call setAutoCommit(false) first");
            }
            Database.within(transaction, connection -> {
                QueueStore.add(connection, message, content::openStream, envelope.recipients());
                return message;
            });
        } catch (SQLException e) {
            throw new QueueException("The queue could not store it within the transaction: " + Failures.describe(e), e);
        }
        bell.expect();
        return message.id();
    }

    /** Which of these are refused because they do not exist. */
    public List<SuppressedAddress> suppressed(List<Mailbox> mailboxes) {
        return settings.admission().suppress() ? control.suppressedAmong(mailboxes) : List.of();
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
                envelope.tls(),
                labels,
                content.facts());
    }

    /** Writes a message; where the connection is lost at the commit, looks whether the message is there. */
    private void put(QueuedMessage message, Database.Work<QueuedMessage> work, Runnable committed)
            throws InterruptedException {
        try {
            store(work, written -> committed.run());
        } catch (QueueException e) {
            if (!(e.getCause() instanceof CommitInDoubtException) || !isThere(message, e)) {
                throw e;
            }
            committed.run();
        }
    }

    private boolean isThere(QueuedMessage message, QueueException doubt) {
        try {
            return read(connection -> QueueStore.exists(connection, message.id()));
        } catch (QueueException e) {
            doubt.addSuppressed(e);
            return false;
        }
    }

    /** Writes what nobody needs to be woken for. */
    <T> T store(Database.Work<T> work) throws InterruptedException {
        return store(work, result -> {});
    }

    /**
     * Writes, on the thread of a caller, and perhaps within a transaction of the caller's; what cannot be written is the caller's to
     * know.
     *
     * @param committed is given the result after the commit; where it is not known when that is, it is never, and sweeps find what is due
     */
    <T> T store(Database.Work<T> work, Consumer<T> committed) throws InterruptedException {
        checkOpen();
        Database.Written<T> written;
        try {
            written = database.writeForCaller(work);
        } catch (CommitInDoubtException e) {
            throw new QueueException(
                    "It is not known whether the queue stored it, for the connection was lost at the commit: "
                            + Failures.describe(e),
                    e);
        } catch (SQLException e) {
            throw new QueueException(
                    "The queue could not store it, and nothing was stored: " + Failures.describe(e), e);
        }
        T result = written.result();
        if (!written.joined()) {
            committed.accept(result);
        } else if (written.container().isPresent()) {
            written.container().get().afterCommit(() -> committed.accept(result));
        } else {
            bell.expect();
        }
        return result;
    }

    private void checkOpen() {
        if (tools.isClosing()) {
            throw new QueueClosedException();
        }
    }

    <T> T read(Database.Work<T> work) {
        checkOpen();
        try {
            return database.readForCaller(work);
        } catch (SQLException e) {
            throw new QueueException("The queue cannot be read: " + Failures.describe(e), e);
        }
    }

    private static Set<Domain> domains(List<Mailbox> mailboxes) {
        Set<Domain> domains = new HashSet<>();
        mailboxes.forEach(mailbox -> domains.add(mailbox.domain()));
        return domains;
    }

    /** Something is due to these; and what was said about leaving them alone does not hold any more. */
    void call(Collection<Domain> domains) {
        domains.forEach(scheduler::listen);
        bell.ring(domains);
    }

    /** What is under way there goes on, and nothing else begins in this visit. */
    void stop(Domain domain) {
        Lane lane = lanes.get(domain);
        if (lane != null) {
            lane.stop();
        }
    }

    /** A moment, or until the queue is closed. */
    void pause() throws InterruptedException {
        Duration part = settings.pace().poll().dividedBy(10);
        Duration pause = part.compareTo(LONGEST_PAUSE) < 0 ? part : LONGEST_PAUSE;
        closing.await(pause.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** What is seen of the queue, and done to it. */
    public QueueControl control() {
        return control;
    }

    LaneTools tools() {
        return tools;
    }

    /**
     * Takes no message any more, lets running deliveries end within the limit, then breaks them off; what was not ended is open, or
     * in doubt where it may have arrived. Idempotent.
     */
    @Override
    public void close() {
        if (tools.isClosing()) {
            return;
        }
        closing.countDown();
        bell.close();
        lanes.values().forEach(Lane::stop);
        boolean interrupted = false;
        try {
            scheduler.finish(settings.pace().closing());
        } catch (InterruptedException e) {
            interrupted = true; // who closes waits no longer
        }
        workers.shutdownNow();
        scheduler.breakOff();
        scheduler.close();
        database.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private final class Visits implements LaneScheduler.Visitor {

        @Override
        public Lane.Rest visit(Domain domain, Lease lease) throws SQLException, InterruptedException {
            Lane lane = new Lane(domain, tools, lease);
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
                    throw new QueueException("The queue cannot be read: " + Failures.describe(e), e);
                }
            }
        }

        @Override
        public void comeAgain(Instant at) {
            bell.setFor(at);
        }

        @Override
        public boolean stay(Duration pause) throws InterruptedException {
            return !closing.await(pause.toNanos(), TimeUnit.NANOSECONDS);
        }
    }
}
