// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postroad.api.Mailbox;
import org.postroad.api.QueueFilter;
import org.postroad.api.QueueOptions;
import org.postroad.api.QueuedMail;
import org.postroad.provider.internal.envelope.Envelope;
import org.postroad.provider.internal.message.SpooledMessage;
import org.postroad.provider.internal.queue.QueueSettings.Admission;
import org.postroad.provider.internal.queue.QueueSettings.DestinationLimits;
import org.postroad.provider.internal.queue.QueueSettings.Timing;
import org.postroad.provider.internal.queue.store.Database;
import org.postroad.provider.internal.queue.store.MessageRows;
import org.postroad.provider.internal.queue.store.QueueException;
import org.postroad.provider.internal.queue.store.QueuedMessage;
import org.postroad.provider.internal.queue.store.Sql;
import org.postroad.provider.internal.queue.store.TestDatabase;
import org.postroad.provider.internal.queue.store.Unclosed;

/** The running queue with its threads and its scheduler, on every database. */
@Timeout(300)
class QueueManagerTest extends QueueTesting {

    private static final Mailbox SENDER = Mailbox.parse("me@sender.test");
    private static final Mailbox A = Mailbox.parse("a@one.test");
    private static final Mailbox B = Mailbox.parse("b@one.test");
    private static final Mailbox C = Mailbox.parse("c@other.test");

    /** The poll never comes within a test, so that only a signal can start a visit. */
    private static final Timing RARELY =
            new Timing(Duration.ofHours(1), Duration.ofMinutes(1), 20, Duration.ofSeconds(10));

    private static final Timing OFTEN =
            new Timing(Duration.ofMillis(50), Duration.ofMinutes(1), 20, Duration.ofSeconds(10));

    /** Closing does not wait for deliveries. */
    private static final Timing IMPATIENT =
            new Timing(OFTEN.poll(), OFTEN.lease(), OFTEN.destinations(), Duration.ofMillis(1));

    private final BlockingQueue<Mailbox> delivered = new LinkedBlockingQueue<>();

    private void deliverAll() {
        agent.answers(mail -> {
            delivered.addAll(mail.recipients());
            return FakeDeliveryAgent.says(250, "2.0.0 ok").apply(mail);
        });
    }

    /** Makes every delivery last until it is cancelled. */
    private void deliverForever(CountDownLatch tried) {
        agent.answers(mail -> {
            tried.countDown();
            new CountDownLatch(1).await();
            throw new AssertionError();
        });
    }

    private static void submit(QueueManager queue, Mailbox... recipients) throws Exception {
        try (SpooledMessage content = content(10)) {
            queue.submit(
                    Envelope.of(Optional.of(SENDER), List.of(recipients)),
                    content,
                    new QueuedMessage.Labels(Optional.empty(), Optional.empty()),
                    QueueOptions.NONE);
        }
    }

    private static SpooledMessage content(int size) throws Exception {
        return content("x".repeat(size));
    }

    private Mailbox next() throws InterruptedException {
        Mailbox next = delivered.poll(60, TimeUnit.SECONDS);
        assertThat(next).as("delivered").isNotNull();
        return next;
    }

    @ParameterizedTest
    @EnumSource
    void queue_aSubmittedMessageStartsImmediately(TestDatabase kind) throws Exception {
        deliverAll();
        try (QueueManager queue = open(kind.open(directory), RARELY)) {
            for (int i = 0; i < 20; i++) {
                submit(queue, A);
                assertThat(next()).isEqualTo(A);
            }
            submit(queue, A, B, C);
            assertThat(List.of(next(), next(), next())).containsExactlyInAnyOrder(A, B, C);
        }
    }

