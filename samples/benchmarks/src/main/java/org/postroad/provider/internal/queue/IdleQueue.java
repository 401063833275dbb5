// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import javax.sql.DataSource;
import org.postroad.api.DeliveryEvent;
import org.postroad.api.Domain;
import org.postroad.api.DomainReport;
import org.postroad.api.Host;
import org.postroad.api.HostName;
import org.postroad.provider.internal.deliver.MailObject;
import org.postroad.provider.internal.log.DeliveryLog;
import org.postroad.provider.internal.queue.store.Database;
import org.postroad.provider.internal.queue.store.Databases;
import org.postroad.provider.internal.queue.store.Dialect;

/** Counts how often an empty queue accesses its database. */
public final class IdleQueue {

    private IdleQueue() {}

    /**
     * The counts.
     *
     * @param reads reads by the queue
     * @param scheduler connections taken by db-scheduler, each for one or several statements
     * @param writes writes by the queue
     */
    public record Counts(long reads, long scheduler, long writes) {}

    /** Runs an idle queue with default settings for this long. */
    public static Counts watch(Path file, Duration time) throws InterruptedException {
        Counting database = new Counting(Databases.inFile("jdbc:sqlite:" + file));
        Environment environment = new Environment(InstantSource.system(), new SecureRandom(), work -> {
            Thread thread = new Thread(work, "benchmark-idle-queue");
            thread.setDaemon(true);
            return thread;
        });
        try (QueueManager idle = new QueueManager(database, new Nobody(), QueueSettings.DEFAULTS, environment)) {
            Counts before = database.counts();
            boolean open = !new CountDownLatch(1).await(time.toNanos(), TimeUnit.NANOSECONDS) && idle.isOpen();
            Counts after = database.counts();
            if (!open) {
                throw new IllegalStateException("The queue was closed in the meantime");
            }
            return new Counts(
                    after.reads - before.reads, after.scheduler - before.scheduler, after.writes - before.writes);
        }
    }

    private static final class Nobody implements DeliveryAgent {

        @Override
        public DomainReport deliver(MailObject mail, RetryHints way) {
            throw new IllegalStateException("There is nothing to deliver");
        }

        @Override
        public String destinationKey(Domain domain) {
            throw new IllegalStateException("There is nothing to deliver");
        }

        @Override
        public void notifyListener(DeliveryEvent event) {
            throw new IllegalStateException("There is no event to report");
        }

        @Override
        public DeliveryLog log() {
            return new DeliveryLog(false);
        }

        @Override
        public Host localHost() {
            return HostName.parse("client.test");
        }
    }

    private static final class Counting implements Database {

        private final Database database;
        private final LongAdder reads = new LongAdder();
        private final LongAdder scheduler = new LongAdder();
        private final LongAdder writes = new LongAdder();

        Counting(Database database) {
            this.database = database;
        }

        Counts counts() {
            return new Counts(reads.sum(), scheduler.sum(), writes.sum());
        }

        @Override
        public <T> T write(Work<T> work) throws SQLException, InterruptedException {
            writes.increment();
            return database.write(work);
        }

        @Override
        public <T> T read(Work<T> work) throws SQLException {
            reads.increment();
            return database.read(work);
        }

        @Override
        public void clearStaleLeases() throws InterruptedException {
            database.clearStaleLeases();
        }

        @Override
        public DataSource dataSource() {
            DataSource counted = database.dataSource();
            return (DataSource) Proxy.newProxyInstance(
                    IdleQueue.class.getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> {
                        if (method.getName().equals("getConnection")) {
                            scheduler.increment();
                        }
                        try {
                            return method.invoke(counted, arguments);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    });
        }

        @Override
        public String description() {
            return database.description();
        }

        @Override
        public Dialect dialect() {
            return database.dialect();
        }

        @Override
        public void close() {
            database.close();
        }
    }
}
