// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postroad.api.Domain;
import org.postroad.api.DomainReport;
import org.postroad.api.Mailbox;
import org.postroad.api.QueueOptions;
import org.postroad.api.QueuedMail;
import org.postroad.api.TlsDemand;
import org.postroad.fixtures.VirtualClock;
import org.postroad.provider.LogTap;
import org.postroad.provider.internal.envelope.Envelope;
import org.postroad.provider.internal.envelope.Notify;
import org.postroad.provider.internal.message.CanonicalSpool;
import org.postroad.provider.internal.message.SpooledMessage;
import org.postroad.provider.internal.queue.FakeDeliveryAgent.Handed;
import org.postroad.provider.internal.queue.QueueSettings.InDoubt;
import org.postroad.provider.internal.queue.QueueSettings.Retrying;
import org.postroad.provider.internal.queue.notice.NoticeSender;
import org.postroad.provider.internal.queue.store.AttemptRows;
import org.postroad.provider.internal.queue.store.ContentRows;
import org.postroad.provider.internal.queue.store.Database;
import org.postroad.provider.internal.queue.store.DeliveryRows;
import org.postroad.provider.internal.queue.store.DestinationRows;
import org.postroad.provider.internal.queue.store.MessageRows;
import org.postroad.provider.internal.queue.store.PendingNoticeRows;
import org.postroad.provider.internal.queue.store.QueuedDelivery;
import org.postroad.provider.internal.queue.store.QueuedMessage;
import org.postroad.provider.internal.queue.store.Schema;
import org.postroad.provider.internal.queue.store.Sql;
import org.postroad.provider.internal.queue.store.TestDatabase;

/** Consecutive visits to a destination, in virtual time, on every database. */
@Timeout(300)
class DestinationVisitTest {

    private static final Domain ONE = Domain.parse("one.test");
    private static final Domain SENDERS = Domain.parse("sender.test");
    private static final Mailbox SENDER = Mailbox.parse("me@sender.test");
    private static final Mailbox A = Mailbox.parse("a@one.test");
    private static final Mailbox B = Mailbox.parse("b@one.test");
    private static final Mailbox ELSEWHERE = Mailbox.parse("c@two.test");
    private static final Mailbox AT_THIRD = Mailbox.parse("d@three.test");
    private static final String CONTENT = "Subject: x\r\n\r\nhello\r\n";

    private final VirtualClock clock = new VirtualClock();
    private final FakeDeliveryAgent agent = new FakeDeliveryAgent();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final ExecutorService workers = Executors.newCachedThreadPool();
    private final List<Domain> rung = Collections.synchronizedList(new ArrayList<>());
    private Retrying retrying = Retrying.DEFAULTS;
    private Set<Notify> notify = Set.of();
    private int messages;
    private Duration jump = Duration.ZERO;
    private final InstantSource wall = () -> clock.instant().plus(jump);
    private final PaceMeter pace = new PaceMeter(wall, QueueSettings.DestinationLimits.DEFAULTS.concurrency());
    private final Environment environment = new Environment(
            wall,
            new Random(7) {
                @Override
                public long nextLong(long bound) {
                    return 0;
                }
            },
            Thread::new);

    @RegisterExtension
    final LogTap log = LogTap.open();

    @TempDir
    Path directory;

    @AfterEach
    void stop() {
        workers.shutdownNow();
    }

    private Database opened(TestDatabase kind) throws Exception {
        Database database = kind.open(directory);
        Schema.ensure(database, true);
        return database;
    }

    private DestinationVisits visits(Database database) {
        return visits(database, new Throttle(QueueSettings.DestinationLimits.DEFAULTS, wall));
    }

    private DestinationVisits visits(Database database, Throttle throttle) {
        return QueueTesting.visits(
                database, agent, noticeSender(database), throttle, pace, settings(), environment, workers, closing);
    }

    private QueueSettings settings() {
        return new QueueSettings(
                QueueSettings.Admission.DEFAULTS,
                retrying,
                QueueSettings.DestinationLimits.DEFAULTS,
                QueueSettings.Timing.DEFAULTS,
                QueueSettings.Bounces.SENDER);
    }

    private NoticeSender noticeSender(Database database) {
        return QueueTesting.noticeSender(database, agent, settings(), environment, workers, rung::addAll);
    }

