// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postroad.api.DeliveryEvent;
import org.postroad.api.Family;
import org.postroad.api.HostName;
import org.postroad.api.Mailbox;
import org.postroad.api.QueueOptions;
import org.postroad.api.QueuedMail.State;
import org.postroad.fixtures.FakeSmtpServer;
import org.postroad.fixtures.Transcript;
import org.postroad.provider.internal.config.Settings;
import org.postroad.provider.internal.engine.Engine;
import org.postroad.provider.internal.engine.EngineDeliveryAgent;
import org.postroad.provider.internal.engine.PluginDiscovery;
import org.postroad.provider.internal.envelope.Envelope;
import org.postroad.provider.internal.message.SpooledMessage;
import org.postroad.provider.internal.queue.QueueSettings.DestinationLimits;
import org.postroad.provider.internal.queue.QueueSettings.Timing;
import org.postroad.provider.internal.queue.store.Database;
import org.postroad.provider.internal.queue.store.Polls;
import org.postroad.provider.internal.queue.store.QueuedMessage;
import org.postroad.provider.internal.queue.store.Sql;
import org.postroad.provider.internal.queue.store.TestDatabase;
import org.postroad.spi.DeliveryListener;

/** RETRY-04: late heartbeats alone never make a message arrive twice. */
@Timeout(300)
class DestinationLeaseTest extends QueueTesting {

    private static final int MESSAGES = 50;

    private static final Timing PACE = new Timing(Duration.ofMillis(50), Timing.MIN_LEASE, 20, Duration.ofSeconds(10));

    private final AtomicReference<Duration> step = new AtomicReference<>(Duration.ZERO);
    private final Semaphore going = new Semaphore(0);
    private final CountDownLatch begun = new CountDownLatch(MESSAGES);

    /** The system's clock, plus a step that tests set. */
    private final InstantSource steppedClock = () -> Instant.now().plus(step.get());

    private QueueManager open(Database database, DeliveryAgent delivers) throws Exception {
        QueueSettings settings = new QueueSettings(
                admission,
                retrying,
                new DestinationLimits(MESSAGES, Optional.empty()),
                PACE,
                QueueSettings.Bounces.SENDER);
        Environment environment = new Environment(steppedClock, new Random(), task -> {
            Thread thread = new Thread(task, "test");
            thread.setDaemon(true);
            return thread;
        });
        return new QueueManager(database, delivers, settings, environment);
    }

    private static void submit(QueueManager queue, int number, String... recipients) throws Exception {
        try (SpooledMessage content = content("Subject: " + number + "\r\n\r\nx\r\n")) {
            queue.submit(
                    Envelope.of(
                            Optional.of(Mailbox.parse("me@client.test")),
                            List.of(recipients).stream().map(Mailbox::parse).toList()),
                    content,
                    new QueuedMessage.Labels(Optional.empty(), Optional.empty()),
                    QueueOptions.NONE);
        }
    }

    private void deliverWhenAllowed() {
        agent.answers(mail -> {
            begun.countDown();
            going.acquire();
            return FakeDeliveryAgent.says(250, "2.0.0 ok").apply(mail);
        });
    }

    private static int attempts(QueueManager queue) {
        return queue.readForCaller(
                connection -> Sql.query(connection, "SELECT MAX(attempts) FROM postroad_delivery", row -> row.getInt(1))
                        .get(0));
    }

