// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postroad.api.BounceClass;
import org.postroad.api.Domain;
import org.postroad.api.EnhancedStatus;
import org.postroad.api.Mailbox;
import org.postroad.api.QueueOptions;
import org.postroad.api.QueueShape;
import org.postroad.api.QueueShape.Reason;
import org.postroad.provider.internal.envelope.Envelope;
import org.postroad.provider.internal.message.SpooledMessage;
import org.postroad.provider.internal.queue.QueueSettings.History;
import org.postroad.provider.internal.queue.QueueSettings.Timing;
import org.postroad.provider.internal.queue.store.Database;
import org.postroad.provider.internal.queue.store.QueuedMessage;
import org.postroad.provider.internal.queue.store.TestDatabase;

/** The shape of a queue whose deliveries fail, also if it keeps no history. */
@Timeout(300)
class QueueShapeTest extends QueueTesting {

    private static final Timing PACE =
            new Timing(Duration.ofMillis(50), Duration.ofMinutes(1), 20, Duration.ofSeconds(10));
    private static final Domain ONE = Domain.parse("one.test");
    private static final Domain TWO = Domain.parse("two.test");
    private static final Mailbox SENDER = Mailbox.parse("me@sender.test");

    private static void submit(QueueManager queue, String... recipients) throws Exception {
        try (SpooledMessage content = content("x")) {
            queue.submit(
                    Envelope.of(
                            Optional.of(SENDER),
                            Stream.of(recipients).map(Mailbox::parse).toList()),
                    content,
                    new QueuedMessage.Labels(Optional.empty(), Optional.empty()),
                    QueueOptions.NONE);
        }
    }

    /** Each reply names its recipient. */
    @ParameterizedTest
    @EnumSource
    void queue_theReasonsOfWaitingDeliveriesAreKnownWithoutAHistory(TestDatabase kind) throws Exception {
        history = new History(Duration.ZERO, 1000);
        agent.answers(mail -> {
            Mailbox recipient = mail.recipients().get(0);
            String domain = recipient.domain().toString();
            return domain.equals("three.test")
                    ? FakeDeliveryAgent.says(250, "2.0.0 ok").apply(mail)
                    : domain.equals("two.test")
                            ? FakeDeliveryAgent.says(451, "4.7.1 Greylisted").apply(mail)
                            : FakeDeliveryAgent.says(452, "4.2.2 <" + recipient + "> is over quota")
                                    .apply(mail);
        });
        try (Database database = kind.open(directory);
                QueueManager queue = open(database, PACE)) {
            QueueControl control = new QueueControl(queue);
            submit(queue, "a@one.test", "a@two.test", "a@three.test");
            submit(queue, "b@one.test", "b@one.test");
            QueueShape shape = control.shape(10);
            while (shape.domains() > 2 || failed(shape) < 3) {
                spin();
                shape = control.shape(10);
            }
            assertThat(shape.rows())
                    .extracting(row -> row.domain() + " " + row.counts().byAge().get(0))
                    .containsExactly("one.test 2", "two.test 1");
            assertThat(shape.reasons())
                    .extracting(Reason::bounceClass, Reason::status, Reason::deliveries, Reason::example)
                    .containsExactly(
                            tuple(BounceClass.MAILBOX_FULL, new EnhancedStatus(4, 2, 2), 2L, Optional.of(ONE)),
                            tuple(BounceClass.GREYLISTING, new EnhancedStatus(4, 7, 1), 1L, Optional.of(TWO)));
            assertThat(shape.reasons().get(0).text()).contains("452 4.2.2 * is over quota");
        }
    }

    private static long failed(QueueShape shape) {
        return shape.reasons().stream().mapToLong(Reason::deliveries).sum();
    }

    @ParameterizedTest
    @EnumSource(names = "SQLITE")
    void queue_theNumberOfRowsHasALimit(TestDatabase kind) throws Exception {
        try (Database database = kind.open(directory);
                QueueManager queue = open(database, PACE)) {
            QueueControl control = new QueueControl(queue);
            for (int wrong : List.of(0, QueueControl.MAX_PAGE + 1)) {
                assertThatThrownBy(() -> control.shape(wrong))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessage("A page has 1 to 1000 entries, not " + wrong);
            }
            assertThat(control.shape(1).rows()).isEmpty();
            assertThat(control.shape(QueueControl.MAX_PAGE).rows()).isEmpty();
        }
    }
}
