// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postroad.api.Domain;
import org.postroad.api.HistoryFilter;
import org.postroad.api.Mailbox;
import org.postroad.api.QueueOptions;
import org.postroad.provider.internal.envelope.Envelope;
import org.postroad.provider.internal.envelope.MessageId;
import org.postroad.provider.internal.message.SpooledMessage;
import org.postroad.provider.internal.queue.QueueSettings.Admission;
import org.postroad.provider.internal.queue.QueueSettings.History;
import org.postroad.provider.internal.queue.QueueSettings.KeptReports;
import org.postroad.provider.internal.queue.QueueSettings.Timing;
import org.postroad.provider.internal.queue.store.Database;
import org.postroad.provider.internal.queue.store.NewMessages.Added;
import org.postroad.provider.internal.queue.store.QueueException;
import org.postroad.provider.internal.queue.store.QueuedMessage;
import org.postroad.provider.internal.queue.store.Sql;
import org.postroad.provider.internal.queue.store.TestDatabase;

/** Of several messages with the same key, one is stored, on every database. */
@Timeout(300)
class MessageKeyTest extends QueueTesting {

    private static final Mailbox SENDER = Mailbox.parse("a@sender.test");
    private static final Mailbox A = Mailbox.parse("a@one.test");
    private static final Mailbox B = Mailbox.parse("b@one.test");
    private static final QueueOptions KEY = QueueOptions.NONE.withKey("order-17");

    private static final Timing OFTEN =
            new Timing(Duration.ofMillis(50), Duration.ofMinutes(1), 20, Duration.ofSeconds(10));

    private int sends;

    private Envelope envelope(Mailbox... recipients) {
        return Envelope.of(Optional.of(SENDER), List.of(recipients));
    }

    private QueuedMessage.Labels subject(String subject) {
        // Each send has a Message-ID of its own, as a MimeMessage that is made again.
        return new QueuedMessage.Labels(
                Optional.of(new MessageId("<" + sends++ + "@sender.test>")), Optional.of(subject));
    }

    private Added send(QueueManager queue, QueueOptions options, Mailbox... recipients) throws Exception {
        try (SpooledMessage content = content("Subject: x\r\n\r\nx\r\n")) {
            return queue.submit(envelope(recipients), content, subject("Order 17"), options);
        }
    }

    private Added send(QueueManager queue, Connection transaction, Mailbox... recipients) throws SQLException {
        try (SpooledMessage content = content("x")) {
            return queue.submitInTransaction(transaction, envelope(recipients), content, subject("Order 17"), KEY);
        } catch (QueueException e) {
            throw e;
        } catch (Exception e) {
            throw new SQLException(e);
        }
    }

    private static void pause(QueueManager queue) throws Exception {
        new QueueControl(queue).pause(A.domain());
    }

