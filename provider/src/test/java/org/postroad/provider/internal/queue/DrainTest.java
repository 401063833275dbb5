// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postroad.api.Domain;
import org.postroad.api.Mailbox;
import org.postroad.api.QueueDestination;
import org.postroad.api.QueueOptions;
import org.postroad.provider.internal.envelope.Envelope;
import org.postroad.provider.internal.message.SpooledMessage;
import org.postroad.provider.internal.queue.QueueSettings.Timing;
import org.postroad.provider.internal.queue.store.Database;
import org.postroad.provider.internal.queue.store.DestinationRows;
import org.postroad.provider.internal.queue.store.Dialect;
import org.postroad.provider.internal.queue.store.QueueListing;
import org.postroad.provider.internal.queue.store.QueueRows;
import org.postroad.provider.internal.queue.store.QueuedMessage;
import org.postroad.provider.internal.queue.store.Schema;
import org.postroad.provider.internal.queue.store.Sql;
import org.postroad.provider.internal.queue.store.TestDatabase;

/** Operators' actions keep their time limit, however many destinations there are. */
@Timeout(300)
class DrainTest extends QueueTesting {

    private static final int DOMAINS = 2000;

    /** How far the virtual clock advances with each use of the database. */
    private static final Duration TICK = Duration.ofMillis(10);

    private final AtomicLong uses = new AtomicLong();
    private final Thread caller = Thread.currentThread();
    private final AtomicLong usesOfCaller =
            new AtomicLong(); // the use by the queue's own threads depends on the machine
    private final Instant start = Instant.now(); // a queue is not opened if its clock differs from the database's
    private final InstantSource tickingClock = () -> start.plus(TICK.multipliedBy(uses.get()));

    private void tick() {
        uses.incrementAndGet();
        if (Thread.currentThread() == caller) {
            usesOfCaller.incrementAndGet();
        }
    }

    private final class Ticking implements Database {

        private final Database database;

        Ticking(Database database) {
            this.database = database;
        }

        @Override
        public <T> T write(Work<T> work) throws SQLException, InterruptedException {
            tick();
            return database.write(work);
        }

        @Override
        public <T> T read(Work<T> work) throws SQLException {
            tick();
            return database.read(work);
        }

        @Override
        public void clearStaleLeases() throws InterruptedException {
            database.clearStaleLeases();
        }

        @Override
        public DataSource dataSource() {
            return database.dataSource();
        }

        @Override
        public Dialect dialect() {
            return database.dialect();
        }

        @Override
        public String description() {
            return database.description();
        }

        @Override
        public void close() {
            database.close();
        }
    }

    private QueueManager openOn(Database database) throws Exception {
        QueueSettings settings = new QueueSettings(
                admission,
                retrying,
                limits,
                new Timing(Duration.ofHours(1), Duration.ofMinutes(1), 20, Duration.ofSeconds(10)),
                QueueSettings.Bounces.NONE);
        return new QueueManager(database, agent, settings, new Environment(tickingClock, new Random(), task -> {
            Thread thread = new Thread(task, "test");
            thread.setDaemon(true);
            return thread;
        }));
    }

    /** Adds a message to many destinations, all of them paused and due later. */
    private static void fill(QueueManager queue, int domains, long dueAt) throws Exception {
        List<Mailbox> recipients = IntStream.range(0, domains)
                .mapToObj(i -> Mailbox.parse("a@d" + i + ".test"))
                .toList();
        for (Mailbox recipient : recipients) {
            queue.writeForCaller(connection -> {
                DestinationRows.pause(connection, recipient.domain(), true);
                return recipient;
            });
        }
        try (SpooledMessage content = content("Subject: x\r\n\r\nx\r\n")) {
            queue.submit(
                    Envelope.of(Optional.empty(), recipients),
                    content,
                    new QueuedMessage.Labels(Optional.empty(), Optional.empty()),
                    QueueOptions.NONE);
        }
        queue.writeForCaller(connection -> Sql.update(connection, "UPDATE postroad_delivery SET due_at = " + dueAt));
    }

