// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.postroad.api.Domain;
import org.postroad.api.DomainReport;
import org.postroad.api.Mailbox;
import org.postroad.api.QueueOptions;
import org.postroad.api.SuppressedAddress;
import org.postroad.provider.internal.envelope.Envelope;
import org.postroad.provider.internal.message.SpooledMessage;
import org.postroad.provider.internal.queue.notice.NoticeComposer;
import org.postroad.provider.internal.queue.notice.NoticeSender;
import org.postroad.provider.internal.queue.store.ClockComparison;
import org.postroad.provider.internal.queue.store.CommitInDoubtException;
import org.postroad.provider.internal.queue.store.Database;
import org.postroad.provider.internal.queue.store.DatabaseFailures;
import org.postroad.provider.internal.queue.store.MessageRows;
import org.postroad.provider.internal.queue.store.NewMessages;
import org.postroad.provider.internal.queue.store.NewMessages.Added;
import org.postroad.provider.internal.queue.store.OwnThread;
import org.postroad.provider.internal.queue.store.QueueException;
import org.postroad.provider.internal.queue.store.QueuedMessage;
import org.postroad.provider.internal.queue.store.RetryingDatabase;
import org.postroad.provider.internal.queue.store.Schema;
import org.postroad.provider.internal.queue.store.SuppressionRows;

/**
 * A running queue: accepts messages, has every destination with due deliveries served, and shuts down cleanly.
 *
 * <p>A message added here is due immediately, and its destinations are signalled. Messages that other processes or foreign transactions add
 * are found by the periodic poll. Owns threads while it is open. Thread-safe.
 */
public final class QueueManager implements ControlledQueue, AutoCloseable {

    private static final long THREAD_IDLE_SECONDS = 5;

    private final Database database;
    private final QueueSettings settings;
    private final Environment environment;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final QueueCounters counters = new QueueCounters();
    private final QueueEvents events;
    private final DueSignals signals;
    private final CallerAccess access;
    private final MessageAdmission admission;
    private final NewMessages newMessages;
    private final ThreadPoolExecutor workers;
    private final NoticeSender noticeSender;
    private final AttemptResults results;
    private final DeliveryAttempts attempts;
    private final DestinationVisits visits;
    private final DestinationScheduler scheduler;
    private final DestinationDispatcher dispatcher;