    private DestinationVisit.NextVisit visit(Database database, Domain domain) throws Exception {
        return visits(database).visit(domain, DestinationLease.FOR_EVER);
    }

    private String add(Database database, Mailbox... recipients) throws Exception {
        String id = "m" + (10_000 + messages++);
        try (SpooledMessage content = CanonicalSpool.of(CONTENT.getBytes(StandardCharsets.UTF_8))) {
            QueuedMessage message = new QueuedMessage(
                    id,
                    wall.instant(),
                    wall.instant().plus(Duration.ofDays(5)),
                    Optional.of(SENDER),
                    Optional.empty(),
                    Optional.empty(),
                    TlsDemand.NONE,
                    new QueuedMessage.Labels(Optional.empty(), Optional.of("x")),
                    content.facts());
            database.write(connection -> {
                MessageRows.add(
                        connection,
                        message,
                        content::openStream,
                        List.of(recipients).stream()
                                .map(mailbox -> new Envelope.Recipient(mailbox, notify, Optional.empty()))
                                .toList(),
                        QueueOptions.NONE);
                return true;
            });
            return id;
        }
    }

    private static long size(Database database) throws Exception {
        return database.read(MessageRows::size);
    }

    private Instant in(Duration delay) {
        return wall.instant().plus(delay);
    }