    @Test
    void queue_drainKeepsItsTimeLimitWithManyDestinations() throws Exception {
        try (QueueManager queue = openOn(new Ticking(TestDatabase.SQLITE.open(directory)))) {
            fill(queue, DOMAINS, start.plus(Duration.ofDays(1)).toEpochMilli());
            long before = usesOfCaller.get();
            assertThat(new QueueControl(queue).drain(TICK.multipliedBy(10))).isFalse();
            // Without a limit there would be three uses for each page of 50.
            assertThat(usesOfCaller.get() - before).isLessThan(30);
        }
    }

    @ParameterizedTest
    @EnumSource
    void queue_drainMakesManyDueInSlices(TestDatabase kind) throws Exception {
        Domain domain = Domain.parse("one.test");
        try (QueueManager queue = openOn(new Ticking(kind.open(directory)))) {
            new QueueControl(queue).pause(domain);
            int messages = QueueRows.DUE_BATCH + 5;
            queue.writeForCaller(connection -> {
                for (int i = 0; i < messages; i++) {
                    Sql.update(
                            connection,
                            "INSERT INTO postroad_message (id, queued_at, expires_at, tls, size, eight_bit, utf8_header, longest_line,"
                                    + " nul, dkim) VALUES (?, 0, 0, 'NONE', 0, 0, 0, 0, 0, 0)",
                            "m" + i);
                    Sql.update(
                            connection,
                            "INSERT INTO postroad_delivery (message_id, domain, state, due_at, attempts, in_doubt, warned)"
                                    + " VALUES (?, ?, 'OPEN', ?, 0, 0, 0)",
                            "m" + i,
                            domain,
                            start.plusSeconds(i + 1).toEpochMilli());
                }
                return messages;
            });
            assertThat(makeDue(queue, domain)).isTrue();
            assertThat(due(queue)).isEqualTo(QueueRows.DUE_BATCH);
            assertThat(makeDue(queue, domain)).isFalse();
            assertThat(due(queue)).isEqualTo(messages);
        }
    }

    private boolean makeDue(QueueManager queue, Domain domain) throws Exception {
        return queue.writeForCaller(connection -> QueueRows.makeDue(connection, domain, start));
    }

    private long due(QueueManager queue) {
        return queue.readForCaller(connection -> Sql.query(
                        connection,
                        "SELECT COUNT(*) FROM postroad_delivery WHERE due_at = " + start.toEpochMilli(),
                        row -> row.getLong(1))
                .get(0));
    }

    @ParameterizedTest
    @EnumSource
    void queue_pagesOfDestinationsContainEachOnce(TestDatabase kind) throws Exception {
        try (QueueManager queue = openOn(new Ticking(kind.open(directory)))) {
            fill(queue, 30, start.toEpochMilli());
            new QueueControl(queue).pause(Domain.parse("empty.test"));
            List<QueueDestination> all = new ArrayList<>();
            List<QueueDestination> page = new QueueControl(queue).destinations("", 7);
            while (!page.isEmpty()) {
                all.addAll(page);
                page = new QueueControl(queue)
                        .destinations(page.get(page.size() - 1).domain().toString(), 7);
            }
            assertThat(all).hasSize(31).doesNotHaveDuplicates();
            assertThat(all.stream().mapToLong(QueueDestination::waiting).sum()).isEqualTo(30);
        }
    }

    /** SQLite's query plan shows whether rows of other pages are read. */
    @Test
    void queue_aPageOfDestinationsReadsItsOwnRowsOnly() throws Exception {
        try (Database database = TestDatabase.SQLITE.open(directory)) {
            Schema.ensure(database, true);
            List<String> plan = new ArrayList<>();
            plan.addAll(plan(database, QueueListing.NEXT_NAME, "a", "a"));
            plan.addAll(plan(database, QueueListing.DESTINATIONS, "OPEN", "a", "b", "a", "b"));
            assertThat(plan).noneMatch(step -> step.startsWith("SCAN postroad_"));
            assertThat(plan).anyMatch(step -> step.startsWith("SEARCH postroad_delivery"));
        }
    }

    private static List<String> plan(Database database, String sql, Object... parameters) throws SQLException {
        return database.read(connection ->
                Sql.query(connection, "EXPLAIN QUERY PLAN " + sql, row -> row.getString("detail"), parameters));
    }
}