    /**
     * Opens a queue and starts its deliveries.
     *
     * @param database owned by the queue from here on, even if opening fails
     * @throws QueueException if the tables cannot be used; nothing was changed
     */
    public QueueManager(Database database, DeliveryAgent agent, QueueSettings settings, Environment environment)
            throws InterruptedException {
        this.database = database;
        this.settings = settings;
        this.environment = environment;
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
                    environment.threads("delivery"));
            this.signals = new DueSignals(settings.timing().poll(), environment.clock());
            this.access = new CallerAccess(database, closing, signals::expectCommit);
            this.admission = new MessageAdmission(settings.admission(), environment.clock(), environment.random());
            this.newMessages =
                    new NewMessages(database.dialect(), settings.history().isKept());
            this.noticeSender = new NoticeSender(
                    database,
                    new NoticeComposer(
                            agent.localHost(),
                            settings.admission().lifetime(),
                            environment.random(),
                            settings.postmaster()),
                    newMessages,
                    signals::signalNormal,
                    workers,
                    environment.clock());
            RetryingDatabase retrying = new RetryingDatabase(database, closing);
            this.events = new QueueEvents(
                    agent::notifyListener,
                    agent.log(),
                    settings.bounces() == QueueSettings.Bounces.SENDER,
                    environment.clock());
            this.results = new AttemptResults(settings, counters, events, environment);
            this.attempts = new DeliveryAttempts(retrying, agent, results, environment);
            PaceMeter pace =
                    new PaceMeter(environment.clock(), settings.limits().concurrency());
            this.visits = new DestinationVisits(
                    retrying,
                    agent,
                    attempts,
                    new AttemptTransactions(retrying, noticeSender, environment.clock(), closing),
                    new Throttle(settings.limits(), environment.clock()),
                    pace,
                    settings,
                    environment,
                    workers,
                    closing);
            this.scheduler = new DestinationScheduler(
                    database,
                    settings.timing(),
                    environment,
                    visits,
                    signals,
                    new HistoryCleaner(database, settings.history(), environment.clock(), closing),
                    closing);
            this.dispatcher = new DestinationDispatcher(
                    signals,
                    scheduler,
                    noticeSender,
                    new PacePublisher(pace, database, scheduler.name(), settings, environment.clock()),
                    database,
                    settings,
                    environment,
                    closing);
            if (!environment.ending()) {
                scheduler.start();
                dispatcher.start();
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
            OwnThread.call(environment.threads(), this::prepare);
        } catch (SQLException e) {
            throw new QueueException(
                    "The queue in " + database.description() + " cannot be opened: " + e.getMessage(), e);
        }
    }

    private boolean prepare() throws SQLException, InterruptedException {
        Schema.ensure(database, settings.admission().createSchema());
        ClockComparison.check(database, environment.clock(), settings.timing().lease());
        database.clearStaleLeases();
        return true;
    }

    @Override
    public QueueCounters counters() {
        return counters;
    }

    public QueueSettings settings() {
        return settings;
    }

    /** Returns whether messages are accepted. */
    public boolean isOpen() {
        return access.isOpen();
    }

    @Override
    public CallerAccess access() {
        return access;
    }

    @Override
    public Instant now() {
        return environment.clock().instant();
    }

    /**
     * Accepts a message. When this returns, the message is durable, or part of the calling thread's transaction
     * ({@link Database#writeForCaller}), whose commit then decides.
     *
     * @return its id in the queue, or that of the earlier message with the same key
     * @throws QueueException if the message is too big, its times are not possible, its key belongs to another message, or it could not be
     *     stored; nothing of it was stored
     * @throws InterruptedException if the thread was interrupted while it waited; nothing was stored
     */
    public Added submit(Envelope envelope, SpooledMessage content, QueuedMessage.Labels labels, QueueOptions options)
            throws InterruptedException {
        QueuedMessage message = admission.admit(envelope, content, labels, options);
        Added added = insert(
                message,
                connection -> newMessages.add(connection, message, content::openStream, envelope.recipients(), options),
                stored -> {
                    if (stored.isNew()) {
                        events.queued(message, envelope);
                        signals.signal(envelope.byDomain().keySet(), options.priority());
                    }
                });
        count(added);
        return added;
    }

    private void count(Added added) {
        if (added.isNew()) {
            counters.submitted();
        }
    }

    /** Returns whether writes of the calling thread become part of a transaction of its own. */
    public boolean isCallerInTransaction() {
        return access.isCallerInTransaction();
    }

    /**
     * Accepts a message for the recipients that are pending after a direct attempt. That attempt counts as the first one.
     *
     * @param envelope with the pending recipients only
     * @param tried the reports about all recipients
     * @throws QueueException as for {@link #submit}
     */
    public String submitAttempted(
            Envelope envelope, SpooledMessage content, QueuedMessage.Labels labels, List<DomainReport> tried)
            throws InterruptedException {
        QueuedMessage message = admission.admit(envelope, content, labels, QueueOptions.NONE);
        Added added = insert(
                message,
                connection -> {
                    Added stored = newMessages.add(
                            connection, message, content::openStream, envelope.recipients(), QueueOptions.NONE);
                    for (DomainReport report : tried) {
                        attempts.recordEarlierAttempt(connection, message, report);
                    }
                    return stored;
                },
                stored -> events.queued(message, envelope));
        count(added);
        return added.id();
    }

    /**
     * Adds a message within the given transaction. The message exists only if that transaction is committed.
     *
     * @throws QueueException as for {@link #submit}, or if the connection is in no transaction
     */
    public Added submitInTransaction(
            Connection transaction,
            Envelope envelope,
            SpooledMessage content,
            QueuedMessage.Labels labels,
            QueueOptions options) {
        QueuedMessage message = admission.admit(envelope, content, labels, options);
        access.checkOpen();
        Added added;
        try {
            if (transaction.getAutoCommit()) {
                throw new QueueException(
                        "The connection is in auto-commit mode, so that there is no transaction that the message could be part of;"
                                + " call setAutoCommit(false) first");
            }
            added = Database.withSavepoint(
                    transaction,
                    connection ->
                            newMessages.add(connection, message, content::openStream, envelope.recipients(), options));
        } catch (SQLException e) {
            throw new QueueException(
                    "The queue could not store the message within the transaction: " + DatabaseFailures.describe(e), e);
        }
        signals.expectCommit();
        count(added);
        return added;
    }

    /** Returns those of the mailboxes that are refused because they do not exist; none if suppression is off. */
    public List<SuppressedAddress> suppressed(List<Mailbox> mailboxes) {
        return settings.admission().suppress()
                ? readForCaller(connection -> SuppressionRows.among(connection, mailboxes))
                : List.of();
    }

    /** Writes a message. If the connection is lost at the commit, checks whether the message was stored. */
    private Added insert(QueuedMessage message, Database.Work<Added> work, Consumer<Added> committed)
            throws InterruptedException {
        try {
            return writeForCaller(work, committed);
        } catch (QueueException e) {
            if (!(e.getCause() instanceof CommitInDoubtException) || !isStored(message, e)) {
                throw e;
            }
            Added added = new Added(message.id(), true);
            committed.accept(added);
            return added;
        }
    }

    private boolean isStored(QueuedMessage message, QueueException doubt) {
        try {
            return readForCaller(connection -> MessageRows.exists(connection, message.id()));
        } catch (QueueException e) {
            doubt.addSuppressed(e);
            return false;
        }
    }

    @Override
    public void signal(Collection<Domain> domains) {
        domains.forEach(scheduler::clearBackOff);
        signals.signalNormal(domains);
    }

    @Override
    public void stopVisit(Domain domain) {
        visits.stop(domain);
    }

    @Override
    public void waitAMoment() throws InterruptedException {
        closing.await(settings.timing().moment().toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public AttemptResults results() {
        return results;
    }

    @Override
    public QueueEvents events() {
        return events;
    }

    /** Sends them on a thread where no transaction or connection of the caller is in use. */
    @Override
    public void sendNotices(Collection<String> messages) throws InterruptedException {
        try {
            OwnThread.call(environment.threads(), () -> {
                messages.forEach(noticeSender::send);
                return messages;
            });
        } catch (SQLException e) {
            throw new QueueException("The queue cannot be read: " + DatabaseFailures.describe(e), e);
        }
    }

    /**
     * Stops accepting messages, gives running deliveries the configured time to finish, and then cancels them. Unfinished deliveries are
     * pending, or in doubt if the message may have arrived. Idempotent.
     */
    @Override
    public void close() {
        if (!isOpen()) {
            return;
        }
        closing.countDown();
        dispatcher.close();
        visits.stopAll();
        boolean interrupted = false;
        try {
            scheduler.finish(settings.timing().closeTimeout());
        } catch (InterruptedException e) {
            interrupted = true; // cancel the deliveries without waiting further
        }
        workers.shutdownNow();
        scheduler.cancel();
        scheduler.close();
        database.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
