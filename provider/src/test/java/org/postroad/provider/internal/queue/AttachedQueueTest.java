// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postroad.api.DeliveryEvent;
import org.postroad.api.HistoryFilter;
import org.postroad.api.MailHistory.Fate;
import org.postroad.api.Mailbox;
import org.postroad.api.QueueFilter;
import org.postroad.api.QueueOptions;
import org.postroad.api.QueuedMail;
import org.postroad.api.QueuedMail.State;
import org.postroad.provider.internal.envelope.Envelope;
import org.postroad.provider.internal.log.DeliveryLog;
import org.postroad.provider.internal.message.SpooledMessage;
import org.postroad.provider.internal.queue.QueueSettings.DestinationLimits;
import org.postroad.provider.internal.queue.QueueSettings.Timing;
import org.postroad.provider.internal.queue.store.Database;
import org.postroad.provider.internal.queue.store.Polls;
import org.postroad.provider.internal.queue.store.QueueException;
import org.postroad.provider.internal.queue.store.QueuedMessage;
import org.postroad.provider.internal.queue.store.Sql;
import org.postroad.provider.internal.queue.store.TestDatabase;
import org.postroad.provider.internal.queue.store.Unclosed;

/** Control of a queue by a process that does not deliver it: what the delivering process notices, by its poll only. */
@Timeout(300)
class AttachedQueueTest extends QueueTesting {

    private static final Mailbox SENDER = Mailbox.parse("me@sender.test");
    private static final Mailbox A = Mailbox.parse("a@one.test");
    private static final Mailbox C = Mailbox.parse("c@other.test");

    private static final Timing OFTEN =
            new Timing(Duration.ofMillis(50), Duration.ofMinutes(1), 20, Duration.ofSeconds(10));

    private final BlockingQueue<Mailbox> delivered = new LinkedBlockingQueue<>();
    private final List<DeliveryEvent> events = Collections.synchronizedList(new ArrayList<>());
    private final Semaphore going = new Semaphore(0);

    private AttachedQueue attach(TestDatabase kind, Database owner) throws Exception {
        QueueSettings settings = new QueueSettings(admission, retrying, limits, OFTEN, QueueSettings.Bounces.SENDER);
        return new AttachedQueue(
                kind.attached(owner),
                events::add,
                new DeliveryLog(false),
                settings,
                new Environment(clock, new Random(), Thread::new));
    }

    private void deliverAll() {
        agent.answers(mail -> {
            delivered.addAll(mail.recipients());
            return FakeDeliveryAgent.says(250, "2.0.0 ok").apply(mail);
        });
    }

    private void deliverWhenAllowed() {
        agent.answers(mail -> {
            delivered.addAll(mail.recipients());
            going.acquire();
            return FakeDeliveryAgent.says(250, "2.0.0 ok").apply(mail);
        });
    }

    private static String submit(QueueManager queue, Mailbox... recipients) throws Exception {
        try (SpooledMessage content = content("x")) {
            return queue.submit(
                            Envelope.of(Optional.of(SENDER), List.of(recipients)),
                            content,
                            new QueuedMessage.Labels(Optional.empty(), Optional.empty()),
                            QueueOptions.NONE)
                    .id();
        }
    }

    private Mailbox next() throws InterruptedException {
        Mailbox next = delivered.poll(60, TimeUnit.SECONDS);
        assertThat(next).as("delivered").isNotNull();
        return next;
    }

    private static State state(QueueControl control, String id) {
        return control.show(id).orElseThrow().deliveries().get(0).state();
    }

    /** Waits until the owner has polled its tables more than once. */
    private static void awaitPolls(CountDownLatch reads) {
        long before = reads.getCount();
        while (reads.getCount() > before - 20) {
            spin();
        }
    }

