// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postroad.api.Domain;
import org.postroad.api.Mailbox;
import org.postroad.api.QueueFilter;
import org.postroad.api.QueueOptions;
import org.postroad.api.QueuedMail;
import org.postroad.api.QueuedMail.State;
import org.postroad.provider.internal.envelope.Envelope;
import org.postroad.provider.internal.message.SpooledMessage;
import org.postroad.provider.internal.queue.QueueSettings.Timing;
import org.postroad.provider.internal.queue.store.Database;
import org.postroad.provider.internal.queue.store.PendingNoticeRows;
import org.postroad.provider.internal.queue.store.QueuedMessage;
import org.postroad.provider.internal.queue.store.Sql;
import org.postroad.provider.internal.queue.store.TestDatabase;

/** Rows that cannot be read, because they are damaged or of another version, are set aside and listed; the rest goes on. */
@Timeout(300)
class DamagedRowsTest extends QueueTesting {

    private static final Timing PACE =
            new Timing(Duration.ofMillis(50), Duration.ofMinutes(1), 20, Duration.ofSeconds(10));

    private static final Mailbox A = Mailbox.parse("a@one.test");

    private static String submit(QueueManager queue, String... recipients) throws Exception {
        try (SpooledMessage content = content("Subject: x\r\n\r\nx\r\n")) {
            return queue.submit(
                            Envelope.of(
                                    Optional.of(Mailbox.parse("me@client.test")),
                                    Stream.of(recipients).map(Mailbox::parse).toList()),
                            content,
                            new QueuedMessage.Labels(Optional.empty(), Optional.empty()),
                            QueueOptions.NONE)
                    .id();
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

    /** With one worker, so that a damaged delivery could block the next one. */
    @ParameterizedTest
    @MethodSource("damages")
    void queue_aDamagedRowIsSetAsideAndListedAndOthersAreDelivered(String damage) throws Exception {
        limits = new QueueSettings.DestinationLimits(1, Optional.empty());
        Database database = TestDatabase.SQLITE.open(directory);
        try (QueueManager queue = open(database, PACE)) {
            new QueueControl(queue).pause(A.domain());
            String damaged = submit(queue, "a@one.test");
            submit(queue, "b@one.test");
            queue.writeForCaller(connection -> Sql.update(connection, String.format(damage, damaged)));
            submit(queue, "c@one.test");
            new QueueControl(queue).resume(A.domain());
            while (size(queue) > 1 || count(queue, "state <> 'HELD'") > 0) {
                spin();
            }
            List<QueuedMail> page = new QueueControl(queue).list(QueueFilter.in(State.HELD), "", 10);
            assertThat(page)
                    .singleElement()
                    .satisfies(mail -> assertThat(mail.id()).isEqualTo(damaged));
            QueuedMail shown = new QueueControl(queue).show(damaged).orElseThrow();
            assertThat(shown.toString()).containsAnyOf("DAMAGED: ", "is damaged: ");
            assertThat(agent.handed()).hasSize(2);
            assertThat(log.problems())
                    .singleElement()
                    .satisfies(problem ->
                            assertThat(problem).startsWith("SEVERE The ").contains(damaged));
            assertThat(new QueueControl(queue).destinations("", 10).size()).isLessThanOrEqualTo(1);
            assertThat(new QueueControl(queue).remove(damaged)).isEqualTo(1);
            assertThat(size(queue)).isZero();
        }
    }

    private static long count(QueueManager queue, String where) {
        return count(queue, "postroad_delivery", where);
    }

    @ParameterizedTest
    @EnumSource
    void queue_anIntactDeliveryInProgressIsNotSentTwice(TestDatabase kind) throws Exception {
        limits = new QueueSettings.DestinationLimits(1, Optional.empty());
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch going = new CountDownLatch(1);
        agent.answers(mail -> {
            begun.countDown();
            going.await();
            return FakeDeliveryAgent.says(250, "2.0.0 ok").apply(mail);
        });
        try (QueueManager queue = open(kind.open(directory), PACE)) {
            submit(queue, "a@one.test");
            begun.await();
            String damaged = submit(queue, "b@one.test");
            queue.writeForCaller(connection -> Sql.update(
                    connection, "UPDATE postroad_message SET sender = 'broken <' WHERE id = '" + damaged + "'"));
            going.countDown();
            while (size(queue) > 1 || count(queue, "state <> 'HELD'") > 0) {
                spin();
            }
            assertThat(agent.handed()).hasSize(1);
            assertThat(new QueueControl(queue).bounce(damaged)).isEqualTo(1);
            assertThat(size(queue)).isZero();
        }
    }

    static Stream<Arguments> newsDamages() {
        String ofA = " WHERE message_id = '%s' AND mailbox LIKE 'a%%'";
        return Stream.of(
                        "UPDATE postroad_news SET event = 'LOST'" + ofA,
                        "UPDATE postroad_news SET mailbox = 'a@@one.test'" + ofA,
                        "UPDATE postroad_news SET original = '@'" + ofA,
                        "UPDATE postroad_news SET status = '5'" + ofA,
                        "UPDATE postroad_news SET remote_role = 'HOST'" + ofA,
                        "UPDATE postroad_news SET remote_host = 'mx..test'" + ofA,
                        "UPDATE postroad_news SET remote_address = 'nowhere'" + ofA,
                        "UPDATE postroad_news SET remote_port = 70000" + ofA,
                        "UPDATE postroad_news SET reply_code = 9999" + ofA,
                        "UPDATE postroad_news SET reply_text = NULL" + ofA)
                .map(Arguments::of);
    }

    /** Submits a message to three recipients, of which two fail. No notice is sent yet, because the third is still pending. */
    private String withPendingNotices(QueueManager queue) throws Exception {
        new QueueControl(queue).pause(Domain.parse("two.test"));
        agent.answers(mail -> FakeDeliveryAgent.says(mail.sender().isEmpty() ? 250 : 550, "5.1.1 no")
                .apply(mail));
        String message = submit(queue, "a@one.test", "b@one.test", "c@two.test");
        while (count(queue, "postroad_news", "event = 'FAILED'") < 2) {
            spin();
        }
        return message;
    }

    /** Simulates that the minute is over for which notices wait for more. */
    private static void tellNow(QueueManager queue) throws Exception {
        queue.writeForCaller(connection -> Sql.update(connection, "UPDATE postroad_news SET due_at = 1"));
    }

    private static long count(QueueManager queue, String table, String where) {
        return queue.readForCaller(connection -> Sql.query(
                        connection, "SELECT COUNT(*) FROM " + table + " WHERE " + where, row -> row.getLong(1))
                .get(0));
    }

    /** Asserts that no later sweep finds a notice. */
    private static void assertNoneIsTriedAgain(QueueManager queue) {
        List<String> overdue = queue.readForCaller(
                connection -> PendingNoticeRows.overdue(connection, Instant.ofEpochMilli(Long.MAX_VALUE - 1), 10));
        assertThat(overdue).isEmpty();
    }

    private List<FakeDeliveryAgent.Handed> notices() {
        return agent.handed().stream().filter(mail -> mail.sender().isEmpty()).toList();
    }

    @ParameterizedTest
    @MethodSource("newsDamages")
    void queue_aDamagedNoticeIsSetAsideAndListedAndTheOthersAreSent(String damage) throws Exception {
        try (QueueManager queue = open(TestDatabase.SQLITE.open(directory), PACE)) {
            String message = withPendingNotices(queue);
            queue.writeForCaller(connection -> Sql.update(connection, String.format(damage, message)));
            tellNow(queue);
            while (notices().isEmpty()) {
                spin();
            }
            assertThat(notices())
                    .singleElement()
                    .satisfies(notice -> assertThat(notice.content())
                            .contains("b@one.test", "Action: failed")
                            .doesNotContain("Final-Recipient: rfc822; a@one.test"));
            assertNoneIsTriedAgain(queue);
            assertThat(log.problems())
                    .singleElement()
                    .satisfies(problem -> assertThat(problem)
                            .startsWith("SEVERE The notice about \"a@")
                            .contains(message));
            assertThat(new QueueControl(queue).list(QueueFilter.ALL, "", 10))
                    .filteredOn(mail -> mail.id().equals(message))
                    .singleElement()
                    .satisfies(mail -> assertThat(mail.damage().orElseThrow()).contains("the notice about \"a@"));
            assertThat(new QueueControl(queue).bounce(message)).isEqualTo(1);
            awaitEmpty(queue);
            assertThat(notices()).hasSize(2);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE postroad_message SET sender = 'broken <' WHERE id = '%s'",
                "DELETE FROM postroad_content WHERE message_id = '%s'"
            })
    void queue_noticesOfADamagedMessageAreSetAside(String damage) throws Exception {
        try (QueueManager queue = open(TestDatabase.SQLITE.open(directory), PACE)) {
            String message = withPendingNotices(queue);
            queue.writeForCaller(connection -> Sql.update(connection, String.format(damage, message)));
            tellNow(queue);
            while (count(queue, "postroad_news", "due_at = 1") > 0) {
                spin();
            }
            assertNoneIsTriedAgain(queue);
            assertThat(log.problems())
                    .singleElement()
                    .satisfies(problem -> assertThat(problem)
                            .startsWith("SEVERE The delivery status notification for message " + message
                                    + " cannot be created"));
            assertThat(new QueueControl(queue).show(message).orElseThrow().damage())
                    .isPresent();
            assertThat(new QueueControl(queue).bounce(message)).isEqualTo(1);
            assertThat(new QueueControl(queue).remove(message)).isZero(); // about which no notice can be sent
            assertThat(size(queue)).isZero();
        }
    }

    @Test
    void queue_aNoticeThatWasSetAsideIsSentOnceItsMessageIsReleased() throws Exception {
        try (QueueManager queue = open(TestDatabase.SQLITE.open(directory), PACE)) {
            String message = withPendingNotices(queue);
            queue.writeForCaller(connection -> Sql.update(connection, "UPDATE postroad_news SET status = '5'"));
            tellNow(queue);
            while (new QueueControl(queue).show(message).orElseThrow().damage().isEmpty()
                    || count(queue, "postroad_news", "due_at = 1") > 0) {
                spin();
            }
            queue.writeForCaller(connection -> Sql.update(connection, "UPDATE postroad_news SET status = '5.1.1'"));
            assertThat(new QueueControl(queue).release(message)).isZero();
            while (notices().isEmpty()) {
                spin();
            }
            assertThat(notices())
                    .singleElement()
                    .satisfies(notice -> assertThat(notice.content())
                            .contains("Final-Recipient: rfc822; a@one.test", "Final-Recipient: rfc822; b@one.test"));
            assertThat(new QueueControl(queue).show(message).orElseThrow().damage())
                    .isEmpty();
        }
    }
}
