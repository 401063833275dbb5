// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postroad.api.Domain;
import org.postroad.api.Mailbox;
import org.postroad.api.Priority;
import org.postroad.api.QueueOptions;
import org.postroad.api.QueuedMail.State;
import org.postroad.provider.internal.envelope.Envelope;
import org.postroad.provider.internal.message.SpooledMessage;
import org.postroad.provider.internal.queue.QueueSettings.DestinationLimits;
import org.postroad.provider.internal.queue.QueueSettings.Timing;
import org.postroad.provider.internal.queue.store.Database;
import org.postroad.provider.internal.queue.store.NewMessages;
import org.postroad.provider.internal.queue.store.QueueRows;
import org.postroad.provider.internal.queue.store.QueuedMessage;
import org.postroad.provider.internal.queue.store.RetryingDatabase;
import org.postroad.provider.internal.queue.store.Schema;
import org.postroad.provider.internal.queue.store.Sql;
import org.postroad.provider.internal.queue.store.TestDatabase;

/** Which of the due deliveries is next. Everything is counted, not measured. */
@Timeout(300)
class PriorityTest extends QueueTesting {

    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
    private static final Domain ONE = Domain.parse("one.test");

    private int messages;

    private Database opened(TestDatabase kind) throws Exception {
        Database database = kind.open(directory);
        Schema.ensure(database, true);
        return database;
    }

    /** Adds deliveries without content. Their ids begin with the priority. */
    private void add(Database database, Priority priority, int count) throws Exception {
        database.write(connection -> {
            for (int i = 0; i < count; i++) {
                add(
                        connection,
                        ONE,
                        priority,
                        State.OPEN,
                        NOW.minusSeconds(1000).plusMillis(messages));
            }
            return true;
        });
    }

    private String add(Connection connection, Domain domain, Priority priority, State state, Instant dueAt)
            throws SQLException {
        String id = priority + "-" + (100_000 + messages++);
        Sql.update(
                connection,
                "INSERT INTO postroad_message (id, queued_at, expires_at, tls, size, eight_bit, utf8_header, longest_line, nul, dkim)"
                        + " VALUES (?, 0, 0, 'NONE', 0, 0, 0, 0, 0, 0)",
                id);
        Sql.update(
                connection,
                "INSERT INTO postroad_delivery (message_id, domain, state, due_at, attempts, in_doubt, warned, priority)"
                        + " VALUES (?, ?, ?, ?, 0, 0, 0, ?)",
                id,
                domain,
                state,
                dueAt.toEpochMilli(),
                priority.ordinal());
        return id;
    }

    private static DueDeliveries due(Database database) {
        DueTimes times = new DueTimes(InstantSource.fixed(NOW), QueueSettings.Retrying.DEFAULTS);
        return new DueDeliveries(ONE, new RetryingDatabase(database, new CountDownLatch(1)), times, new Random(1));
    }

    /** Takes the next delivery, and removes it as if it had been delivered. */
    private static Priority deliver(Database database, DueDeliveries due) throws Exception {
        String id = due.take().orElseThrow();
        database.write(connection -> Sql.update(connection, "DELETE FROM postroad_message WHERE id = ?", id));
        due.release(id);
        return Priority.valueOf(id.substring(0, id.indexOf('-')));
    }

