// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.postroad.api.Mailbox;
import org.postroad.api.QueueFilter;
import org.postroad.api.QueuedMail;
import org.postroad.api.QueuedMail.State;
import org.postroad.provider.internal.message.SpooledMessage;
import org.postroad.provider.internal.queue.QueueSettings.Pace;
import org.postroad.provider.internal.smtp.Envelope;

/** Rows that cannot be read, because they are damaged or of another version: set aside and listed, and the rest goes on. */
@Timeout(300)
class DamagedRowsTest extends QueueTesting {

    private static final Pace PACE = new Pace(Duration.ofMillis(50), Duration.ofMinutes(1), 20, Duration.ofSeconds(10));

    private static final Mailbox A = Mailbox.parse("a@one.test");

    private static String submit(QueueManager queue, String... recipients) throws Exception {
        try (SpooledMessage content = content("Subject: x\r\n\r\nx\r\n")) {
            return queue.submit(
                    Envelope.of(
                            Optional.of(Mailbox.parse("me@client.test")),
                            Stream.of(recipients).map(Mailbox::parse).toList()),
                    content,
                    new QueuedMessage.Labels(Optional.empty(), Optional.empty()));
        }
    }

    static Stream<Arguments> damages() {
        List<String> statements = List.of(
                "UPDATE postroad_message SET sender = 'broken <' WHERE id = '%s'",
                "UPDATE postroad_message SET tls = 'MAYBE' WHERE id = '%s'",
                "UPDATE postroad_message SET returned = 'SOME' WHERE id = '%s'",
                "UPDATE postroad_message SET header_id = '' WHERE id = '%s'",
                "UPDATE postroad_delivery SET hint = 'nowhere' WHERE message_id = '%s'",
                "UPDATE postroad_recipient SET mailbox = 'a@@one.test' WHERE message_id = '%s'",
                "UPDATE postroad_recipient SET notify = 'ALWAYS' WHERE message_id = '%s'",
                "UPDATE postroad_recipient SET original = '@' WHERE message_id = '%s'",
                "UPDATE postroad_delivery SET domain = 'one..test' WHERE message_id = '%s'",
                "UPDATE postroad_delivery SET domain = 'one..test', state = 'TRYING', attempts = 1 WHERE message_id = '%s'",
                "UPDATE postroad_delivery SET state = 'TRYING', attempts = 1, hint = 'nowhere' WHERE message_id = '%s'",
                "DELETE FROM postroad_content WHERE message_id = '%s'");
        return statements.stream().map(Arguments::of);
    }

    /** With one worker, so that the damaged one would stop the next. */
    @ParameterizedTest
    @MethodSource("damages")
    void queue_aDamagedRowIsSetAsideAndListedAndTheRestGoesOn(String damage) throws Exception {
        limits = new QueueSettings.Limits(1, Optional.empty());
        Database database = TestDatabase.SQLITE.open(directory);
        try (QueueManager queue = open(database, PACE)) {
            queue.control().pause(A.domain());
            String damaged = submit(queue, "a@one.test");
            submit(queue, "b@one.test");
            queue.store(connection -> Sql.update(connection, String.format(damage, damaged)));
            submit(queue, "c@one.test");
            queue.control().resume(A.domain());
            while (size(queue) > 1 || count(queue, "state <> 'HELD'") > 0) {
                Thread.onSpinWait();
            }
            List<QueuedMail> page = queue.control().list(QueueFilter.in(State.HELD), "", 10);
            assertThat(page)
                    .singleElement()
                    .satisfies(mail -> assertThat(mail.id()).isEqualTo(damaged));
            QueuedMail shown = queue.control().show(damaged).orElseThrow();
            assertThat(shown.toString()).containsAnyOf("DAMAGED: ", "is damaged: ");
            assertThat(courier.handed()).hasSize(2);
            assertThat(log.problems())
                    .singleElement()
                    .satisfies(problem ->
                            assertThat(problem).startsWith("SEVERE The ").contains(damaged));
            assertThat(queue.control().destinations("", 10).size()).isLessThanOrEqualTo(1);
            assertThat(queue.control().drop(damaged, false)).isEqualTo(1);
            assertThat(size(queue)).isZero();
        }
    }

    private static long count(QueueManager queue, String where) {
        return queue.read(connection -> Sql.query(
                        connection, "SELECT COUNT(*) FROM postroad_delivery WHERE " + where, row -> row.getLong(1))
                .get(0));
    }

    @ParameterizedTest
    @EnumSource
    void queue_aHealthyOneThatIsUnderWayIsNotSentTwice(TestDatabase kind) throws Exception {
        limits = new QueueSettings.Limits(1, Optional.empty());
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch going = new CountDownLatch(1);
        courier.answers(mail -> {
            begun.countDown();
            going.await();
            return FakeCourier.says(250, "2.0.0 ok").apply(mail);
        });
        try (QueueManager queue = open(kind.open(directory), PACE)) {
            submit(queue, "a@one.test");
            begun.await();
            String damaged = submit(queue, "b@one.test");
            queue.store(connection -> Sql.update(
                    connection, "UPDATE postroad_message SET sender = 'broken <' WHERE id = '" + damaged + "'"));
            going.countDown();
            while (size(queue) > 1 || count(queue, "state <> 'HELD'") > 0) {
                Thread.onSpinWait();
            }
            assertThat(courier.handed()).hasSize(1);
            assertThat(queue.control().drop(damaged, true)).isEqualTo(1);
            assertThat(size(queue)).isZero();
        }
    }
}