    @ParameterizedTest
    @EnumSource
    void queue_anAttachedProcessReadsAndChangesWhatAnotherDelivers(TestDatabase kind) throws Exception {
        deliverAll();
        Database database = kind.open(directory);
        try (QueueManager queue = open(database, OFTEN);
                AttachedQueue attached = attach(kind, database)) {
            QueueControl control = new QueueControl(attached);
            control.pause(A.domain());
            String first = submit(queue, A);
            String second = submit(queue, A);
            assertThat(control.list(QueueFilter.ALL, "", 10))
                    .extracting(QueuedMail::id)
                    .containsExactlyInAnyOrder(first, second);
            assertThat(control.destinations("", 10)).singleElement().satisfies(one -> {
                assertThat(one.paused()).isTrue();
                assertThat(one.waiting()).isEqualTo(2);
            });
            assertThat(control.hold(first)).isEqualTo(1);
            assertThat(state(control, first)).isEqualTo(State.HELD);
            assertThat(control.remove(second)).isEqualTo(1);
            control.resume(A.domain());
            assertThat(control.release(first)).isEqualTo(1);
            assertThat(next()).isEqualTo(A);
            assertThat(control.drain(Duration.ofMinutes(1))).isTrue();
            assertThat(agent.handed()).hasSize(1);
            assertThat(control.history(HistoryFilter.ALL.withFate(Fate.REMOVED), "", 10))
                    .hasSize(1);
            assertThat(events)
                    .extracting(event -> event.getClass().getSimpleName())
                    .containsExactly("Held", "Removed", "Released");
            assertThat(agent.told).noneMatch(event -> event instanceof DeliveryEvent.Held);
            control.suppress(A, "gone");
            assertThat(control.suppressed("", 10)).hasSize(1);
            assertThat(new QueueControl(queue).unsuppress(A)).isTrue();
            assertThat(control.statistics().submitted()).isZero();
            assertThat(control.statistics().attempted()).isZero();
        }
        assertThat(log.problems()).isEmpty();
    }