    @ParameterizedTest
    @EnumSource
    void queue_aDueDeliveryIsMadeOnce(TestDatabase kind) throws Exception {
        try (Database database = opened(kind)) {
            List<Mailbox> all = IntStream.range(0, 500)
                    .mapToObj(i -> Mailbox.parse("u" + i + "@one.test"))
                    .toList();
            for (Mailbox one : all) {
                add(database, one);
            }
            assertThat(visit(database, ONE)).isEqualTo(new DestinationVisit.NextVisit(Optional.empty(), false));
            assertThat(agent.handed())
                    .extracting(mail -> mail.recipients().get(0))
                    .containsExactlyInAnyOrderElementsOf(all);
            assertThat(agent.handed()).allSatisfy(mail -> {
                assertThat(mail.content()).isEqualTo(CONTENT);
                assertThat(mail.sender()).contains(SENDER);
                assertThat(mail.way()).isEqualTo(new DeliveryAgent.RetryHints(false, Optional.empty()));
            });
            assertThat(size(database)).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void RETRY_01_aTemporaryRefusalIsRetriedOnTheSchedule(TestDatabase kind) throws Exception {
        try (Database database = opened(kind)) {
            add(database, A, B);
            agent.answers(mail -> FakeDeliveryAgent.says(452, "4.2.2 full").apply(mail));
            for (Duration delay : List.of(Duration.ofMinutes(5), Duration.ofMinutes(10), Duration.ofMinutes(20))) {
                assertThat(visit(database, ONE))
                        .isEqualTo(new DestinationVisit.NextVisit(Optional.of(in(delay)), false));
                clock.advance(delay);
            }
            assertThat(agent.handed()).hasSize(3);
            assertThat(size(database)).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void RETRY_03_aRetryQueriesDnsAgain(TestDatabase kind) throws Exception {
        try (Database database = opened(kind)) {
            add(database, A);
            agent.answers(mail -> FakeDeliveryAgent.says(452, "4.2.2 full").apply(mail));
            visit(database, ONE);
            clock.advance(Duration.ofMinutes(5));
            visit(database, ONE);
            assertThat(agent.handed()).extracting(mail -> mail.way().freshDns()).containsExactly(false, true);
        }
    }

    @ParameterizedTest
    @EnumSource
    void RETRY_01_greylistingIsRetriedAtTheSameAddress(TestDatabase kind) throws Exception {
        try (Database database = opened(kind)) {
            add(database, A);
            agent.answers(
                    mail -> FakeDeliveryAgent.says(451, "4.7.1 greylisted").apply(mail));
            visit(database, ONE);
            clock.advance(Duration.ofMinutes(5));
            visit(database, ONE);
            assertThat(agent.handed().get(1).way().firstAddress()).contains(FakeDeliveryAgent.ADDRESS);
        }
    }

    @ParameterizedTest
    @EnumSource
    void RETRY_01_aFinalRefusalIsReportedToTheSenderOnce(TestDatabase kind) throws Exception {
        try (Database database = opened(kind)) {
            add(database, A, B);
            agent.answers(
                    mail -> FakeDeliveryAgent.says(550, "5.1.1 no such user").apply(mail));
            visit(database, ONE);
            assertThat(size(database)).isEqualTo(1); // the notice
            assertThat(rung).containsExactly(SENDERS);
            agent.answers(mail -> FakeDeliveryAgent.says(250, "2.0.0 ok").apply(mail));
            visit(database, SENDERS);
            Handed notice = agent.handed().get(1);
            assertThat(notice.sender()).isEmpty();
            assertThat(notice.recipients()).containsExactly(SENDER);
            assertThat(notice.content())
                    .contains("report-type=delivery-status")
                    .contains("Final-Recipient: rfc822; a@one.test")
                    .contains("Final-Recipient: rfc822; b@one.test")
                    .contains("Status: 5.1.1");
            assertThat(size(database)).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void RETRY_02_anAbandonedDeliveryIsReportedWithItsLastStatus(TestDatabase kind) throws Exception {
        try (Database database = opened(kind)) {
            add(database, A);
            agent.answers(mail -> FakeDeliveryAgent.says(452, "4.2.2 full").apply(mail));
            visit(database, ONE);
            clock.advance(Duration.ofDays(5));
            visit(database, ONE);
            agent.answers(mail -> FakeDeliveryAgent.says(250, "2.0.0 ok").apply(mail));
            visit(database, SENDERS);
            assertThat(agent.handed().get(2).content())
                    .contains("Action: failed")
                    .contains("Status: 4.2.2")
                    .contains("452 4.2.2 full");
        }
    }

    @ParameterizedTest
    @EnumSource
    void RETRY_01_aDeliveredRecipientIsSettledEvenIfTheSenderCannotBeNotified(TestDatabase kind) throws Exception {
        try (Database database = opened(kind)) {
            String id = add(database, A, B);
            agent.answers(mail -> {
                damage(database, id);
                DomainReport refused =
                        FakeDeliveryAgent.says(550, "5.1.1 no such user").apply(mail);
                DomainReport accepted = FakeDeliveryAgent.says(250, "2.0.0 ok").apply(mail);
                return accepted.with(List.of(
                        accepted.recipients().get(0), refused.recipients().get(1)));
            });
            assertThat(visit(database, ONE)).isEqualTo(new DestinationVisit.NextVisit(Optional.empty(), false));
            assertThat(size(database)).isEqualTo(1); // its notice is pending
            database.write(connection -> {
                ContentRows.add(
                        connection, id, () -> new ByteArrayInputStream(CONTENT.getBytes(StandardCharsets.UTF_8)));
                return true;
            });
            clock.advance(NoticeSender.RETRY_DELAY);
            assertThat(overdue(database)).isEmpty(); // it is set aside until it is released
            database.write(connection -> {
                PendingNoticeRows.release(connection, id, wall.instant());
                return true;
            });
            assertThat(overdue(database)).containsExactly(id);
            noticeSender(database).send(id);
            agent.answers(mail -> FakeDeliveryAgent.says(250, "2.0.0 ok").apply(mail));
            visit(database, SENDERS);
            assertThat(agent.handed().get(1).content())
                    .contains("Final-Recipient: rfc822; b@one.test")
                    .doesNotContain("a@one.test");
            assertThat(size(database)).isZero();
            assertThat(log.problems())
                    .containsExactly("SEVERE The delivery status notification for message " + id
                            + " cannot be created; it is set aside until the message is released or removed");
        }
    }

    private List<String> overdue(Database database) throws Exception {
        return database.read(connection -> PendingNoticeRows.overdue(connection, wall.instant(), 10));
    }

    @ParameterizedTest
    @EnumSource
    void DSN_oneNoticeListsAllRecipientsOfAMessage(TestDatabase kind) throws Exception {
        try (Database database = opened(kind)) {
            String id = add(database, A, B, ELSEWHERE, AT_THIRD);
            agent.answers(
                    mail -> FakeDeliveryAgent.says(550, "5.1.1 no such user").apply(mail));
            visit(database, ONE);
            visit(database, ELSEWHERE.domain());
            assertThat(rung).isEmpty(); // a delivery is still due
            assertThat(size(database)).isEqualTo(1);
            agent.answers(mail -> FakeDeliveryAgent.says(250, "2.0.0 ok").apply(mail));
            visit(database, AT_THIRD.domain());
            assertThat(rung).containsExactly(SENDERS);
            visit(database, SENDERS);
            assertThat(agent.handed())
                    .filteredOn(mail -> mail.sender().isEmpty())
                    .singleElement()
                    .satisfies(mail -> assertThat(mail.content())
                            .contains("Final-Recipient: rfc822; a@one.test")
                            .contains("Final-Recipient: rfc822; b@one.test")
                            .contains("Final-Recipient: rfc822; c@two.test")
                            .doesNotContain("three.test"));
            noticeSender(database).send(id);
            assertThat(size(database)).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void DSN_anUnreachableDestinationDelaysItAMinuteAtMost(TestDatabase kind) throws Exception {
        try (Database database = opened(kind)) {
            String id = add(database, A, ELSEWHERE);
            agent.answers(
                    mail -> FakeDeliveryAgent.says(550, "5.1.1 no such user").apply(mail));
            visit(database, ONE);
            clock.advance(PendingNoticeRows.GATHERING_TIME.minusMillis(1));
            assertThat(overdue(database)).isEmpty();
            clock.advance(Duration.ofMillis(1));
            assertThat(overdue(database)).containsExactly(id);
            noticeSender(database).send(id);
            assertThat(rung).containsExactly(SENDERS);
            assertThat(size(database)).isEqualTo(2); // the message, and the notice
        }
    }

    /** As if the last deliveries of a message ended at the same time in several processes. */
    @ParameterizedTest
    @EnumSource
    void DSN_concurrentSendersOfANoticeSendItOnce(TestDatabase kind) throws Exception {
        try (Database database = opened(kind)) {
            String id = add(database, A, ELSEWHERE);
            agent.answers(
                    mail -> FakeDeliveryAgent.says(550, "5.1.1 no such user").apply(mail));
            visit(database, ONE);
            clock.advance(PendingNoticeRows.GATHERING_TIME);
            List<Callable<Boolean>> senders = Collections.nCopies(8, () -> {
                noticeSender(database).send(id);
                return true;
            });
            for (Future<Boolean> told : workers.invokeAll(senders)) {
                told.get();
            }
            assertThat(size(database)).isEqualTo(2); // the message, and one notice
            assertThat(rung).containsExactly(SENDERS);
        }
    }

    @ParameterizedTest
    @EnumSource
    void RETRY_02_anUnreadableMessageDoesNotDelayOthers(TestDatabase kind) throws Exception {
        try (Database database = opened(kind)) {
            String damaged = addDamaged(database, A);
            add(database, B);
            wasDown(database);
            visit(database, ONE); // the one that has waited longest comes first
            assertThat(agent.handed()).extracting(Handed::recipients).containsExactly(List.of(B));
            assertThat(size(database)).isEqualTo(1);
            assertThat(log.problems()).containsExactly("SEVERE The message " + damaged + " could not be handled");
        }
    }

    @ParameterizedTest
    @EnumSource
    void RETRY_02_anUnreadableMessageIsKeptEvenAfterItsExpiry(TestDatabase kind) throws Exception {
        try (Database database = opened(kind)) {
            addDamaged(database, A);
            add(database, B);
            wasDown(database);
            clock.advance(Duration.ofDays(5));
            agent.answers(FakeDeliveryAgent::isDown);
            assertThat(visit(database, ONE).backingOff()).isTrue();
            assertThat(size(database)).isEqualTo(2); // the damaged one, and the notice about the other
        }
    }

    private void wasDown(Database database) throws Exception {
        database.write(connection -> {
            DestinationRows.recordFailure(connection, ONE, 1, wall.instant(), "no answer");
            return true;
        });
    }

    private String addDamaged(Database database, Mailbox recipient) throws Exception {
        String id = add(database, recipient);
        damage(database, id);
        return id;
    }

    private static void damage(Database database, String message) throws InterruptedException {
        try {
            database.write(
                    connection -> Sql.update(connection, "DELETE FROM postroad_content WHERE message_id = ?", message));
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @EnumSource
    void RETRY_02_noNoticeIsSentAboutAFailedNotice(TestDatabase kind) throws Exception {
        try (Database database = opened(kind)) {
            add(database, A);
            agent.answers(
                    mail -> FakeDeliveryAgent.says(550, "5.1.1 no such user").apply(mail));
            visit(database, ONE);
            visit(database, SENDERS);
            assertThat(size(database)).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void RETRY_04_anInterruptedDeliveryIsInDoubtAndRetried(TestDatabase kind) throws Exception {
        try (Database database = opened(kind)) {
            cutOff(database);
            visit(database, ONE);
            assertThat(agent.handed()).hasSize(1);
            assertThat(size(database)).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void RETRY_04_anInterruptedDeliveryIsHeldIfConfigured(TestDatabase kind) throws Exception {
        retrying = new Retrying(RetrySchedule.STANDARD, InDoubt.HOLD, Optional.empty());
        try (Database database = opened(kind)) {
            cutOff(database);
            assertThat(visit(database, ONE).at()).isEmpty();
            assertThat(agent.handed()).isEmpty();
            List<QueuedDelivery> left =
                    database.read(connection -> DeliveryRows.read(connection, "WHERE d.domain = ?", ONE));
            assertThat(left).singleElement().satisfies(delivery -> {
                assertThat(delivery.state()).isEqualTo(QueuedMail.State.HELD);
                assertThat(delivery.inDoubt()).isTrue();
            });
        }
    }

    /** Leaves a delivery as a process does that dies during the attempt. */
    private void cutOff(Database database) throws Exception {
        add(database, A);
        database.write(connection -> AttemptRows.begin(connection, "m10000", ONE, wall.instant()));
    }

    @ParameterizedTest
    @EnumSource
    void queue_anUnreachableDestinationIsNotContactedForEachMessage(TestDatabase kind) throws Exception {
        try (Database database = opened(kind)) {
            for (int i = 0; i < 100; i++) {
                add(database, A);
            }
            agent.answers(FakeDeliveryAgent::isDown);
            assertThat(visit(database, ONE))
                    .isEqualTo(new DestinationVisit.NextVisit(Optional.of(in(Duration.ofMinutes(5))), true));
            int first = agent.handed().size();
            assertThat(first).isBetween(5, 9); // each worker once; those in progress when the fifth fails still finish
            assertThat(visit(database, ONE).backingOff()).isTrue();
            assertThat(agent.handed()).hasSize(first);
            clock.advance(Duration.ofMinutes(5));
            assertThat(visit(database, ONE))
                    .isEqualTo(new DestinationVisit.NextVisit(Optional.of(in(Duration.ofMinutes(10))), true));
            assertThat(agent.handed()).hasSize(first + 1);
            agent.answers(mail -> FakeDeliveryAgent.says(250, "2.0.0 ok").apply(mail));
            clock.advance(Duration.ofMinutes(10));
            visit(database, ONE);
            clock.advance(Duration.ofMinutes(10));
            visit(database, ONE);
            assertThat(size(database)).isZero();
            assertThat(agent.handed()).hasSize(first + 1 + 100);
        }
    }

    @ParameterizedTest
    @EnumSource
    void RETRY_02_messagesThatWaitForAnUnreachableDestinationExpire(TestDatabase kind) throws Exception {
        try (Database database = opened(kind)) {
            for (int i = 0; i < 60; i++) {
                add(database, A);
            }
            agent.answers(FakeDeliveryAgent::isDown);
            visit(database, ONE);
            clock.advance(Duration.ofDays(5));
            int before = agent.handed().size();
            visit(database, ONE);
            assertThat(agent.handed()).hasSize(before + 1);
            assertThat(size(database)).isEqualTo(60); // the notices
            agent.answers(mail -> FakeDeliveryAgent.says(250, "2.0.0 ok").apply(mail));
            visit(database, SENDERS);
            assertThat(agent.handed().subList(before + 1, before + 61))
                    .allSatisfy(mail -> assertThat(mail.content()).contains("Status: 4.4.1"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void queue_theSenderIsNotifiedOnceOfADelay(TestDatabase kind) throws Exception {
        retrying = new Retrying(RetrySchedule.STANDARD, InDoubt.RETRY, Optional.of(Duration.ofHours(4)));
        try (Database database = opened(kind)) {
            add(database, A);
            agent.answers(FakeDeliveryAgent::isDown);
            visit(database, ONE);
            for (int i = 0; i < 2; i++) {
                clock.advance(Duration.ofHours(4));
                visit(database, ONE);
            }
            agent.answers(mail -> FakeDeliveryAgent.says(250, "2.0.0 ok").apply(mail));
            visit(database, SENDERS);
            assertThat(agent.handed())
                    .filteredOn(mail -> mail.sender().isEmpty())
                    .singleElement()
                    .satisfies(mail -> assertThat(mail.content()).contains("Action: delayed"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void queue_aPausedDestinationIsNotVisited(TestDatabase kind) throws Exception {
        try (Database database = opened(kind)) {
            add(database, A);
            pause(database, true);
            assertThat(visit(database, ONE)).isEqualTo(new DestinationVisit.NextVisit(Optional.empty(), true));
            assertThat(agent.handed()).isEmpty();
            pause(database, false);
            visit(database, ONE);
            assertThat(agent.handed()).hasSize(1);
        }
    }

    private static void pause(Database database, boolean paused) throws Exception {
        database.write(connection -> {
            DestinationRows.pause(connection, ONE, paused);
            return true;
        });
    }

    @ParameterizedTest
    @EnumSource
    void queue_aClockThatWentBackDelaysNothing(TestDatabase kind) throws Exception {
        try (Database database = opened(kind)) {
            jump = Duration.ofDays(300);
            add(database, A);
            agent.answers(FakeDeliveryAgent::isDown);
            visit(database, ONE);
            jump = Duration.ZERO;
            agent.answers(mail -> FakeDeliveryAgent.says(250, "2.0.0 ok").apply(mail));
            visit(database, ONE);
            assertThat(size(database)).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void queue_aClockThatWentAheadAbandonsNoUntriedDelivery(TestDatabase kind) throws Exception {
        try (Database database = opened(kind)) {
            add(database, A);
            jump = Duration.ofDays(300);
            visit(database, ONE);
            assertThat(agent.handed())
                    .singleElement()
                    .satisfies(mail -> assertThat(mail.recipients()).containsExactly(A));
            assertThat(size(database)).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void limits_domainsWithTheSameMailExchangersShareThem(TestDatabase kind) throws Exception {
        try (Database database = opened(kind)) {
            Throttle throttle = new Throttle(QueueSettings.DestinationLimits.DEFAULTS, wall);
            DestinationVisits visits = visits(database, throttle);
            for (int i = 0; i < QueueSettings.DestinationLimits.DEFAULTS.concurrency(); i++) {
                assertThat(throttle.acquire(agent.destinationKey(SENDERS))).isEmpty();
            }
            add(database, A);
            assertThat(visits.visit(ONE, DestinationLease.FOR_EVER))
                    .isEqualTo(new DestinationVisit.NextVisit(Optional.of(in(Throttle.BUSY)), false));
            assertThat(agent.handed()).isEmpty();
            throttle.release(agent.destinationKey(SENDERS));
            visits.visit(ONE, DestinationLease.FOR_EVER);
            assertThat(agent.handed()).hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void queue_successIsReportedIfRequestedAndTheServerDoesNotReportIt(TestDatabase kind) throws Exception {
        try (Database database = opened(kind)) {
            notify = Set.of(Notify.SUCCESS);
            add(database, A);
            visit(database, ONE);
            visit(database, SENDERS);
            assertThat(agent.handed().get(1).content())
                    .contains("Action: relayed")
                    .contains("Final-Recipient: rfc822; a@one.test");
            assertThat(size(database)).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void queue_noNoticeIsSentWithNotifyNever(TestDatabase kind) throws Exception {
        try (Database database = opened(kind)) {
            notify = Set.of(Notify.NEVER);
            add(database, A);
            agent.answers(
                    mail -> FakeDeliveryAgent.says(550, "5.1.1 no such user").apply(mail));
            visit(database, ONE);
            assertThat(size(database)).isZero();
        }
    }
}
