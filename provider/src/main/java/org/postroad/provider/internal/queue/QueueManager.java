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
import org.postroad.provider.internal.envelope.Envelope;
import org.postroad.provider.internal.message.SpooledMessage;

/**
 * A running queue: accepts messages, has every destination with due deliveries served, and shuts down cleanly.
 *
 * <p>A message added here is due immediately, and its destinations are signalled. Messages that other processes or foreign transactions add
 * are found by the periodic poll. Owns threads while it is open. Thread-safe.
 */
public final class QueueManager implements AutoCloseable {

    /** Longest pause between two checks whether the queue is empty, however long the poll interval is: draining has a time limit. */
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(500);

    private static final long THREAD_IDLE_SECONDS = 5;

    private final Database database;
    private final QueueSettings settings;
    private final Environment surroundings;
    private final VisitTools tools;
    private final ThreadPoolExecutor workers;
    private final DestinationScheduler scheduler;
    private final Map<Domain, DestinationVisit> lanes = new ConcurrentHashMap<>();
    private final QueueCounters figures = new QueueCounters();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final DestinationDispatcher bell;
    private final QueueControl control;

    /**
     * Opens a queue and starts its deliveries.
     *
     * @param database owned by the queue from here on, even if opening fails
     * @throws QueueException if the tables cannot be used; nothing was changed
     */
    public QueueManager(Database database, DeliveryAgent courier, QueueSettings settings, Environment surroundings)
            throws InterruptedException {
        this.database = database;
        this.settings = settings;
        this.surroundings = surroundings;
        boolean open = false;
        try {
            // The caller may be in a transaction, which creating tables would commit.
            prepareOnOwnThread();
            this.workers = new ThreadPoolExecutor(
                    0,
                    Integer.MAX_VALUE,
                    THREAD_IDLE_SECONDS,
                    TimeUnit.SECONDS,
                    new SynchronousQueue<>(),
                    surroundings.threads());
            this.bell = new DestinationDispatcher(database, settings, surroundings.clock(), closing);
            NoticeSender teller = new NoticeSender(
                    database,
                    new NoticeComposer(
                            courier.self(),
                            settings.admission().lifetime(),
                            surroundings.random(),
                            settings.postmaster()),
                    bell::signal,
                    workers,
                    surroundings.clock());
            RetryingDatabase patience = new RetryingDatabase(database, closing);
            this.tools = new VisitTools(
                    database,
                    patience,
                    courier,
                    new DeliveryAttempts(patience, courier, settings, figures, surroundings),
                    new Throttle(settings.limits(), surroundings.clock()),
                    settings,
                    workers,
                    teller,
                    closing,
                    surroundings);
            this.scheduler = new DestinationScheduler(database, settings.pace(), surroundings, new QueueVisits());
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

    /** Returns the statistics since this process opened the queue. */
    public QueueCounters figures() {
        return figures;
    }

    public QueueSettings settings() {
        return settings;
    }

    /** Returns whether messages are accepted. */
    public boolean isOpen() {
        return !tools.isClosing();
    }

    Instant now() {
        return surroundings.clock().instant();
    }

    /**
     * Accepts a message. When this returns, the message is durable, or part of the calling thread's transaction
     * ({@link Database#writeForCaller}), whose commit then decides.
     *
     * @return its id in the queue
     * @throws QueueException if the message is too big or could not be stored; nothing of it was stored
     * @throws InterruptedException if the thread was interrupted while it waited; nothing was stored
     */
    public String submit(Envelope envelope, SpooledMessage content, QueuedMessage.Labels labels)
            throws InterruptedException {
        QueuedMessage message = message(envelope, content, labels);
        put(
                message,
                connection -> {
                    QueueRows.add(connection, message, content::openStream, envelope.recipients());
                    return message;
                },
                () -> {
                    figures.submitted();
                    bell.signal(domains(envelope.mailboxes()));
                });
        return message.id();
    }

    /** Returns whether writes of the calling thread become part of a transaction of its own. */
    public boolean isCallerInTransaction() {
        checkOpen();
        try {
            return database.isCallerInTransaction();
        } catch (SQLException e) {
            throw new QueueException("The queue cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * Accepts a message for the recipients that are pending after a direct attempt. That attempt counts as the first one.
     *
     * @param envelope with the pending recipients only
     * @param tried the reports about all recipients
     * @throws QueueException as for {@link #submit}
     */
    public String submitTried(
            Envelope envelope, SpooledMessage content, QueuedMessage.Labels labels, List<DomainReport> tried)
            throws InterruptedException {
        QueuedMessage message = message(envelope, content, labels);
        put(
                message,
                connection -> {
                    QueueRows.add(connection, message, content::openStream, envelope.recipients());
                    for (DomainReport report : tried) {
                        tools.attempts().wasMade(connection, message, report);
                    }
                    return message;
                },
                figures::submitted);
        return message.id();
    }

    /**
     * Adds a message within the given transaction. The message exists only if that transaction is committed.
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
                QueueRows.add(connection, message, content::openStream, envelope.recipients());
                return message;
            });
        } catch (SQLException e) {
            throw new QueueException("The queue could not store it within the transaction: " + Failures.describe(e), e);
        }
        bell.expectCommit();
        return message.id();
    }

    /** Returns those of the mailboxes that are refused because they do not exist; none if suppression is off. */
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
                QueueIds.next(now, surroundings.random()),
                now,
                now.plus(settings.admission().lifetime()),
                envelope.sender(),
                envelope.returned(),
                envelope.id(),
                envelope.tls(),
                labels,
                content.facts());
    }

    /** Writes a message. If the connection is lost at the commit, checks whether the message was stored. */
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
            return read(connection -> QueueRows.exists(connection, message.id()));
        } catch (QueueException e) {
            doubt.addSuppressed(e);
            return false;
        }
    }

    /** Writes without signalling any destination. */
    <T> T store(Database.Work<T> work) throws InterruptedException {
        return store(work, result -> {});
    }

    /**
     * Writes on the calling thread, possibly within the caller's transaction. Failures are reported to the caller.
     *
     * @param committed receives the result after the commit; never called if the time of the commit cannot be observed, in which case the
     *     poll finds what is due
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
            bell.expectCommit();
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

    /** Signals these destinations, and ends their backing off. */
    void call(Collection<Domain> domains) {
        domains.forEach(scheduler::clearBackOff);
        bell.signal(domains);
    }

    /** Prevents further deliveries in the current visit to the destination. Deliveries in progress continue. */
    void stop(Domain domain) {
        DestinationVisit lane = lanes.get(domain);
        if (lane != null) {
            lane.stop();
        }
    }

    /** Waits for a moment, or until the queue is closed. */
    void pause() throws InterruptedException {
        Duration part = settings.pace().poll().dividedBy(10);
        Duration pause = part.compareTo(LONGEST_PAUSE) < 0 ? part : LONGEST_PAUSE;
        closing.await(pause.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Returns the views and operator actions of this queue. */
    public QueueControl control() {
        return control;
    }

    VisitTools tools() {
        return tools;
    }

    /**
     * Stops accepting messages, gives running deliveries the configured time to finish, and then cancels them. Unfinished deliveries are
     * pending, or in doubt if the message may have arrived. Idempotent.
     */
    @Override
    public void close() {
        if (tools.isClosing()) {
            return;
        }
        closing.countDown();
        bell.close();
        lanes.values().forEach(DestinationVisit::stop);
        boolean interrupted = false;
        try {
            scheduler.finish(settings.pace().closing());
        } catch (InterruptedException e) {
            interrupted = true; // cancel the deliveries without waiting further
        }
        workers.shutdownNow();
        scheduler.breakOff();
        scheduler.close();
        database.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private final class QueueVisits implements DestinationScheduler.Visits {

        @Override
        public DestinationVisit.NextVisit visit(Domain domain, DestinationLease lease)
                throws SQLException, InterruptedException {
            DestinationVisit lane = new DestinationVisit(domain, tools, lease);
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
            DestinationVisit lane = lanes.get(domain);
            if (lane != null) {
                try {
                    lane.nudge();
                } catch (SQLException e) {
                    throw new QueueException("The queue cannot be read: " + Failures.describe(e), e);
                }
            }
        }

        @Override
        public void wakeAt(Instant at) {
            bell.wakeAt(at);
        }

        @Override
        public boolean awaitClosing(Duration pause) throws InterruptedException {
            return !closing.await(pause.toNanos(), TimeUnit.NANOSECONDS);
        }
    }
}
