// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postroad.api.MailHistory.Fate;
import org.postroad.api.Mailbox;
import org.postroad.api.Priority;
import org.postroad.api.QueueFilter;
import org.postroad.api.QueueOptions;
import org.postroad.api.QueuedMail;
import org.postroad.api.QueuedMail.State;
import org.postroad.provider.internal.envelope.Envelope;
import org.postroad.provider.internal.message.SpooledMessage;
import org.postroad.provider.internal.queue.QueueSettings.Retrying;
import org.postroad.provider.internal.queue.QueueSettings.Timing;
import org.postroad.provider.internal.queue.store.AttemptRows;
import org.postroad.provider.internal.queue.store.QueueException;
import org.postroad.provider.internal.queue.store.QueueRows;
import org.postroad.provider.internal.queue.store.QueuedDelivery;
import org.postroad.provider.internal.queue.store.QueuedMessage;
import org.postroad.provider.internal.queue.store.TestDatabase;

/** Messages that are sent later, and given up at a time of their own, on every database. */
@Timeout(300)
class SendAtTest extends QueueTesting {

    private static final Mailbox SENDER = Mailbox.parse("a@sender.test");
    private static final Mailbox A = Mailbox.parse("a@one.test");
    private static final Mailbox B = Mailbox.parse("b@one.test");

    /** Longer than the longest wait between two attempts. A time so far ahead is otherwise that of a wrong clock. */
    private static final Duration FAR = Duration.ofDays(300);

    private static final Timing OFTEN =
            new Timing(Duration.ofMillis(50), Duration.ofMinutes(1), 20, Duration.ofSeconds(10));

    private volatile Duration passed = Duration.ZERO;
    private Instant sendAt = Instant.EPOCH;

    @BeforeEach
    void useAVirtualClock() {
        Instant start = Instant.ofEpochMilli(Instant.now().toEpochMilli());
        clock = () -> start.plus(passed);
        sendAt = start.plus(FAR);
    }

    private String submit(QueueManager queue, QueueOptions options, Mailbox... recipients) throws Exception {
        try (SpooledMessage content = content("Subject: x\r\n\r\nx\r\n")) {
            return queue.submit(
                            Envelope.of(Optional.of(SENDER), List.of(recipients)),
                            content,
                            new QueuedMessage.Labels(Optional.empty(), Optional.empty()),
                            options)
                    .id();
        }
    }

    private String later(QueueManager queue) throws Exception {
        return submit(queue, QueueOptions.NONE.withSendAt(sendAt), A);
    }

    private static QueuedMail.Delivery delivery(QueueManager queue, String id) {
        return new QueueControl(queue).show(id).orElseThrow().deliveries().get(0);
    }

    private void awaitDelivered(Mailbox mailbox) {
        while (agent.handed().stream().noneMatch(mail -> mail.recipients().contains(mailbox))) {
            spin();
        }
    }

    @ParameterizedTest
    @EnumSource
    void queue_aMessageIsNotSentBeforeItsTime(TestDatabase kind) throws Exception {
        try (QueueManager queue = open(kind.open(directory), OFTEN)) {
            String id = later(queue);
            submit(queue, QueueOptions.NONE, B); // visits the destination
            awaitDelivered(B);
            assertThat(delivery(queue, id).state()).isEqualTo(State.FUTURE);
            assertThat(delivery(queue, id).dueAt()).isEqualTo(sendAt);
            assertThat(new QueueControl(queue).list(QueueFilter.in(State.FUTURE), "", 10))
                    .extracting(QueuedMail::id)
                    .containsExactly(id);
            assertThat(new QueueControl(queue).show(id).orElseThrow().expiresAt())
                    .isEqualTo(sendAt.plus(admission.lifetime()));
            assertThat(new QueueControl(queue)
                            .history(id)
                            .orElseThrow()
                            .recipients()
                            .get(0)
                            .fate())
                    .isEqualTo(Fate.WAITING);
            passed = FAR.minusMillis(1);
            Mailbox other = Mailbox.parse("c@one.test");
            submit(queue, QueueOptions.NONE, other);
            awaitDelivered(other);
            assertThat(delivery(queue, id).state()).isEqualTo(State.FUTURE);
            passed = FAR;
            awaitDelivered(A);
            awaitEmpty(queue);
        }
    }

    @ParameterizedTest
    @EnumSource
    void queue_aTimeThatHasPassedIsNow(TestDatabase kind) throws Exception {
        try (QueueManager queue = open(kind.open(directory), OFTEN)) {
            submit(queue, QueueOptions.NONE.withSendAt(clock.instant().minusSeconds(1)), A);
            submit(queue, QueueOptions.NONE.withSendAt(Instant.MIN), B);
            awaitEmpty(queue);
        }
    }

