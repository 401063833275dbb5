// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.postroad.api.DeliveryEvent;
import org.postroad.api.Domain;
import org.postroad.provider.internal.log.DeliveryLog;
import org.postroad.provider.internal.queue.store.ClockComparison;
import org.postroad.provider.internal.queue.store.Database;
import org.postroad.provider.internal.queue.store.DatabaseFailures;
import org.postroad.provider.internal.queue.store.OwnThread;
import org.postroad.provider.internal.queue.store.QueueException;
import org.postroad.provider.internal.queue.store.Schema;

/**
 * A queue that other processes deliver, for {@link QueueControl}. Changes are written to the tables; the delivering processes find them by
 * their poll. Creates and upgrades no table, and delivers nothing. Owns no thread. Thread-safe.
 */
public final class AttachedQueue implements ControlledQueue, AutoCloseable {

    private final Database database;
    private final QueueSettings settings;
    private final Environment environment;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final QueueCounters counters = new QueueCounters();
    private final QueueEvents events;
    private final AttemptResults results;
    private final CallerAccess access;

    /**
     * Attaches to a queue.
     *
     * @param database owned by this object from here on, even if attaching fails
     * @param listener receives the events of changes made here; does not throw
     * @throws QueueException if the tables are missing or have another version, or the clocks differ too much; nothing was changed
     */
    public AttachedQueue(
            Database database,
            Consumer<DeliveryEvent> listener,
            DeliveryLog log,
            QueueSettings settings,
            Environment environment)
            throws InterruptedException {
        this.database = database;
        this.settings = settings;
        this.environment = environment;
        this.events =
                new QueueEvents(listener, log, settings.bounces() == QueueSettings.Bounces.SENDER, environment.clock());
        // What an operator ends here counts in no process.
        this.results = new AttemptResults(settings, (delivery, decision) -> {}, events, environment);
        this.access = new CallerAccess(database, closing, () -> {});
        boolean attached = false;
        try {
            // On a thread of its own, because the caller may be in a transaction.
            OwnThread.call(environment.threads(), this::check);
            attached = true;
        } catch (SQLException e) {
            throw new QueueException(
                    "The queue in " + database.description() + " cannot be read: " + DatabaseFailures.describe(e), e);
        } finally {
            if (!attached) {
                database.close();
            }
        }
    }

    private boolean check() throws SQLException {
        Schema.check(database);
        ClockComparison.check(database, environment.clock(), settings.timing().lease());
        return true;
    }

    @Override
    public CallerAccess access() {
        return access;
    }

    /** Writes, unless another process has upgraded the tables. */
    @Override
    public <T> T writeForCaller(Database.Work<T> work, Consumer<T> committed) throws InterruptedException {
        return access.write(connection -> checked(connection, work), committed);
    }

    private <T> T checked(Connection connection, Database.Work<T> work) throws SQLException {
        Schema.check(database, connection);
        return work.run(connection);
    }

    @Override
    public Instant now() {
        return environment.clock().instant();
    }

    @Override
    public QueueCounters counters() {
        return counters;
    }

    @Override
    public QueueEvents events() {
        return events;
    }

    @Override
    public AttemptResults results() {
        return results;
    }

    /** Does nothing: the delivering processes poll the tables. */
    @Override
    public void signal(Collection<Domain> domains) {}

    /** Does nothing: the delivering processes poll the tables. */
    @Override
    public void stopVisit(Domain domain) {}

    /** Does nothing: the delivering processes poll the tables. */
    @Override
    public void sendNotices(Collection<String> messages) {}

    @Override
    public void waitAMoment() throws InterruptedException {
        closing.await(settings.timing().moment().toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Closes the database. Idempotent. */
    @Override
    public void close() {
        closing.countDown();
        database.close();
    }
}
