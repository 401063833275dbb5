// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postroad.api.Domain;
import org.postroad.api.Mailbox;
import org.postroad.api.QueueOptions;
import org.postroad.provider.internal.envelope.Envelope;
import org.postroad.provider.internal.message.SpooledMessage;
import org.postroad.provider.internal.queue.QueueSettings.InDoubt;
import org.postroad.provider.internal.queue.QueueSettings.Retrying;
import org.postroad.provider.internal.queue.QueueSettings.Timing;
import org.postroad.provider.internal.queue.store.Database;
import org.postroad.provider.internal.queue.store.FailingConnections;
import org.postroad.provider.internal.queue.store.FailingConnections.Point;
import org.postroad.provider.internal.queue.store.QueueException;
import org.postroad.provider.internal.queue.store.QueuedMessage;
import org.postroad.provider.internal.queue.store.TestDatabase;

/** A queue whose database connection can be lost at any point. */
@Timeout(300)
class FailingConnectionsTest extends QueueTesting {

    private static final int MESSAGES = 60;

    /** One in this many operations loses the connection. */
    private static final int ODDS = 12;

    /** Number of deliveries while connections are lost. */
    private static final int DELIVERIES = 20;

    private static final Timing PACE =
            new Timing(Duration.ofMillis(100), Duration.ofSeconds(6), 20, Duration.ofSeconds(10));

    private final CountDownLatch handed = new CountDownLatch(DELIVERIES);
    private final List<Integer> accepted = new ArrayList<>();
    private final List<Integer> refused = new ArrayList<>();
    private final List<Integer> unknown = new ArrayList<>();

    private QueueManager open(FailingConnections line) throws Exception {
        retrying = new Retrying(new RetrySchedule(List.of(Duration.ofSeconds(1))), InDoubt.RETRY, Optional.empty());
        return open(TestDatabase.of(line.dataSource()), PACE);
    }

    private static String text(int number) {
        return "message " + number + ".\r\n";
    }

    private void submit(QueueManager queue, int number) throws Exception {
        List<Mailbox> recipients =
                List.of(Mailbox.parse("a@one" + number % 5 + ".test"), Mailbox.parse("b@other" + number % 7 + ".test"));
        try (SpooledMessage content = content(text(number))) {
            queue.submit(
                    Envelope.of(Optional.empty(), recipients),
                    content,
                    new QueuedMessage.Labels(Optional.empty(), Optional.empty()),
                    QueueOptions.NONE);
            accepted.add(number);
        } catch (QueueException e) {
            boolean certain = e.toString().contains("nothing was stored");
            assertThat(certain).isNotEqualTo(e.toString().contains("is unknown"));
            (certain ? refused : unknown).add(number);
        }
    }

    /** Returns the domains that the message was delivered to, one entry for each delivery. */
    private List<Domain> delivered(int number) {
        return agent.handed().stream()
                .filter(one -> one.content().equals(text(number)))
                .map(one -> one.recipients().get(0).domain())
                .toList();
    }

    @Test
    void queue_aCommitWhoseReplyWasLostIsRecognised() throws Exception {
        try (Database database = TestDatabase.H2.open(directory)) {
            FailingConnections line = new FailingConnections(database.dataSource());
            AtomicBoolean broke = new AtomicBoolean();
            try (QueueManager queue = open(line)) {
                line.breaks = point -> point == Point.COMMITTED && !broke.getAndSet(true);
                submit(queue, 1);
                awaitEmpty(queue);
            }
            assertThat(broke).isTrue();
            assertThat(accepted).containsExactly(1);
            assertThat(delivered(1)).hasSize(2);
        }
        assertOnlyTheLineIsBlamed();
    }

    @Test
    void queue_theErrorSaysIfItIsUnknownWhetherAMessageWasStored() throws Exception {
        try (Database database = TestDatabase.H2.open(directory)) {
            FailingConnections line = new FailingConnections(database.dataSource());
            AtomicBoolean broke = new AtomicBoolean();
            AtomicBoolean away = new AtomicBoolean();
            try (QueueManager queue = open(line)) {
                line.breaks = point -> point == Point.COMMITTING && !broke.getAndSet(true);
                submit(queue, 1); // which is not stored
                line.breaks = point -> point == Point.COMMITTED ? !away.getAndSet(true) : away.get();
                submit(queue, 2); // which is stored, but cannot be looked up
                line.breaks = point -> false;
                awaitEmpty(queue);
            }
            assertThat(unknown).containsExactly(1, 2);
            assertThat(delivered(1)).isEmpty();
            assertThat(delivered(2)).hasSize(2);
        }
        assertOnlyTheLineIsBlamed();
    }

    @ParameterizedTest
    @EnumSource(names = "SQLITE", mode = EnumSource.Mode.EXCLUDE) // it runs in this process
    void RETRY_04_lostConnectionsToTheDatabaseLoseNothingAndRepeatNothing(TestDatabase kind) throws Exception {
        Database database = kind.open(directory);
        FailingConnections line = new FailingConnections(database.dataSource());
        Random random = new Random();
        agent.answers(mail -> {
            handed.countDown();
            return FakeDeliveryAgent.says(250, "2.0.0 ok").apply(mail);
        });
        try (QueueManager queue = open(line)) {
            line.breaks = point -> random.nextInt(ODDS) == 0;
            for (int i = 0; i < MESSAGES; i++) {
                submit(queue, i);
            }
            handed.await();
            line.breaks = point -> false;
            awaitEmpty(queue);
        }
        database.close();
        assertThat(accepted)
                .isNotEmpty()
                .allSatisfy(number -> assertThat(delivered(number)).hasSize(2).doesNotHaveDuplicates());
        assertThat(refused)
                .isNotEmpty()
                .allSatisfy(number -> assertThat(delivered(number)).isEmpty());
        assertThat(unknown).allSatisfy(number -> assertThat(delivered(number)).doesNotHaveDuplicates());
        assertThat(log.problems())
                .contains(
                        "WARNING The queue's database failed; retrying",
                        "WARNING The queue cannot be read; trying again soon");
        assertOnlyTheLineIsBlamed();
    }

    /** Asserts that nothing else than the lost connections is logged, with what is done about them. */
    private void assertOnlyTheLineIsBlamed() {
        assertThat(log.problems())
                .allSatisfy(
                        line -> assertThat(line)
                                .matches(
                                        "WARNING The queue's database failed; retrying"
                                                + "|WARNING The queue cannot be read; trying again soon"
                                                + "|WARNING The queue cannot be written; the next sweep tries again"
                                                + "|WARNING The history of the queue could not be cleaned; trying again in 10 minutes"
                                                + "|WARNING The end of a destination visit could not be written; retrying"
                                                + "|SEVERE The delivery status notification for message \\w+ could not be created; trying again in 5 minutes"
                                                + "|SEVERE The message \\w+ could not be handled"
                                                + "|SEVERE Deliveries to \\w+[.]test stopped because of an unexpected error; they will be tried again"));
    }
}