    @Test
    void queue_aHighMessageIsAmongTheNextBehindTenThousandLowOnes() throws Exception {
        try (Database database = opened(TestDatabase.SQLITE)) {
            add(database, Priority.LOW, 10_000);
            DueDeliveries due = due(database);
            for (int i = 0; i < 50; i++) {
                assertThat(deliver(database, due)).isEqualTo(Priority.LOW);
            }
            add(database, Priority.HIGH, 1);
            due.moreDue(Priority.HIGH);
            List<Priority> next = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                next.add(deliver(database, due));
            }
            assertThat(next).contains(Priority.HIGH);
        }
    }

    /** Returns how many of 2000 deliveries had each priority, while the given ones are added as fast as they are delivered. */
    private Map<Priority, Integer> shares(Database database, Priority... streams) throws Exception {
        Map<Priority, Integer> delivered = new EnumMap<>(Priority.class);
        DueDeliveries due = due(database);
        for (int i = 0; i < 2000; i++) {
            for (Priority stream : streams) {
                if (i % 10 == 0) {
                    add(database, stream, 10);
                    due.moreDue(stream);
                }
            }
            delivered.merge(deliver(database, due), 1, Integer::sum);
        }
        return delivered;
    }

    @Test
    void queue_withASteadyStreamOfHighMailTheOthersHaveTheirShares() throws Exception {
        try (Database database = opened(TestDatabase.SQLITE)) {
            Map<Priority, Integer> shares = shares(database, Priority.HIGH, Priority.NORMAL, Priority.LOW);
            assertThat(shares.get(Priority.HIGH)).isBetween(1400, 1600); // 15 of 20
            assertThat(shares.get(Priority.NORMAL)).isBetween(330, 470); // 4 of 20
            assertThat(shares.get(Priority.LOW)).isBetween(65, 135); // 1 of 20
        }
    }

    @Test
    void queue_withoutNormalMailItsShareBelongsToTheHighest() throws Exception {
        try (Database database = opened(TestDatabase.SQLITE)) {
            Map<Priority, Integer> shares = shares(database, Priority.HIGH, Priority.LOW);
            assertThat(shares.get(Priority.LOW)).isBetween(65, 135);
            assertThat(shares.get(Priority.HIGH)).isEqualTo(2000 - shares.getOrDefault(Priority.LOW, 0));
        }
    }

    /** More high messages than are read at a time are not taken for all. */
    @Test
    void queue_aLaneThatIsReadInPartIsReadOn() throws Exception {
        try (Database database = opened(TestDatabase.SQLITE)) {
            int many = DueDeliveries.MAX_DUE * 5;
            add(database, Priority.LOW, many);
            add(database, Priority.HIGH, many);
            DueDeliveries due = due(database);
            Map<Priority, Integer> delivered = new EnumMap<>(Priority.class);
            for (int i = 0; i < many; i++) {
                delivered.merge(deliver(database, due), 1, Integer::sum);
            }
            assertThat(delivered.get(Priority.HIGH)).isGreaterThan(many * 9 / 10);
            assertThat(delivered.get(Priority.LOW)).isPositive();
        }
    }

    @Test
    void queue_mailOfOnePriorityIsDeliveredInOrder() throws Exception {
        try (Database database = opened(TestDatabase.SQLITE)) {
            add(database, Priority.NORMAL, DueDeliveries.MAX_DUE + 50);
            DueDeliveries due = due(database);
            List<String> taken = new ArrayList<>();
            for (Optional<String> next = due.take(); next.isPresent(); next = due.take()) {
                taken.add(next.get());
                String id = next.get();
                database.write(connection -> Sql.update(connection, "DELETE FROM postroad_message WHERE id = ?", id));
            }
            assertThat(taken).hasSize(DueDeliveries.MAX_DUE + 50).isSorted();
        }
    }

    @ParameterizedTest
    @EnumSource
    void queue_whatIsDueIsFoundByPriorityAndTime(TestDatabase kind) throws Exception {
        Instant horizon = NOW.plus(Duration.ofHours(5));
        Domain other = Domain.parse("other.test");
        try (Database database = opened(kind)) {
            List<String> ids = database.write(connection -> List.of(
                    add(connection, ONE, Priority.HIGH, State.OPEN, NOW),
                    add(connection, ONE, Priority.HIGH, State.OPEN, NOW.plusMillis(1)),
                    add(connection, ONE, Priority.LOW, State.FUTURE, NOW),
                    add(connection, ONE, Priority.LOW, State.FUTURE, NOW.plusMillis(1)),
                    add(connection, ONE, Priority.LOW, State.FUTURE, horizon.plusMillis(1)),
                    add(connection, ONE, Priority.NORMAL, State.OPEN, horizon.plusMillis(1)), // a clock was ahead
                    add(connection, ONE, Priority.NORMAL, State.HELD, NOW),
                    add(connection, other, Priority.LOW, State.FUTURE, NOW.plusMillis(1)),
                    add(connection, other, Priority.NORMAL, State.TRYING, NOW)));
            QueueRows.Window window = new QueueRows.Window(NOW, horizon);
            Map<Priority, List<String>> due = database.read(connection -> QueueRows.due(connection, ONE, window, 10));
            assertThat(due)
                    .containsEntry(Priority.HIGH, List.of(ids.get(0)))
                    .containsEntry(Priority.NORMAL, List.of(ids.get(5)))
                    .containsEntry(Priority.LOW, List.of(ids.get(2)));
            List<QueueRows.WaitingDomain> waitingDomains =
                    database.read(connection -> QueueRows.waiting(connection, window, 10));
            assertThat(waitingDomains)
                    .extracting(waiting -> waiting.domain() + " " + waiting.priority())
                    .containsExactlyInAnyOrder("one.test HIGH", "one.test NORMAL", "one.test LOW", "other.test NORMAL");
            Optional<Instant> next = database.read(connection -> QueueRows.nextDue(connection, ONE));
            assertThat(next).contains(NOW);
            next = database.read(connection -> QueueRows.nextDue(connection, other));
            assertThat(next).contains(NOW.plusMillis(1));
        }
    }

    /** SQLite's query plans show whether rows of other destinations and times are read. */
    @Test
    void queue_whatIsDueIsReadByAnIndex() throws Exception {
        try (Database database = opened(TestDatabase.SQLITE)) {
            List<String> plan = database.read(connection ->
                    Sql.query(connection, "EXPLAIN QUERY PLAN " + QueueRows.ALL_DUE, row -> row.getString("detail")));
            assertThat(plan)
                    .filteredOn(step -> step.contains("postroad_delivery"))
                    .hasSize(6)
                    .allSatisfy(step -> assertThat(step)
                            .startsWith("SEARCH postroad_delivery USING COVERING INDEX postroad_delivery_lane"
                                    + " (domain=? AND state=? AND priority=?"));
        }
    }

    private static Mailbox at(String domain) {
        return Mailbox.parse("a@" + domain);
    }

    private static void submit(QueueManager queue, Priority priority, String domain) throws Exception {
        try (SpooledMessage content = content("x")) {
            queue.submit(
                    Envelope.of(Optional.empty(), List.of(at(domain))),
                    content,
                    new QueuedMessage.Labels(Optional.empty(), Optional.empty()),
                    QueueOptions.NONE.withPriority(priority));
        }
    }

    /** Adds a message as another process does, which cannot signal it. */
    private static void addUnsignalled(Database database, QueueManager queue, Priority priority, String domain)
            throws Exception {
        QueueOptions options = QueueOptions.NONE.withPriority(priority);
        try (SpooledMessage content = content("x")) {
            Envelope envelope = Envelope.of(Optional.empty(), List.of(at(domain)));
            QueuedMessage message = admission(queue)
                    .admit(envelope, content, new QueuedMessage.Labels(Optional.empty(), Optional.empty()), options);
            database.write(connection -> new NewMessages(database.dialect(), true)
                    .add(connection, message, content::openStream, envelope.recipients(), options));
        }
    }

    private static void awaitScheduled(QueueManager queue, String domain) {
        while (!read(
                queue,
                connection -> Sql.exists(connection, "SELECT 1 FROM postroad_task WHERE task_instance = ?", domain))) {
            spin();
        }
    }

    /** Adds a message to the queue. */
    @FunctionalInterface
    private interface Submission {
        void of(Database database, QueueManager queue, Priority priority, String domain) throws Exception;
    }

    /** One destination can be visited at a time, and one has much to deliver: the others get their turns, the highest priority first. */
    private void assertTurns(TestDatabase kind, Duration poll, Submission submission) throws Exception {
        int low = DeliveryWorkers.TURN * 3;
        limits = new DestinationLimits(1, Optional.empty());
        AtomicInteger delivered = new AtomicInteger();
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch scheduled = new CountDownLatch(1);
        agent.answers(mail -> {
            if (delivered.incrementAndGet() == 10) {
                scheduled.await();
            }
            order.add(mail.recipients().get(0).domain().toString());
            return FakeDeliveryAgent.says(250, "2.0.0 ok").apply(mail);
        });
        Timing oneAtATime = new Timing(poll, Duration.ofMinutes(1), 1, Duration.ofSeconds(10));
        Database database = kind.open(directory);
        try (QueueManager queue = open(database, oneAtATime)) {
            new QueueControl(queue).pause(Domain.parse("low.test"));
            for (int i = 0; i < low; i++) {
                submit(queue, Priority.LOW, "low.test");
            }
            new QueueControl(queue).resume(Domain.parse("low.test"));
            while (delivered.get() < 10) {
                spin();
            }
            submission.of(database, queue, Priority.NORMAL, "normal.test");
            awaitScheduled(queue, "normal.test");
            submission.of(database, queue, Priority.HIGH, "high.test");
            awaitScheduled(queue, "high.test");
            scheduled.countDown();
            awaitEmpty(queue);
        }
        assertThat(order).hasSize(low + 2);
        assertThat(order.indexOf("high.test")).isEqualTo(DeliveryWorkers.TURN);
        assertThat(order.indexOf("normal.test")).isEqualTo(DeliveryWorkers.TURN + 1);
    }

    /** The poll never comes, so that only signals can have the order. */
    @ParameterizedTest
    @EnumSource
    void queue_destinationsTakeTurnsTheHighestPriorityFirst(TestDatabase kind) throws Exception {
        assertTurns(kind, Duration.ofHours(1), (database, queue, priority, domain) -> submit(queue, priority, domain));
    }

    @ParameterizedTest
    @EnumSource
    void queue_mailOfOtherProcessesHasItsPriority(TestDatabase kind) throws Exception {
        assertTurns(kind, Duration.ofMillis(50), PriorityTest::addUnsignalled);
    }
}
