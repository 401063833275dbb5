// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postroad.api.DeliveryEvent;
import org.postroad.api.Mailbox;
import org.postroad.api.Priority;
import org.postroad.api.QueueFilter;
import org.postroad.api.QueueOptions;
import org.postroad.api.QueuedMail;
import org.postroad.api.QueuedMail.State;
import org.postroad.api.SelectionCount;
import org.postroad.provider.internal.envelope.Envelope;
import org.postroad.provider.internal.message.SpooledMessage;
import org.postroad.provider.internal.queue.QueueSettings.Timing;
import org.postroad.provider.internal.queue.store.ContentRows;
import org.postroad.provider.internal.queue.store.QueuedMessage;
import org.postroad.provider.internal.queue.store.Sql;
import org.postroad.provider.internal.queue.store.TestDatabase;

/** Actions on all deliveries that a filter selects, on every database. */
@Timeout(300)
class SelectionTest extends QueueTesting {

    private static final Mailbox SENDER = Mailbox.parse("me@sender.test");
    private static final Mailbox A = Mailbox.parse("a@one.test");
    private static final Mailbox B = Mailbox.parse("b@one.test");
    private static final Mailbox C = Mailbox.parse("c@other.test");
    private static final QueueFilter ONE = QueueFilter.to(A.domain());
    private static final QueueFilter OTHER = QueueFilter.to(C.domain());

    /** The poll never comes within a test. */
    private static final Timing RARELY =
            new Timing(Duration.ofHours(1), Duration.ofMinutes(1), 20, Duration.ofSeconds(10));

    /** Opens a queue that delivers to neither domain. */
    private QueueManager openPaused(TestDatabase kind) throws Exception {
        QueueManager queue = open(kind.open(directory), RARELY);
        new QueueControl(queue).pause(A.domain());
        new QueueControl(queue).pause(C.domain());
        return queue;
    }

    private static String submit(QueueManager queue, QueueOptions options, Mailbox... recipients) throws Exception {
        try (SpooledMessage content = content("x")) {
            return queue.submit(
                            Envelope.of(Optional.of(SENDER), List.of(recipients)),
                            content,
                            new QueuedMessage.Labels(Optional.empty(), Optional.empty()),
                            options)
                    .id();
        }
    }

    private static String submit(QueueManager queue, Mailbox... recipients) throws Exception {
        return submit(queue, QueueOptions.NONE, recipients);
    }

    private static SelectionControl select(QueueManager queue, QueueFilter filter) {
        return new QueueControl(queue).select(filter, done -> {});
    }

    private static SelectionCount count(QueueManager queue, QueueFilter filter) {
        return select(queue, filter).count();
    }

    private static long deliveries(QueueManager queue, QueueFilter filter) {
        return count(queue, filter).deliveries();
    }

    /** Returns all rows of the tables that an operator changes. */
    private static List<String> rows(QueueManager queue) {
        List<String> rows = new ArrayList<>();
        rows.addAll(read(
                queue,
                connection -> Sql.query(
                        connection,
                        "SELECT message_id, domain, state, due_at, attempts, not_before FROM postroad_delivery ORDER BY message_id, domain",
                        row -> row.getString(1) + " " + row.getString(2) + " " + row.getString(3) + " " + row.getLong(4)
                                + " " + row.getInt(5) + " " + row.getLong(6))));
        rows.addAll(read(
                queue,
                connection -> Sql.query(
                        connection,
                        "SELECT id, expires_at FROM postroad_message ORDER BY id",
                        row -> row.getString(1) + " " + row.getLong(2))));
        return rows;
    }