    @ParameterizedTest
    @EnumSource
    void queue_anOperatorCanSendIt(TestDatabase kind) throws Exception {
        try (QueueManager queue = open(kind.open(directory), OFTEN)) {
            String id = later(queue);
            assertThat(new QueueControl(queue).retry(id)).isEqualTo(1);
            awaitEmpty(queue);
            assertThat(agent.handed()).hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void queue_onceAnOperatorSentItItsTimeHasCome(TestDatabase kind) throws Exception {
        agent.answers(mail -> FakeDeliveryAgent.says(450, "4.2.1 later").apply(mail));
        try (QueueManager queue = open(kind.open(directory), OFTEN)) {
            String id = later(queue);
            new QueueControl(queue).retry(id);
            while (delivery(queue, id).attempts() < 1 || delivery(queue, id).state() == State.TRYING) {
                spin();
            }
            new QueueControl(queue).pause(A.domain());
            new QueueControl(queue).hold(id);
            new QueueControl(queue).release(id);
            assertThat(delivery(queue, id).state()).isEqualTo(State.OPEN);
        }
    }

    @ParameterizedTest
    @EnumSource
    void queue_afterAHoldItKeepsItsTime(TestDatabase kind) throws Exception {
        try (QueueManager queue = open(kind.open(directory), OFTEN)) {
            String id = later(queue);
            assertThat(new QueueControl(queue).hold(id)).isEqualTo(1);
            assertThat(delivery(queue, id).state()).isEqualTo(State.HELD);
            assertThat(new QueueControl(queue).release(id)).isEqualTo(1);
            assertThat(delivery(queue, id).state()).isEqualTo(State.FUTURE);
            assertThat(delivery(queue, id).dueAt()).isEqualTo(sendAt);
            new QueueControl(queue).hold(id);
            passed = FAR;
            new QueueControl(queue).release(id);
            awaitEmpty(queue);
        }
    }

    @ParameterizedTest
    @EnumSource
    void queue_aDrainDoesNotSendIt(TestDatabase kind) throws Exception {
        try (QueueManager queue = open(kind.open(directory), OFTEN)) {
            String id = later(queue);
            assertThat(new QueueControl(queue).drain(Duration.ZERO)).isFalse();
            assertThat(delivery(queue, id).state()).isEqualTo(State.FUTURE);
        }
    }

    @ParameterizedTest
    @EnumSource
    void queue_itCanBeRemoved(TestDatabase kind) throws Exception {
        try (QueueManager queue = open(kind.open(directory), OFTEN)) {
            String id = later(queue);
            assertThat(new QueueControl(queue).remove(id)).isEqualTo(1);
            assertThat(size(queue)).isZero();
            assertThat(new QueueControl(queue)
                            .history(id)
                            .orElseThrow()
                            .recipients()
                            .get(0)
                            .fate())
                    .isEqualTo(Fate.REMOVED);
        }
    }

    /** A delay is counted from the time of sending. */
    @ParameterizedTest
    @EnumSource
    void queue_aMessageIsLateOnlyAfterItsTime(TestDatabase kind) throws Exception {
        Duration warning = Duration.ofHours(4);
        retrying = new Retrying(RetrySchedule.STANDARD, QueueSettings.InDoubt.RETRY, Optional.of(warning));
        try (QueueManager queue = open(kind.open(directory), OFTEN)) {
            new QueueControl(queue).pause(A.domain());
            String id = later(queue);
            passed = FAR;
            DueTimes times = new DueTimes(clock, retrying);
            assertThat(overdue(queue, times)).isEmpty();
            passed = FAR.plus(warning);
            assertThat(overdue(queue, times)).containsExactly(id);
            Optional<QueuedDelivery> begun =
                    queue.writeForCaller(connection -> AttemptRows.begin(connection, id, A.domain(), clock.instant()));
            assertThat(begun.orElseThrow().firstDueAt()).isEqualTo(sendAt);
        }
    }

    private static List<String> overdue(QueueManager queue, DueTimes times) {
        return read(queue, connection -> QueueRows.overdue(connection, A.domain(), times.overdue(), 10));
    }

    @ParameterizedTest
    @EnumSource
    void RETRY_02_aMessageIsGivenUpAtItsOwnTime(TestDatabase kind) throws Exception {
        agent.answers(mail -> FakeDeliveryAgent.says(450, "4.2.1 later").apply(mail));
        try (QueueManager queue = open(kind.open(directory), OFTEN)) {
            QueueOptions options = QueueOptions.NONE
                    .withGiveUpBy(clock.instant().plus(Duration.ofMinutes(10)))
                    .withPriority(Priority.HIGH);
            String id = submit(queue, options, A);
            while (delivery(queue, id).attempts() < 1 || delivery(queue, id).state() == State.TRYING) {
                spin();
            }
            assertThat(delivery(queue, id).priority()).isEqualTo(Priority.HIGH);
            passed = Duration.ofMinutes(10);
            Fate fate = Fate.DEFERRED;
            while (!fate.isFinal()) {
                fate = new QueueControl(queue)
                        .history(id)
                        .orElseThrow()
                        .recipients()
                        .get(0)
                        .fate();
                spin();
            }
            assertThat(fate).isEqualTo(Fate.EXPIRED);
        }
    }

    @ParameterizedTest
    @EnumSource(names = "SQLITE")
    void queue_impossibleTimesAreRefused(TestDatabase kind) throws Exception {
        try (QueueManager queue = open(kind.open(directory), OFTEN)) {
            new QueueControl(queue).pause(A.domain());
            Instant now = clock.instant();
            Instant last = now.plus(QueueOptions.MAX_AHEAD);
            submit(queue, QueueOptions.NONE.withSendAt(last), A);
            submit(queue, QueueOptions.NONE.withGiveUpBy(last), A);
            submit(queue, QueueOptions.NONE.withGiveUpBy(now.plusMillis(1)), A);
            assertThatThrownBy(() -> submit(queue, QueueOptions.NONE.withSendAt(last.plusMillis(1)), A))
                    .isInstanceOf(QueueException.class)
                    .hasMessage("The message would be sent at " + last.plusMillis(1)
                            + ", but a message is sent at most 366 days after it is queued");
            assertThatThrownBy(() -> submit(queue, QueueOptions.NONE.withGiveUpBy(Instant.MAX), A))
                    .isInstanceOf(QueueException.class)
                    .hasMessageContaining("is given up at most 366 days after it is queued");
            assertThatThrownBy(() -> submit(queue, QueueOptions.NONE.withGiveUpBy(now), A))
                    .isInstanceOf(QueueException.class)
                    .hasMessage("The message would be given up at " + now + ", which has passed");
            assertThat(size(queue)).isEqualTo(3);
        }
    }
}