    /** As after a suspension of the machine: the heartbeats are older than the lease, and the next ones fail. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SQLITE")
    void RETRY_04_aProcessNeverTakesOverItsOwnRunningDelivery(TestDatabase kind) throws Exception {
        deliverWhenAllowed();
        FailingHeartbeats database = new FailingHeartbeats(kind.open(directory));
        try (QueueManager queue = open(database, agent)) {
            for (int i = 0; i < MESSAGES; i++) {
                submit(queue, i, "a@one.test");
            }
            begun.await();
            database.held = true;
            step.set(Duration.ofHours(1));
            database.awaitSearches(3); // the first may have begun earlier
            assertThat(agent.handed()).hasSize(MESSAGES);
            assertThat(attempts(queue)).isEqualTo(1);
            database.held = false;
            going.release(MESSAGES);
            awaitEmpty(queue);
        }
        assertThat(agent.handed()).hasSize(MESSAGES);
    }

    /** An SQLite file has only one process. */
    @Test
    void RETRY_04_aFileOfOneProcessIsNotSearchedForDeadProcesses() throws Exception {
        deliverWhenAllowed();
        FailingHeartbeats database = new FailingHeartbeats(TestDatabase.SQLITE.open(directory));
        CountDownLatch polls = new CountDownLatch(2 * (int) PACE.lease().dividedBy(PACE.poll()));
        try (QueueManager queue = open(new Polls(database, polls), agent)) {
            for (int i = 0; i < MESSAGES; i++) {
                submit(queue, i, "a@one.test");
            }
            begun.await();
            step.set(Duration.ofHours(1));
            polls.await();
            assertThat(database.heartbeats).hasValue(0);
            assertThat(database.searches.get()).isLessThanOrEqualTo(1); // at the start, when nothing is in progress
            going.release(MESSAGES);
            awaitEmpty(queue);
        }
        assertThat(agent.handed()).hasSize(MESSAGES);
    }

    /** Another process took over the visit and its delivery, and released them again: this process gets both back. */
    @ParameterizedTest
    @EnumSource(names = {"H2", "POSTGRESQL", "MARIADB"})
    void RETRY_04_aRepeatedVisitWaitsForTheEndOfTheFirst(TestDatabase kind) throws Exception {
        CountDownLatch first = new CountDownLatch(1);
        agent.answers(mail -> {
            first.countDown();
            going.acquire();
            return FakeDeliveryAgent.says(250, "2.0.0 ok").apply(mail);
        });
        try (QueueManager queue = open(kind.open(directory), agent)) {
            submit(queue, 1, "a@one.test");
            first.await();
            queue.writeForCaller(connection -> {
                Sql.update(connection, "UPDATE postroad_delivery SET state = ?, in_doubt = 1", State.OPEN);
                return Sql.update(
                        connection,
                        "UPDATE postroad_task SET picked = FALSE, picked_by = NULL, last_heartbeat = NULL, version = version + 10");
            });
            while (!queue.readForCaller(connection ->
                    Sql.exists(connection, "SELECT 1 FROM postroad_task WHERE picked = TRUE AND version > 10"))) {
                spin();
            }
            assertThat(agent.handed()).hasSize(1);
            going.release();
            awaitEmpty(queue);
            assertThat(agent.handed()).hasSize(1);
        }
        assertThat(log.problems()).isEmpty();
    }

    /** An engine with a real server. Each connection is held before it is opened. */
    private final class TestServer implements AutoCloseable {

        private final FakeSmtpServer server = FakeSmtpServer.start("mx", Family.IPV4, new Transcript());
        private final Properties properties = new Properties();
        private final Engine engine;
        private final PluginDiscovery plugins;

        TestServer(String... keywords) throws Exception {
            server.keywords(keywords);
            properties.setProperty("mail.mx.localhost", "client.test");
            properties.setProperty("mail.mx.routes", "*=[127.0.0.1]:" + server.port());
            properties.setProperty("mail.mx.maxconnectionsperhost", String.valueOf(MESSAGES));
            // An address that has not answered yet is limited to a share of all connections.
            properties.setProperty("mail.mx.maxconnections", String.valueOf(100 * MESSAGES));
            properties.setProperty("mail.mx.maxrecipients", "1");
            properties.put("mail.mx.listener", (DeliveryListener) event -> {
                if (event instanceof DeliveryEvent.Connecting) {
                    begun.countDown();
                    going.acquireUninterruptibly();
                }
            });
            engine = new Engine(Settings.read(properties));
            plugins = new PluginDiscovery(properties);
        }

        DeliveryAgent agent() {
            return new EngineDeliveryAgent(engine, HostName.parse("client.test"), plugins.plugins());
        }