    @ParameterizedTest
    @EnumSource
    void queue_aCountIsADryRun(TestDatabase kind) throws Exception {
        try (QueueManager queue = openPaused(kind)) {
            assertThat(count(queue, QueueFilter.ALL)).isEqualTo(new SelectionCount(0, 0, 0, Optional.empty()));
            String first = submit(queue, A, B, C);
            submit(queue, A);
            List<String> before = rows(queue);
            Instant oldest = new QueueControl(queue).show(first).orElseThrow().queuedAt();
            assertThat(count(queue, QueueFilter.ALL)).isEqualTo(new SelectionCount(2, 3, 4, Optional.of(oldest)));
            assertThat(count(queue, ONE)).isEqualTo(new SelectionCount(2, 2, 3, Optional.of(oldest)));
            assertThat(count(queue, OTHER)).isEqualTo(new SelectionCount(1, 1, 1, Optional.of(oldest)));
            assertThat(count(queue, OTHER.withState(State.HELD)).deliveries()).isZero();
            assertThat(rows(queue)).isEqualTo(before);
        }
    }

    @ParameterizedTest
    @EnumSource
    void queue_onlySelectedDeliveriesOfAMessageAreChanged(TestDatabase kind) throws Exception {
        Instant later = Instant.parse("2100-01-01T00:00:00Z");
        try (QueueManager queue = openPaused(kind)) {
            String id = submit(queue, A, C);
            submit(queue, C);
            assertThat(select(queue, OTHER).hold()).isEqualTo(2);
            assertThat(select(queue, OTHER).hold()).isZero();
            assertThat(deliveries(queue, ONE.withState(State.OPEN))).isEqualTo(1);
            assertThat(deliveries(queue, OTHER.withState(State.HELD))).isEqualTo(2);
            assertThat(select(queue, QueueFilter.ALL).release()).isEqualTo(2);
            assertThat(deliveries(queue, OTHER.withState(State.OPEN))).isEqualTo(2);
            assertThat(select(queue, ONE).expire(later)).isEqualTo(1);
            assertThat(new QueueControl(queue).show(id).orElseThrow().expiresAt())
                    .isEqualTo(later);
            assertThat(select(queue, OTHER).remove()).isEqualTo(2);
            assertThat(new QueueControl(queue).list(QueueFilter.ALL, "", 10))
                    .singleElement()
                    .satisfies(mail -> {
                        assertThat(mail.id()).isEqualTo(id);
                        assertThat(mail.deliveries())
                                .extracting(QueuedMail.Delivery::domain)
                                .containsExactly(A.domain());
                    });
            assertThat(agent.told.stream()
                            .filter(event -> !(event instanceof DeliveryEvent.Queued))
                            .map(event -> event.getClass().getSimpleName()))
                    .containsExactly("Held", "Held", "Released", "Released", "Removed", "Removed");
        }
    }