    /** As long as its row marks a visit as running, the destination is not visited again before the lease expires. */
    @ParameterizedTest
    @EnumSource
    void queue_theNextVisitIsNotLostIfTheEndOfOneCannotBeWritten(TestDatabase kind) throws Exception {
        Database database = kind.open(directory);
        Unclosed moody = new Unclosed(database);
        agent.answers(mail -> {
            if (mail.recipients().contains(A)) {
                moody.refused.set(3);
            }
            delivered.addAll(mail.recipients());
            return FakeDeliveryAgent.says(250, "2.0.0 ok").apply(mail);
        });
        Timing pace = new Timing(Duration.ofHours(1), Duration.ofHours(1), 20, Duration.ofSeconds(10));
        try (database;
                QueueManager queue = open(moody, pace)) {
            submit(queue, A);
            assertThat(next()).isEqualTo(A);
            while (moody.refused.get() > 0) {
                spin();
            }
            submit(queue, B);
            assertThat(next()).isEqualTo(B);
        }
        assertThat(log.problems()).contains("WARNING The end of a destination visit could not be written; retrying");
    }

    @ParameterizedTest
    @EnumSource
    void queue_aSlowDeliveryDoesNotDelayOthersToTheSameDomain(TestDatabase kind) throws Exception {
        Semaphore slow = new Semaphore(0);
        agent.answers(mail -> {
            if (mail.recipients().contains(A)) {
                delivered.add(A);
                slow.acquire();
            }
            delivered.addAll(mail.recipients());
            return FakeDeliveryAgent.says(250, "2.0.0 ok").apply(mail);
        });
        try (QueueManager queue = open(kind.open(directory), RARELY)) {
            submit(queue, A);
            assertThat(next()).isEqualTo(A); // its delivery now blocks
            submit(queue, B);
            assertThat(next()).isEqualTo(B);
            slow.release();
            assertThat(next()).isEqualTo(A);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SQLITE", "H2"}) // each opening of the others yields another, empty database
    void queue_storedMessagesAreDeliveredAfterReopening(TestDatabase kind) throws Exception {
        CountDownLatch tried = new CountDownLatch(1);
        deliverForever(tried);
        try (QueueManager queue = open(kind.open(directory), IMPATIENT)) {
            submit(queue, A, C);
            tried.await();
        }
        deliverAll();
        try (QueueManager queue = open(kind.open(directory), OFTEN)) {
            assertThat(List.of(next(), next())).containsExactlyInAnyOrder(A, C);
        }
    }

    /** So many concurrent visits that they wait for connections to the database, where an interrupt reaches them. */
    @ParameterizedTest
    @EnumSource
    void queue_aCancelledDeliveryIsReleasedAndNotInDoubt(TestDatabase kind) throws Exception {
        long messages = 3;
        int domains = OFTEN.destinations() + 5;
        limits = new DestinationLimits(2 * OFTEN.destinations(), Optional.empty());
        CountDownLatch tried = new CountDownLatch(limits.concurrency());
        deliverForever(tried);
        try (Database database = kind.open(directory)) {
            try (QueueManager queue = open(new Unclosed(database), IMPATIENT)) {
                for (int i = 0; i < domains * messages; i++) {
                    submit(queue, Mailbox.parse("a@" + i % domains + ".test"));
                }
                tried.await();
            }
            assertThat(count(database, "postroad_task WHERE picked_by IS NOT NULL"))
                    .as("visits that nobody makes")
                    .isZero();
            assertThat(count(database, "postroad_delivery WHERE state = 'OPEN' AND in_doubt = 0"))
                    .isEqualTo(domains * messages);
        }
    }

    private static long count(Database database, String what) throws Exception {
        return database.read(connection -> Sql.query(connection, "SELECT COUNT(*) FROM " + what, row -> row.getLong(1))
                .get(0));
    }

    @ParameterizedTest
    @EnumSource
    void queue_aRemovalIsReportedOnceForAllDomains(TestDatabase kind) throws Exception {
        deliverAll();
        try (QueueManager queue = open(kind.open(directory), RARELY)) {
            new QueueControl(queue).pause(A.domain());
            new QueueControl(queue).pause(C.domain());
            submit(queue, A, C);
            QueuedMail mail =
                    new QueueControl(queue).list(QueueFilter.ALL, "", 10).get(0);
            assertThat(new QueueControl(queue).hold(mail.id())).isEqualTo(2);
            assertThat(new QueueControl(queue).bounce(mail.id())).isEqualTo(2);
            assertThat(next()).isEqualTo(SENDER);
            assertThat(new QueueControl(queue).drain(Duration.ofMinutes(1))).isTrue();
            assertThat(agent.handed())
                    .singleElement()
                    .satisfies(notice -> assertThat(notice.content())
                            .contains("Final-Recipient: rfc822; a@one.test")
                            .contains("Final-Recipient: rfc822; c@other.test"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void queue_aMessageWhoseNoticeCannotBeCreatedCanBeRemoved(TestDatabase kind) throws Exception {
        try (QueueManager queue = open(kind.open(directory), RARELY)) {
            new QueueControl(queue).pause(A.domain());
            submit(queue, A);
            QueuedMail mail =
                    new QueueControl(queue).list(QueueFilter.ALL, "", 10).get(0);
            queue.writeForCaller(connection -> Sql.update(connection, "DELETE FROM postroad_content"));
            assertThat(new QueueControl(queue).bounce(mail.id())).isEqualTo(1);
            assertThat(size(queue)).isEqualTo(1);
            assertThat(new QueueControl(queue).show(mail.id()).orElseThrow().deliveries())
                    .isEmpty();
            assertThat(new QueueControl(queue).remove(mail.id())).isZero();
            assertThat(size(queue)).isZero();
            assertThat(log.problems())
                    .containsExactly("SEVERE The delivery status notification for message " + mail.id()
                            + " cannot be created; it is set aside until the message is released or removed");
        }
    }

    @ParameterizedTest
    @EnumSource
    void queue_closingWaitsForRunningDeliveriesAndRecordsThem(TestDatabase kind) throws Exception {
        Semaphore going = new Semaphore(0);
        CountDownLatch tried = new CountDownLatch(1);
        agent.answers(mail -> {
            tried.countDown();
            going.acquire();
            return FakeDeliveryAgent.says(250, "2.0.0 ok").apply(mail);
        });
        Database database = kind.open(directory);
        QueueManager queue = open(new Unclosed(database), RARELY);
        submit(queue, A);
        tried.await();
        Thread closing = new Thread(queue::close);
        closing.start();
        while (queue.isOpen()) {
            spin();
        }
        going.release();
        closing.join();
        assertThat(database.read(MessageRows::size)).isZero();
        database.close();
    }

    @ParameterizedTest
    @EnumSource
    void queue_aMessageOfAnotherTransactionIsFoundByPolling(TestDatabase kind) throws Exception {
        deliverAll();
        try (QueueManager queue = open(kind.open(directory), OFTEN);
                SpooledMessage content = content(10)) {
            Envelope envelope = Envelope.of(Optional.of(SENDER), List.of(A));
            QueuedMessage message = admission(queue)
                    .admit(
                            envelope,
                            content,
                            new QueuedMessage.Labels(Optional.empty(), Optional.empty()),
                            QueueOptions.NONE);
            queue.writeForCaller(connection -> {
                MessageRows.add(connection, message, content::openStream, envelope.recipients(), QueueOptions.NONE);
                return true;
            });
            assertThat(next()).isEqualTo(A);
        }
    }

    @ParameterizedTest
    @EnumSource
    void queue_aDatabaseOutageLosesNothingAndRepeatsNothing(TestDatabase kind) throws Exception {
        Unclosed database = new Unclosed(kind.open(directory));
        CountDownLatch retried = new CountDownLatch(3);
        database.onFailure = retried::countDown;
        agent.answers(mail -> {
            database.away = true;
            delivered.addAll(mail.recipients());
            return FakeDeliveryAgent.says(250, "2.0.0 ok").apply(mail);
        });
        try (QueueManager queue = open(database, OFTEN)) {
            submit(queue, A);
            assertThat(next()).isEqualTo(A);
            retried.await(); // the end of the attempt cannot be written
            assertThatThrownBy(() -> submit(queue, B))
                    .isInstanceOf(QueueException.class)
                    .hasMessageContaining("nothing was stored")
                    .hasMessageContaining("away");
            database.away = false;
            awaitEmpty(queue);
            assertThat(agent.handed()).hasSize(1);
        }
        database.database.close();
        assertThat(log.problems()).contains("WARNING The queue's database failed; retrying");
    }

    @ParameterizedTest
    @EnumSource
    void queue_aMessageThatIsTooLargeIsRefused(TestDatabase kind) throws Exception {
        admission = new Admission(Duration.ofDays(5), 100, true, false);
        try (QueueManager queue = open(kind.open(directory), RARELY);
                SpooledMessage fits = content(100);
                SpooledMessage tooBig = content(101)) {
            Envelope envelope = Envelope.of(Optional.of(SENDER), List.of(A));
            QueuedMessage.Labels labels = new QueuedMessage.Labels(Optional.empty(), Optional.empty());
            assertThatThrownBy(() -> queue.submit(envelope, tooBig, labels, QueueOptions.NONE))
                    .isInstanceOf(QueueException.class)
                    .hasMessage("The message has 101 octets; the queue takes at most 100 (mail.mx.queue.maxsize)");
            queue.submit(envelope, fits, labels, QueueOptions.NONE);
        }
    }

    @ParameterizedTest
    @EnumSource
    void queue_anEmptyMessageIsDelivered(TestDatabase kind) throws Exception {
        deliverAll();
        try (QueueManager queue = open(kind.open(directory), RARELY);
                SpooledMessage empty = content(0)) {
            queue.submit(
                    Envelope.of(Optional.of(SENDER), List.of(A)),
                    empty,
                    new QueuedMessage.Labels(Optional.empty(), Optional.empty()),
                    QueueOptions.NONE);
            next();
            assertThat(agent.handed().get(0).content()).isEmpty();
        }
    }

    /** The database aborts one of two transactions that wait for each other (deadlock). */
    @ParameterizedTest
    @EnumSource
    void queue_concurrentSubmissionsAreNotRefusedDuringDeliveries(TestDatabase kind) throws Exception {
        deliverAll();
        int threads = 8;
        int each = 40;
        ExecutorService submitters = Executors.newFixedThreadPool(threads);
        try (QueueManager queue = open(kind.open(directory), OFTEN)) {
            List<Future<?>> submitting = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                submitting.add(submitters.submit(() -> {
                    for (int j = 0; j < each; j++) {
                        submit(queue, A, B, C);
                    }
                    return true;
                }));
            }
            for (Future<?> one : submitting) {
                one.get();
            }
            for (int i = 0; i < threads * each * 3; i++) {
                next();
            }
            awaitEmpty(queue);
            assertThat(delivered).isEmpty();
        } finally {
            submitters.shutdownNow();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"POSTGRESQL", "MARIADB"})
    void queue_twoProcessesOnOneDatabaseDeliverEachMessageOnce(TestDatabase kind) throws Exception {
        deliverAll();
        Unclosed database = new Unclosed(kind.open(directory));
        try (QueueManager one = open(database, OFTEN);
                QueueManager other = open(database, OFTEN)) {
            List<Mailbox> all = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                Mailbox to = Mailbox.parse("u" + i + "@d" + i % 10 + ".test");
                all.add(to);
                submit(i % 2 == 0 ? one : other, to);
            }
            List<Mailbox> arrived = new ArrayList<>();
            for (int i = 0; i < all.size(); i++) {
                arrived.add(next());
            }
            awaitEmpty(one);
            assertThat(arrived).containsExactlyInAnyOrderElementsOf(all);
            assertThat(delivered).isEmpty();
        }
        database.database.close();
    }
}