        List<String> subjects() {
            return server.received().stream()
                    .map(message -> message.text().lines().findFirst().orElseThrow())
                    .toList();
        }

        @Override
        public void close() throws Exception {
            going.release(10 * MESSAGES);
            engine.close();
            plugins.close();
            server.close();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SQLITE", "H2", "POSTGRESQL"})
    void RETRY_04_eachMessageIsSentOnceHoweverLateTheHeartbeatsAre(TestDatabase kind) throws Exception {
        FailingHeartbeats database = new FailingHeartbeats(kind.open(directory));
        try (TestServer stage = new TestServer("PIPELINING");
                QueueManager queue = open(database, stage.agent())) {
            for (int i = 0; i < MESSAGES; i++) {
                submit(queue, i, "a@one.test");
            }
            begun.await();
            database.held = true;
            step.set(Duration.ofHours(1));
            if (kind != TestDatabase.SQLITE) {
                database.awaitSearches(3);
                going.release(MESSAGES); // all of them proceed to their content and wait there
                database.awaitSearches(1);
                assertThat(stage.subjects()).isEmpty();
                database.held = false;
            }
            going.release(MESSAGES);
            awaitEmpty(queue);
            assertThat(stage.subjects())
                    .containsExactlyInAnyOrderElementsOf(IntStream.range(0, MESSAGES)
                            .mapToObj(i -> "Subject: " + i)
                            .toList());
        }
    }

    /** Another process recovered the delivery, and may have begun the next attempt. */
    @ParameterizedTest
    @ValueSource(strings = {"state = 'OPEN', in_doubt = 1", "attempts = attempts + 1", "state = 'HELD', in_doubt = 1"})
    void RETRY_04_aProcessThatWasTakenOverSendsNoContent(String otherProcess) throws Exception {
        Database database = TestDatabase.H2.open(directory);
        try (TestServer stage = new TestServer("PIPELINING", "CHUNKING");
                QueueManager queue = open(database, stage.agent())) {
            new QueueControl(queue).pause(Mailbox.parse("a@one.test").domain());
            new QueueControl(queue).resume(Mailbox.parse("a@one.test").domain());
            submit(queue, 1, "a@one.test");
            while (begun.getCount() == MESSAGES) {
                spin();
            }
            new QueueControl(queue)
                    .pause(Mailbox.parse("a@one.test").domain()); // so that this process makes no second attempt
            queue.writeForCaller(connection -> Sql.update(connection, "UPDATE postroad_delivery SET " + otherProcess));
            going.release(MESSAGES);
            while (queue.counters().deliveriesAttempted() == 0) {
                spin();
            }
            assertThat(stage.subjects()).isEmpty();
            assertThat(stage.server.connections()).isEqualTo(1);
            assertThat(size(queue)).isEqualTo(1);
        }
    }

    @Test
    void RETRY_04_aProcessThatIsTakenOverStopsBetweenTransactions() throws Exception {
        Database database = TestDatabase.H2.open(directory);
        try (TestServer stage = new TestServer();
                QueueManager queue = open(database, stage.agent())) {
            // The takeover happens at the reply to the first end of data.
            going.release(MESSAGES);
            CountDownLatch taken = new CountDownLatch(1);
            Thread other = new Thread(() -> {
                while (stage.server.received().isEmpty()) {
                    spin();
                }
                try {
                    queue.writeForCaller(connection -> Sql.update(
                            connection, "UPDATE postroad_delivery SET attempts = attempts + 1, state = 'HELD'"));
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
                step.set(Duration.ofSeconds(1)); // the earlier check of the row is no longer valid
                taken.countDown();
            });
            other.setDaemon(true);
            other.start();
            submit(
                    queue,
                    1,
                    IntStream.range(0, 40).mapToObj(i -> "r" + i + "@one.test").toArray(String[]::new));
            taken.await();
            while (queue.counters().deliveriesAttempted() == 0) {
                spin();
            }
            assertThat(stage.subjects().size()).isLessThan(40);
        }
    }
}
