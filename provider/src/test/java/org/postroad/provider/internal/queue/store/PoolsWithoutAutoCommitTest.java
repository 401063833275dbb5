// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postroad.api.Mailbox;
import org.postroad.api.QueueFilter;
import org.postroad.api.QueueOptions;
import org.postroad.provider.internal.envelope.Envelope;
import org.postroad.provider.internal.message.SpooledMessage;
import org.postroad.provider.internal.queue.FakeDeliveryAgent;
import org.postroad.provider.internal.queue.QueueControl;
import org.postroad.provider.internal.queue.QueueManager;
import org.postroad.provider.internal.queue.QueueSettings.Timing;
import org.postroad.provider.internal.queue.QueueTesting;

/** Queues on connection pools with auto-commit off, which many applications use. */
@Timeout(60)
class PoolsWithoutAutoCommitTest extends QueueTesting {

    private static final Mailbox A = Mailbox.parse("a@one.test");
    private static final Mailbox B = Mailbox.parse("b@other.test");

    private static final Timing RARELY =
            new Timing(Duration.ofHours(1), Duration.ofMinutes(1), 20, Duration.ofSeconds(10));

    private static String submit(QueueManager queue, Mailbox... recipients) throws Exception {
        try (SpooledMessage content = content("x")) {
            return queue.submit(
                            Envelope.of(Optional.of(Mailbox.parse("me@sender.test")), List.of(recipients)),
                            content,
                            new QueuedMessage.Labels(Optional.empty(), Optional.empty()),
                            QueueOptions.NONE)
                    .id();
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SQLITE") // its connections are the queue's own
    void queue_mailIsDeliveredWithAPoolInAutoCommitOffMode(TestDatabase kind) throws Exception {
        try (Database database = kind.openWithoutAutoCommit(directory)) {
            agent.answers(mail -> FakeDeliveryAgent.says(250, "2.0.0 ok").apply(mail));
            try (QueueManager queue = open(new Unclosed(database), RARELY)) {
                for (int i = 0; i < 4; i++) {
                    submit(queue, A, B);
                }
                awaitEmpty(queue);
            }
            assertThat(agent.handed()).hasSize(8);
            List<Long> picked = database.read(connection -> Sql.query(
                    connection,
                    "SELECT COUNT(*) FROM postroad_task WHERE picked_by IS NOT NULL",
                    row -> row.getLong(1)));
            assertThat(picked).containsExactly(0L);
        }
        assertThat(log.problems()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SQLITE")
    void queue_changesByAnOperatorAreCommittedWithAPoolInAutoCommitOffMode(TestDatabase kind) throws Exception {
        agent.answers(mail -> FakeDeliveryAgent.says(250, "2.0.0 ok").apply(mail));
        try (QueueManager queue = open(kind.openWithoutAutoCommit(directory), RARELY)) {
            QueueControl control = new QueueControl(queue);
            control.pause(A.domain());
            String id = submit(queue, A);
            assertThat(control.hold(id)).isEqualTo(1);
            assertThat(control.release(id)).isEqualTo(1);
            control.suppress(B, "gone");
            assertThat(control.suppressedAmong(List.of(A, B))).hasSize(1);
            assertThat(control.unsuppress(B)).isTrue();
            assertThat(control.remove(id)).isEqualTo(1);
            assertThat(control.list(QueueFilter.ALL, "", 10)).isEmpty();
            control.resume(A.domain());
            submit(queue, A);
            assertThat(control.drain(Duration.ofMinutes(1))).isTrue();
            assertThat(agent.handed()).hasSize(1);
        }
    }

    /** Detecting the owner of a connection takes a second one, which must not exhaust the pool. */
    @Test
    void queue_manySendersDoNotExhaustAPoolInAutoCommitOffMode() throws Exception {
        agent.answers(mail -> FakeDeliveryAgent.says(250, "2.0.0 ok").apply(mail));
        ExecutorService senders = Executors.newFixedThreadPool(20);
        try (QueueManager queue = open(TestDatabase.H2.openWithoutAutoCommit(directory), RARELY)) {
            CountDownLatch start = new CountDownLatch(1);
            List<Future<String>> sent = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                sent.add(senders.submit(() -> {
                    start.await();
                    return submit(queue, A);
                }));
            }
            start.countDown();
            for (Future<String> one : sent) {
                assertThat(one.get()).isNotEmpty();
            }
            awaitEmpty(queue);
            assertThat(agent.handed()).hasSize(200);
        } finally {
            senders.shutdownNow();
        }
    }

    /** Some pools hand out connections in the state in which the last user left them. */
    @Test
    void queue_aConnectionLeftWithAutoCommitOffIsNotATransaction() throws Exception {
        boolean[] left = {true};
        DataSource application = TestDatabase.H2.dataSource(directory);
        DataSource careless = (DataSource) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> {
                    Connection connection = application.getConnection();
                    connection.setAutoCommit(!left[0]);
                    return connection;
                });
        left[0] = false;
        Database database = TestDatabase.of(careless);
        try (Connection kept = application.getConnection()) { // otherwise H2 closes the database after the last one
            agent.answers(mail -> FakeDeliveryAgent.says(250, "2.0.0 ok").apply(mail));
            try (QueueManager queue = open(database, RARELY)) {
                left[0] = true;
                submit(queue, A);
                awaitEmpty(queue);
                assertThat(agent.handed()).hasSize(1);
            }
            assertThat(kept.isClosed()).isFalse();
        }
    }

    @Test
    void queue_theErrorWithoutASecondConnectionNamesTheCure() throws Exception {
        HikariConfig config = new HikariConfig();
        config.setDataSource(TestDatabase.H2.dataSource(directory));
        config.setAutoCommit(false);
        config.setMaximumPoolSize(1);
        config.setConnectionTimeout(250);
        try (HikariDataSource pool = new HikariDataSource(config)) {
            Database database = TestDatabase.of(pool);
            Schema.ensure(database, true);
            assertThatThrownBy(() -> database.writeForCaller(
                            connection -> Sql.update(connection, "DELETE FROM postroad_suppressed")))
                    .hasMessageContaining("mail.mx.queue.datasource")
                    .hasMessageContaining("Enlarge the pool")
                    .hasMessageContaining("auto-commit");
        }
    }
}