    @ParameterizedTest
    @EnumSource
    void queue_aRetryOfASelectionIsDeliveredImmediately(TestDatabase kind) throws Exception {
        try (QueueManager queue = open(kind.open(directory), RARELY)) {
            QueueOptions tomorrow = QueueOptions.NONE.withSendAt(Instant.now().plus(Duration.ofDays(1)));
            submit(queue, tomorrow, A);
            submit(queue, tomorrow, A, C);
            assertThat(select(queue, OTHER.withState(State.FUTURE)).retry()).isEqualTo(1);
            agent.awaitTold(2);
            while (deliveries(queue, OTHER) > 0) {
                spin();
            }
            assertThat(agent.handed())
                    .singleElement()
                    .satisfies(mail -> assertThat(mail.recipients()).containsExactly(C));
            assertThat(deliveries(queue, ONE)).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void queue_oneNoticeReportsTheSelectedDeliveriesOfAMessage(TestDatabase kind) throws Exception {
        Mailbox[] recipients = new Mailbox[SelectionControl.STEP + 20]; // more than one step
        for (int i = 0; i < recipients.length; i++) {
            recipients[i] = Mailbox.parse("r@d" + i + ".test");
        }
        agent.answers(FakeDeliveryAgent::isInDoubt);
        retrying = new QueueSettings.Retrying(retrying.schedule(), QueueSettings.InDoubt.HOLD, retrying.delayWarning());
        try (QueueManager queue = open(kind.open(directory), RARELY)) {
            String id = submit(queue, recipients);
            while (deliveries(queue, QueueFilter.in(State.HELD)) < recipients.length) {
                spin();
            }
            agent.answers(mail -> FakeDeliveryAgent.says(250, "2.0.0 ok").apply(mail));
            List<Long> progress = new ArrayList<>();
            assertThat(new QueueControl(queue)
                            .select(QueueFilter.in(State.HELD), progress::add)
                            .bounce())
                    .isEqualTo(recipients.length);
            assertThat(progress).containsExactly((long) SelectionControl.STEP, (long) recipients.length);
            awaitEmpty(queue);
            assertThat(agent.handed().stream().filter(mail -> mail.recipients().contains(SENDER)))
                    .singleElement()
                    .satisfies(notice -> assertThat(notice.content())
                            .contains("r@d0.test")
                            .contains("r@d" + (recipients.length - 1) + ".test"));
            assertThat(new QueueControl(queue).show(id)).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void queue_mailThatArrivesMeanwhileIsNotIncluded(TestDatabase kind) throws Exception {
        try (QueueManager queue = openPaused(kind)) {
            for (int i = 0; i < SelectionControl.STEP + 1; i++) {
                submit(queue, A);
            }
            AtomicReference<String> late = new AtomicReference<>("");
            long held = new QueueControl(queue)
                    .select(ONE, done -> {
                        if (String.valueOf(late.get()).isEmpty()) {
                            late.set(quietly(() -> submit(queue, A)));
                        }
                    })
                    .hold();
            assertThat(held).isEqualTo(SelectionControl.STEP + 1);
            assertThat(new QueueControl(queue).list(QueueFilter.in(State.OPEN), "", 10))
                    .extracting(QueuedMail::id)
                    .containsExactly(late.get());
        }
    }

    private interface Step {
        String run() throws Exception;
    }

    private static String quietly(Step step) {
        try {
            return step.run();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void queue_anInterruptEndsAnActionBetweenTwoSteps() throws Exception {
        try (QueueManager queue = openPaused(TestDatabase.SQLITE)) {
            for (int i = 0; i < SelectionControl.STEP + 1; i++) {
                submit(queue, A);
            }
            SelectionControl selection = new QueueControl(queue)
                    .select(ONE, done -> Thread.currentThread().interrupt());
            assertThatThrownBy(selection::hold).isInstanceOf(InterruptedException.class);
            assertThat(Thread.interrupted()).isFalse();
            assertThat(deliveries(queue, ONE.withState(State.HELD))).isEqualTo(SelectionControl.STEP);
            assertThat(select(queue, ONE).hold()).isEqualTo(1); // the rest
        }
    }

    @ParameterizedTest
    @EnumSource
    void queue_aFilterHasWhatOperatorsLookFor(TestDatabase kind) throws Exception {
        agent.answers(mail ->
                FakeDeliveryAgent.says(450, "4.7.1 listed by 100%_Spam!house").apply(mail));
        try (QueueManager queue = open(kind.open(directory), RARELY)) {
            String refused = submit(queue, QueueOptions.NONE.withPriority(Priority.HIGH), A);
            while (deliveries(queue, QueueFilter.ALL.withReason("listed by")) == 0) {
                spin();
            }
            new QueueControl(queue).pause(C.domain());
            String waiting = submit(queue, C);
            Instant at = new QueueControl(queue).show(refused).orElseThrow().queuedAt();
            assertThat(ids(queue, QueueFilter.ALL.withReason("LISTED BY 100%_spam!H")))
                    .containsExactly(refused);
            assertThat(ids(queue, QueueFilter.ALL.withReason("100x"))).isEmpty();
            assertThat(ids(queue, OTHER.withReason("listed"))).isEmpty();
            assertThat(ids(queue, QueueFilter.ALL.withPriority(Priority.HIGH))).containsExactly(refused);
            assertThat(ids(queue, QueueFilter.ALL.withPriority(Priority.NORMAL)))
                    .containsExactly(waiting);
            assertThat(ids(queue, QueueFilter.ALL.withQueuedSince(at))).contains(refused);
            assertThat(ids(queue, QueueFilter.ALL.withQueuedBefore(at))).isEmpty();
            assertThat(ids(queue, QueueFilter.ALL.withQueuedSince(at.plusSeconds(3600))))
                    .isEmpty();
            assertThat(ids(queue, QueueFilter.ALL.withRecipient(C))).containsExactly(waiting);
            assertThat(ids(queue, ONE.withRecipient(C))).isEmpty();
            assertThat(ids(queue, QueueFilter.ALL.withSender(SENDER))).containsExactly(refused, waiting);
            assertThat(ids(queue, QueueFilter.ALL.withSender(A))).isEmpty();
            assertThatThrownBy(() -> QueueFilter.ALL.withReason(""))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("1 to 250 characters, not 0");
        }
    }

    /** Lists by a filter. A selection agrees with the list. */
    private static List<String> ids(QueueManager queue, QueueFilter filter) {
        List<String> ids = new QueueControl(queue)
                .list(filter, "", 100).stream().map(QueuedMail::id).toList();
        assertThat(count(queue, filter).messages()).as(filter.toString()).isEqualTo(ids.size());
        return ids;
    }

    @ParameterizedTest
    @EnumSource
    void queue_theContentOfAMessageIsCopied(TestDatabase kind) throws Exception {
        String text = "Subject: x\r\n\r\n" + "y".repeat(70).concat("\r\n").repeat(2 * ContentRows.PART / 72);
        try (QueueManager queue = openPaused(kind);
                SpooledMessage content = content(text)) {
            String id = queue.submit(
                            Envelope.of(Optional.of(SENDER), List.of(A)),
                            content,
                            new QueuedMessage.Labels(Optional.empty(), Optional.empty()),
                            QueueOptions.NONE)
                    .id();
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            assertThat(new QueueControl(queue).writeTo(id, out)).isTrue();
            assertThat(out.toString(StandardCharsets.US_ASCII)).isEqualTo(text);
            assertThat(new QueueControl(queue).writeTo("nosuch", out)).isFalse();
            queue.writeForCaller(connection -> Sql.update(connection, "DELETE FROM postroad_content WHERE part = 1"));
            assertThatThrownBy(() -> new QueueControl(queue).writeTo(id, out))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("is damaged");
        }
    }

    @ParameterizedTest
    @EnumSource
    void queue_aDeliveryInProgressIsCountedAndNotChanged(TestDatabase kind) throws Exception {
        Semaphore going = new Semaphore(0);
        agent.answers(mail -> {
            going.acquire();
            return FakeDeliveryAgent.says(250, "2.0.0 ok").apply(mail);
        });
        try (QueueManager queue = open(kind.open(directory), RARELY)) {
            submit(queue, A);
            while (deliveries(queue, QueueFilter.in(State.TRYING)) == 0) {
                spin();
            }
            assertThat(count(queue, ONE).deliveries()).isEqualTo(1);
            assertThat(select(queue, ONE).hold()).isZero();
            assertThat(select(queue, ONE).remove()).isZero();
            assertThat(select(queue, ONE).bounce()).isZero();
            going.release();
            awaitEmpty(queue);
            assertThat(agent.handed()).hasSize(1);
        }
    }

    @Test
    void queue_aDeliveryThatCannotBeReadCanBeRemoved() throws Exception {
        try (QueueManager queue = openPaused(TestDatabase.SQLITE)) {
            submit(queue, A);
            submit(queue, C);
            queue.writeForCaller(connection ->
                    Sql.update(connection, "UPDATE postroad_delivery SET domain = '..' WHERE domain = ?", A.domain()));
            assertThat(select(queue, QueueFilter.ALL).remove()).isEqualTo(2);
            assertThat(size(queue)).isZero();
        }
    }
}
