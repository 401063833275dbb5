// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postroad.api.Domain;
import org.postroad.api.Priority;
import org.postroad.provider.internal.queue.store.Database;
import org.postroad.provider.internal.queue.store.Schema;
import org.postroad.provider.internal.queue.store.Sql;
import org.postroad.provider.internal.queue.store.TestDatabase;
import org.postroad.provider.internal.queue.store.Unclosed;

/** Visits that are picked while the queue closes. */
@Timeout(60)
class DestinationSchedulerTest {

    private static final Domain DOMAIN = Domain.parse("one.test");

    private final CountDownLatch closing = new CountDownLatch(1);

    @TempDir
    Path directory;

    /** Only on PostgreSQL, the scheduler marks tasks as picked before it has a thread for them. */
    @Test
    void queue_aVisitPickedWhileTheQueueClosesIsReturned() throws Exception {
        try (Database database = TestDatabase.POSTGRESQL.open(directory)) {
            Schema.ensure(database, true);
            HeldAfterTaking held = new HeldAfterTaking(database);
            DestinationScheduler scheduler = scheduler(held);
            scheduler.signal(DOMAIN, Priority.NORMAL);
            held.armed = true;
            scheduler.start();
            held.taken.await();
            closing.countDown();
            scheduler.finish(Duration.ofMinutes(1)); // no visit has started
            held.release.countDown();
            scheduler.close();
            assertThat(picked(database)).isEmpty();
        }
    }

    private DestinationScheduler scheduler(HeldAfterTaking held) {
        QueueSettings settings = QueueSettings.DEFAULTS;
        Environment environment = new Environment(InstantSource.system(), new Random(), Thread::new);
        DueSignals signals = new DueSignals(settings.timing().poll(), environment.clock());
        Unclosed database = new Unclosed(held.database) {
            @Override
            public DataSource dataSource() {
                return held.dataSource();
            }
        };
        FakeDeliveryAgent agent = new FakeDeliveryAgent();
        DestinationVisits visits = QueueTesting.visits(
                held.database,
                agent,
                QueueTesting.noticeSender(
                        held.database, agent, settings, environment, Runnable::run, signals::signalNormal),
                new Throttle(settings.limits(), environment.clock()),
                new PaceMeter(environment.clock(), settings.limits().concurrency()),
                settings,
                environment,
                Runnable::run,
                closing);
        HistoryCleaner history = new HistoryCleaner(database, settings.history(), environment.clock(), closing);
        return new DestinationScheduler(database, settings.timing(), environment, visits, signals, history, closing);
    }

    private static List<String> picked(Database database) throws Exception {
        return database.read(connection -> Sql.query(
                connection,
                "SELECT task_instance FROM postroad_task WHERE picked_by IS NOT NULL",
                row -> row.getString(1)));
    }

    /** Blocks the scheduler after it has picked its tasks and before it passes them to threads. */
    private static final class HeldAfterTaking {

        private final Database database;
        private final CountDownLatch taken = new CountDownLatch(1);
        private final CountDownLatch release = new CountDownLatch(1);
        private volatile boolean armed;

        HeldAfterTaking(Database database) {
            this.database = database;
        }

        DataSource dataSource() {
            DataSource real = database.dataSource();
            return proxy(DataSource.class, real);
        }

        private <T> T proxy(Class<T> type, T real) {
            boolean[] takes = new boolean[1];
            return type.cast(Proxy.newProxyInstance(
                    getClass().getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                        if (method.getName().equals("prepareStatement")) {
                            takes[0] |= ((String) arguments[0])
                                    .toLowerCase(Locale.ROOT)
                                    .contains("skip locked");
                        }
                        Object result;
                        try {
                            result = method.invoke(real, arguments);
                        } catch (InvocationTargetException e) {
                            throw e.getTargetException();
                        }
                        if (armed && takes[0] && method.getName().equals("close")) {
                            taken.countDown();
                            release.await();
                        }
                        return result instanceof Connection connection ? proxy(Connection.class, connection) : result;
                    }));
        }
    }
}