    @ParameterizedTest
    @EnumSource
    void queue_aSecondMessageWithTheSameKeyIsNotStored(TestDatabase kind) throws Exception {
        try (QueueManager queue = open(kind.open(directory), OFTEN)) {
            Added first = send(queue, KEY, A);
            assertThat(first.isNew()).isTrue();
            assertThat(send(queue, KEY, A)).isEqualTo(new Added(first.id(), false));
            awaitEmpty(queue);
            assertThat(send(queue, KEY, A)).isEqualTo(new Added(first.id(), false)); // although it is gone
            assertThat(send(queue, QueueOptions.NONE.withKey("Order-17"), A).isNew())
                    .isTrue(); // another key
            awaitEmpty(queue);
            assertThat(agent.handed()).hasSize(2);
            assertThat(queue.counters().messagesSubmitted()).isEqualTo(2);
            assertThat(new QueueControl(queue).history(HistoryFilter.ALL.withKey("order-17"), "", 10))
                    .singleElement()
                    .satisfies(mail -> assertThat(mail.id()).isEqualTo(first.id()))
                    .satisfies(mail -> assertThat(mail.key()).contains("order-17"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void queue_ofConcurrentMessagesWithTheSameKeyOneIsStored(TestDatabase kind) throws Exception {
        int threads = 4;
        try (QueueManager queue = open(kind.open(directory), OFTEN)) {
            pause(queue);
            ExecutorService pool = Executors.newFixedThreadPool(threads);
            CyclicBarrier start = new CyclicBarrier(threads);
            for (int round = 0; round < 20; round++) {
                QueueOptions options = QueueOptions.NONE.withKey("round-" + round);
                List<Future<Added>> sends = new ArrayList<>();
                for (int i = 0; i < threads; i++) {
                    sends.add(pool.submit(() -> {
                        start.await();
                        return send(queue, options, A, B);
                    }));
                }
                List<Added> results = new ArrayList<>();
                for (Future<Added> send : sends) {
                    results.add(send.get());
                }
                assertThat(results.stream().filter(Added::isNew)).hasSize(1);
                assertThat(results.stream().map(Added::id).collect(Collectors.toSet()))
                        .hasSize(1);
                assertThat(size(queue)).isEqualTo(round + 1);
            }
            pool.shutdownNow();
        }
    }

    /** The rest of the transaction must be possible, also in PostgreSQL, where a violated constraint would spoil it. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SQLITE") // has no transactions of applications
    void outbox_aKnownKeyDoesNotSpoilTheTransaction(TestDatabase kind) throws Exception {
        Database database = kind.open(directory);
        try (QueueManager queue = open(database, OFTEN);
                Connection transaction = database.dataSource().getConnection()) {
            pause(queue);
            Added first = send(queue, KEY, A);
            transaction.setAutoCommit(false);
            pause(transaction, "before.test");
            assertThat(send(queue, transaction, A)).isEqualTo(new Added(first.id(), false));
            assertThatThrownBy(() -> send(queue, transaction, B)).isInstanceOf(QueueException.class);
            pause(transaction, "after.test");
            transaction.commit();
            assertThat(new QueueControl(queue).destinations("", 10))
                    .extracting(one -> one.domain().toString())
                    .containsExactly("after.test", "before.test", "one.test");
            assertThat(size(queue)).isEqualTo(1);
        }
    }

    private static void pause(Connection transaction, String domain) throws SQLException {
        Sql.update(
                transaction,
                "INSERT INTO postroad_destination (domain, paused, failures, retry_at) VALUES (?, 1, 0, 0)",
                domain);
    }

    /** In MariaDB, a transaction reads what was committed before its first query. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SQLITE")
    void outbox_aKeyIsKnownThatWasCommittedDuringTheTransaction(TestDatabase kind) throws Exception {
        Database database = kind.open(directory);
        try (QueueManager queue = open(database, OFTEN);
                Connection transaction = database.dataSource().getConnection()) {
            pause(queue);
            transaction.setAutoCommit(false);
            assertThat(Sql.exists(transaction, "SELECT 1 FROM postroad_history"))
                    .isFalse();
            Added first = send(queue, KEY, A);
            assertThat(send(queue, transaction, A)).isEqualTo(new Added(first.id(), false));
            transaction.commit();
        }
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"SQLITE", "H2"}) // H2 waits for a lock for one second only
    void outbox_aKeyOfAnotherTransactionIsAwaited(TestDatabase kind) throws Exception {
        Database database = kind.open(directory);
        ExecutorService other = Executors.newSingleThreadExecutor();
        try (QueueManager queue = open(database, OFTEN);
                Connection transaction = database.dataSource().getConnection()) {
            pause(queue);
            transaction.setAutoCommit(false);
            Added undone = send(queue, transaction, A);
            CountDownLatch started = new CountDownLatch(1);
            Future<Added> second = other.submit(() -> {
                started.countDown();
                return send(queue, KEY, A);
            });
            started.await();
            transaction.rollback();
            assertThat(second.get().isNew()).isTrue();
            assertThat(second.get().id()).isNotEqualTo(undone.id());
            assertThat(size(queue)).isEqualTo(1);
        } finally {
            other.shutdownNow();
        }
    }

    @ParameterizedTest
    @EnumSource
    void queue_aKeyOfATransactionThatWasRolledBackIsFree(TestDatabase kind) throws Exception {
        try (QueueManager queue = open(kind.open(directory), OFTEN)) {
            pause(queue);
            assertThatThrownBy(() -> queue.writeForCaller(connection -> {
                        send(queue, connection, A);
                        throw new SQLException("rolled back");
                    }))
                    .hasMessageContaining("rolled back");
            assertThat(send(queue, KEY, A).isNew()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void queue_aKeyOfADifferentMessageIsRefused(TestDatabase kind) throws Exception {
        try (QueueManager queue = open(kind.open(directory), OFTEN);
                SpooledMessage content = content("x")) {
            pause(queue);
            String id = send(queue, KEY, A).id();
            assertThatThrownBy(() -> send(queue, KEY, B))
                    .isInstanceOf(QueueException.class)
                    .hasMessage("The key \"order-17\" belongs to the message " + id
                            + " from <a@sender.test> to <a@one.test> with the subject \"Order 17\", and this one, which was not stored, is"
                            + " from <a@sender.test> to <b@one.test> with the subject \"Order 17\"; messages with different senders,"
                            + " recipients or subjects need different keys");
            assertThatThrownBy(() -> send(queue, KEY, A, B)).hasMessageContaining("to <a@one.test>, <b@one.test> with");
            assertThatThrownBy(() ->
                            queue.submit(Envelope.of(Optional.empty(), List.of(A)), content, subject("Order 17"), KEY))
                    .hasMessageContaining("is from <> to");
            assertThatThrownBy(() -> queue.submit(envelope(A), content, subject("Order 18"), KEY))
                    .hasMessageContaining("\"Order 18\"");
            assertThat(size(queue)).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void queue_aRepetitionMayLackWhoWasSuppressedMeanwhile(TestDatabase kind) throws Exception {
        admission = new Admission(Duration.ofDays(5), 1000, true, true);
        try (QueueManager queue = open(kind.open(directory), OFTEN)) {
            pause(queue);
            String id = send(queue, KEY, A, B).id();
            assertThatThrownBy(() -> send(queue, KEY, A)).hasMessageContaining("belongs to");
            new QueueControl(queue).suppress(B, "it does not exist");
            assertThat(send(queue, KEY, A)).isEqualTo(new Added(id, false));
        }
    }

    @ParameterizedTest
    @EnumSource
    void queue_withoutAHistoryKeysAreRefused(TestDatabase kind) throws Exception {
        history = new History(Duration.ZERO, 1000, KeptReports.FAILURES);
        try (QueueManager queue = open(kind.open(directory), OFTEN)) {
            assertThatThrownBy(() -> send(queue, KEY, A))
                    .isInstanceOf(QueueException.class)
                    .hasMessageContaining("The message has the key \"order-17\"")
                    .hasMessageContaining("mail.mx.queue.keep is 0");
            assertThat(size(queue)).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void queue_aKeyIsFreeAfterTheHistoryOfItsMessage(TestDatabase kind) throws Exception {
        Database database = kind.open(directory);
        try (QueueManager queue = open(database, OFTEN)) {
            send(queue, KEY, A);
            awaitEmpty(queue);
            InstantSource later = InstantSource.offset(clock, Duration.ofDays(8));
            new HistoryCleaner(database, History.DEFAULTS, later, new CountDownLatch(1)).clean();
            assertThat(send(queue, KEY, A).isNew()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void queue_aKeyIsKnownAsLongAsItsMessageWaits(TestDatabase kind) throws Exception {
        Database database = kind.open(directory);
        try (QueueManager queue = open(database, OFTEN)) {
            new QueueControl(queue).pause(Domain.parse("one.test"));
            String id = send(queue, KEY, A).id();
            InstantSource later = InstantSource.offset(clock, Duration.ofDays(800));
            new HistoryCleaner(
                            database,
                            new History(Duration.ofDays(1), 1, KeptReports.FAILURES),
                            later,
                            new CountDownLatch(1))
                    .clean();
            assertThat(send(queue, KEY, A)).isEqualTo(new Added(id, false));
        }
    }
}