    /** The owner remembers until when a destination is backing off, but the tables decide. */
    @ParameterizedTest
    @EnumSource
    void queue_aRetryByAnotherProcessEndsTheBackOff(TestDatabase kind) throws Exception {
        limits = new DestinationLimits(1, Optional.empty()); // so that one failure makes a back-off
        agent.answers(FakeDeliveryAgent::isDown);
        Database database = kind.open(directory);
        try (QueueManager queue = open(database, OFTEN);
                AttachedQueue attached = attach(kind, database)) {
            QueueControl control = new QueueControl(attached);
            String id = submit(queue, A);
            while (control.destinations("", 10).stream()
                    .noneMatch(one -> one.retryAt().isPresent())) {
                spin();
            }
            deliverAll();
            assertThat(control.retry(id)).isEqualTo(1);
            assertThat(next()).isEqualTo(A);
            assertThat(control.drain(Duration.ofMinutes(1))).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void queue_aPauseByAnotherProcessEndsTheVisitInProgress(TestDatabase kind) throws Exception {
        limits = new DestinationLimits(1, Optional.empty());
        deliverWhenAllowed();
        CountDownLatch reads = new CountDownLatch(Integer.MAX_VALUE);
        Database database = kind.open(directory);
        try (QueueManager queue = open(new Polls(database, reads), OFTEN);
                AttachedQueue attached = attach(kind, database)) {
            QueueControl control = new QueueControl(attached);
            for (int i = 0; i < 10; i++) {
                submit(queue, A);
            }
            next();
            control.pause(A.domain());
            awaitPolls(reads);
            going.release(10);
            while (control.statistics().messages() == 10) {
                spin();
            }
            awaitPolls(reads);
            assertThat(agent.handed()).hasSize(1);
            control.resume(A.domain());
            assertThat(control.drain(Duration.ofMinutes(1))).isTrue();
            assertThat(agent.handed()).hasSize(10);
        }
    }

    @ParameterizedTest
    @EnumSource
    void queue_aDeliveryThatAnotherProcessHoldsOrRemovesDuringAVisitDoesNotBegin(TestDatabase kind) throws Exception {
        limits = new DestinationLimits(1, Optional.empty());
        deliverWhenAllowed();
        Database database = kind.open(directory);
        try (QueueManager queue = open(database, OFTEN);
                AttachedQueue attached = attach(kind, database)) {
            QueueControl control = new QueueControl(attached);
            String first = submit(queue, A);
            next();
            String held = submit(queue, Mailbox.parse("held@one.test"));
            String removed = submit(queue, Mailbox.parse("removed@one.test"));
            submit(queue, Mailbox.parse("last@one.test"));
            assertThat(control.hold(held)).isEqualTo(1);
            assertThat(control.remove(removed)).isEqualTo(1);
            assertThat(control.hold(first)).as("in progress").isZero();
            going.release(10);
            assertThat(next()).isEqualTo(Mailbox.parse("last@one.test"));
            while (control.statistics().messages() > 1) {
                spin();
            }
            assertThat(agent.handed()).hasSize(2);
            assertThat(state(control, held)).isEqualTo(State.HELD);
        }
    }

    @ParameterizedTest
    @EnumSource
    void queue_anExpiryThatAnotherProcessChangesCounts(TestDatabase kind) throws Exception {
        limits = new DestinationLimits(1, Optional.empty());
        agent.answers(mail -> {
            delivered.addAll(mail.recipients());
            going.acquire();
            return FakeDeliveryAgent.says(450, "4.2.0 later").apply(mail);
        });
        Database database = kind.open(directory);
        try (QueueManager queue = open(database, OFTEN);
                AttachedQueue attached = attach(kind, database)) {
            QueueControl control = new QueueControl(attached);
            submit(queue, A);
            next();
            String second = submit(queue, A); // waits in the same visit
            assertThat(control.expire(second, Instant.EPOCH)).isTrue();
            going.release(100);
            while (control.history(second).orElseThrow().recipients().get(0).fate() != Fate.EXPIRED) {
                spin();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void queue_theOwnerSendsTheNoticeOfABounceByAnotherProcess(TestDatabase kind) throws Exception {
        deliverAll();
        Database database = kind.open(directory);
        try (QueueManager queue = open(database, OFTEN);
                AttachedQueue attached = attach(kind, database)) {
            QueueControl control = new QueueControl(attached);
            control.pause(A.domain());
            control.pause(C.domain());
            String id = submit(queue, A, C);
            Instant start = Instant.now();
            assertThat(control.bounce(id)).isEqualTo(2);
            assertThat(next()).isEqualTo(SENDER);
            assertThat(Duration.between(start, Instant.now()))
                    .as("without the time for which notices are gathered")
                    .isLessThan(Duration.ofSeconds(50));
            assertThat(control.drain(Duration.ofMinutes(1))).isTrue();
            assertThat(agent.handed())
                    .singleElement()
                    .satisfies(notice -> assertThat(notice.content())
                            .contains("Final-Recipient: rfc822; a@one.test")
                            .contains("Final-Recipient: rfc822; c@other.test"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void queue_anAttachedProcessDeliversNothing(TestDatabase kind) throws Exception {
        deliverAll();
        Database database = kind.open(directory);
        try (database) {
            String id;
            Database unclosed = new Unclosed(database);
            try (QueueManager queue = open(unclosed, OFTEN)) {
                new QueueControl(queue).pause(A.domain());
                id = submit(queue, A);
            }
            try (AttachedQueue attached = attach(kind, database)) {
                QueueControl control = new QueueControl(attached);
                control.resume(A.domain());
                assertThat(control.retry(id)).isEqualTo(1);
                assertThat(control.drain(Duration.ofSeconds(1))).isFalse();
                assertThat(control.bounce(id)).isEqualTo(1);
                assertThat(control.drain(Duration.ofMillis(1))).isFalse(); // the notice waits for a delivering process
            }
            assertThat(agent.handed()).isEmpty();
            try (QueueManager queue = open(unclosed, OFTEN)) {
                assertThat(next()).isEqualTo(SENDER);
                awaitEmpty(queue);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void queue_anAttachedProcessCreatesAndUpgradesNoTable(TestDatabase kind) throws Exception {
        try (Database database = kind.open(directory)) {
            assertThatThrownBy(() -> attach(kind, database))
                    .isInstanceOf(QueueException.class)
                    .hasMessageStartingWith("There is no queue in ")
                    .hasMessageContaining("the tables are missing");
            open(new Unclosed(database), OFTEN).close();
            try (AttachedQueue attached = attach(kind, database)) {
                QueueControl control = new QueueControl(attached);
                setVersion(database, 99); // upgraded meanwhile
                assertThatThrownBy(() -> control.pause(A.domain()))
                        .isInstanceOf(QueueException.class)
                        .hasMessageContaining("have version 99");
            }
            assertThatThrownBy(() -> attach(kind, database))
                    .isInstanceOf(QueueException.class)
                    .hasMessageContaining("have version 99, but this version of Postroad requires version ")
                    .hasMessageEndingWith("nothing was changed");
            setVersion(database, 1);
            assertThatThrownBy(() -> attach(kind, database))
                    .isInstanceOf(QueueException.class)
                    .hasMessageContaining("have version 1, but")
                    .hasMessageContaining("upgraded when the process that delivers the queue opens it");
        }
    }

    private static void setVersion(Database database, int version) throws Exception {
        database.write(connection -> Sql.update(connection, "UPDATE postroad_schema SET version = ?", version));
    }

    @ParameterizedTest
    @EnumSource
    void queue_aClosedHandleSaysSo(TestDatabase kind) throws Exception {
        Database database = kind.open(directory);
        try (QueueManager queue = open(database, OFTEN)) {
            AttachedQueue attached = attach(kind, database);
            attached.close();
            attached.close();
            assertThatThrownBy(() -> new QueueControl(attached).statistics())
                    .isInstanceOf(QueueClosedException.class)
                    .hasMessage("The queue is closed");
            assertThatThrownBy(() -> new QueueControl(attached).pause(A.domain()))
                    .isInstanceOf(QueueClosedException.class);
            assertThat(queue.isOpen()).isTrue();
        }
    }
}
