// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postroad.api.Domain;
import org.postroad.api.Mailbox;
import org.postroad.api.Printable;
import org.postroad.api.QueueDestination;
import org.postroad.api.QueueFilter;
import org.postroad.api.QueuedMail;
import org.postroad.api.QueuedMail.State;
import org.postroad.api.SuppressedAddress;
import org.postroad.api.TlsDemand;
import org.postroad.provider.internal.dsn.Event;
import org.postroad.provider.internal.envelope.Envelope;
import org.postroad.provider.internal.envelope.Notify;
import org.postroad.provider.internal.envelope.Returned;
import org.postroad.provider.internal.queue.FakeDeliveryAgent;
import org.postroad.provider.internal.queue.QueueControl;
import org.postroad.provider.internal.queue.QueueManager;
import org.postroad.provider.internal.queue.QueueSettings.Timing;
import org.postroad.provider.internal.queue.QueueTesting;

/** Rows written by version 0.1 stay readable, even if parsers become stricter. */
@Timeout(300)
class OldRowsTest extends QueueTesting {

    private static final int MESSAGES = 14;

    private static final Timing PACE =
            new Timing(Duration.ofMillis(50), Duration.ofMinutes(1), 20, Duration.ofSeconds(10));

    private final CountDownLatch listed = new CountDownLatch(1);

    private static List<String> lines(String resource) throws Exception {
        try (InputStream in = OldRowsTest.class.getResourceAsStream(resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }

    /** Creates a file as version 0.1 left it when it was killed a moment ago. */
    private Database oldFile() throws Exception {
        Database database = TestDatabase.SQLITE.open(directory);
        List<String> statements = new ArrayList<>(SchemaTest.version1(TestDatabase.SQLITE));
        lines("rows-1-sqlite.sql").stream()
                .filter(line -> line.startsWith("INSERT"))
                .forEach(statements::add);
        database.write(connection -> {
            try (Statement statement = connection.createStatement()) {
                for (String sql : statements) {
                    statement.executeUpdate(sql);
                }
            }
            return true;
        });
        shiftTo(database, Instant.now());
        return database;
    }

    /** Moves all times, as if the process had been killed at that moment. */
    private static void shiftTo(Database database, Instant moment) throws Exception {
        Map<String, List<String>> times = Map.of(
                "postroad_message", List.of("queued_at", "expires_at"),
                "postroad_delivery", List.of("due_at"),
                "postroad_attempt", List.of("started_at", "ended_at"),
                "postroad_news", List.of("happened_at", "due_at"),
                "postroad_destination", List.of("retry_at"),
                "postroad_task", List.of("execution_time", "last_success", "last_heartbeat"));
        database.write(connection -> {
            long written = Sql.query(connection, "SELECT MAX(queued_at) FROM postroad_message", row -> row.getLong(1))
                    .get(0);
            long age = moment.toEpochMilli() - written;
            for (Map.Entry<String, List<String>> table : times.entrySet()) {
                for (String column : table.getValue()) {
                    Sql.update(
                            connection,
                            "UPDATE " + table.getKey() + " SET " + column + " = " + column + " + ? WHERE " + column
                                    + " > 0",
                            age);
                }
            }
            return age;
        });
    }

    private static List<String> column(Database database, String sql) throws Exception {
        return database.read(connection -> Sql.query(
                connection, sql, row -> Optional.ofNullable(row.getString(1)).orElse("<>")));
    }

    private static QueuedMail bySubject(List<QueuedMail> page, String subject) {
        return page.stream()
                .filter(mail -> mail.subject().orElseThrow().equals(subject))
                .findFirst()
                .orElseThrow();
    }

    private static QueuedDelivery delivery(QueueManager queue, String message, String domain) {
        DeliveryRows.FoundDeliveries found = read(
                queue,
                connection ->
                        DeliveryRows.find(connection, "WHERE d.message_id = ? AND d.domain = ?", message, domain));
        assertThat(found.damaged()).isEmpty();
        return found.readable().get(0);
    }

    @Test
    void queue_rowsOfVersion1AreListedUndamaged() throws Exception {
        Database database = oldFile();
        List<String> senders = column(database, "SELECT sender FROM postroad_message");
        List<String> recipients = column(database, "SELECT mailbox FROM postroad_recipient");
        List<String> domains = column(database, "SELECT domain FROM postroad_delivery");
        List<String> paused = column(database, "SELECT domain FROM postroad_destination WHERE paused = 1");
        List<String> suppressed = column(database, "SELECT mailbox FROM postroad_suppressed");
        agent.answers(mail -> {
            listed.await();
            return FakeDeliveryAgent.isDown(mail);
        });
        try (QueueManager queue = open(database, PACE)) {
            List<QueuedMail> page = new QueueControl(queue).list(QueueFilter.ALL, "", 100);
            assertThat(page)
                    .hasSize(MESSAGES)
                    .allSatisfy(mail -> assertThat(mail.damage()).isEmpty());
            assertThat(page)
                    .extracting(mail -> mail.sender().map(Mailbox::toString).orElse("<>"))
                    .containsExactlyInAnyOrderElementsOf(senders);
            assertThat(page.stream().flatMap(mail -> mail.deliveries().stream()))
                    .extracting(one -> one.domain().toString())
                    .containsExactlyInAnyOrderElementsOf(domains);
            assertThat(page.stream()
                            .flatMap(mail -> mail.deliveries().stream())
                            .flatMap(one -> one.recipients().stream()))
                    .extracting(Mailbox::toString)
                    .containsExactlyInAnyOrderElementsOf(recipients);
            assertThat(new QueueControl(queue).list(QueueFilter.in(State.HELD), "", 100))
                    .extracting(mail -> mail.subject().orElseThrow())
                    .containsExactly("in doubt", "held");
            assertThat(bySubject(page, "in doubt").deliveries().get(0).inDoubt())
                    .isTrue();
            assertThat(new QueueControl(queue).destinations("", 100).stream().filter(QueueDestination::paused))
                    .extracting(one -> one.domain().toString())
                    .containsExactlyInAnyOrderElementsOf(paused);
            assertThat(new QueueControl(queue).destinations("", 100))
                    .filteredOn(one -> one.domain().toString().equals("down.test"))
                    .singleElement()
                    .satisfies(one -> assertThat(one.retryAt()).isPresent())
                    .satisfies(one -> assertThat(one.report().orElseThrow()).contains("connection refused"));
            assertThat(new QueueControl(queue).suppressed("", 100))
                    .extracting(SuppressedAddress::mailbox)
                    .extracting(Mailbox::toString)
                    .containsExactlyInAnyOrderElementsOf(suppressed);
            assertThat(new QueueControl(queue)
                            .show(bySubject(page, "later").id())
                            .orElseThrow()
                            .deliveries()
                            .get(0)
                            .history())
                    .hasSize(3)
                    .allSatisfy(past -> assertThat(past.report()).contains("451 4.7.1 greylisted, \u00e4 try later"));
            assertOptions(queue, page);
            List<PendingNotice> pending = read(
                    queue,
                    connection -> PendingNoticeRows.find(
                                    connection, bySubject(page, "notices").id())
                            .readable());
            assertThat(pending)
                    .extracting(PendingNotice::event)
                    .containsExactlyInAnyOrder(Event.RELAYED, Event.DELAYED, Event.FAILED, Event.FAILED);
            listed.countDown();
        }
        assertThat(log.problems()).isEmpty();
    }

    private static void assertOptions(QueueManager queue, List<QueuedMail> page) {
        QueuedDelivery options = delivery(queue, bySubject(page, "options").id(), "paused.test");
        assertThat(options.message().returned()).contains(Returned.HDRS);
        assertThat(options.message().envelopeId()).contains("id+1 =x y~!");
        assertThat(options.message().tls()).isEqualTo(TlsDemand.REQUIRED);
        assertThat(options.recipients())
                .containsExactly(
                        recipient("never@paused.test", "", Notify.NEVER),
                        recipient(
                                "all@paused.test",
                                "\"first one\"@xn--bcher-kva.test",
                                Notify.SUCCESS,
                                Notify.FAILURE,
                                Notify.DELAY),
                        recipient("delay@paused.test", "\u00fc@first.test", Notify.DELAY),
                        recipient("plain@paused.test", "x@[192.0.2.1]"));
        QueuedDelivery full = delivery(queue, bySubject(page, "full").id(), "xn--bcher-kva.test");
        assertThat(full.message().returned()).contains(Returned.FULL);
        assertThat(full.message().envelopeId()).contains("x".repeat(Envelope.MAX_ID));
        assertThat(full.message().tls()).isEqualTo(TlsDemand.WAIVED);
        assertThat(full.recipients())
                .containsExactly(recipient("failure@xn--bcher-kva.test", "a=b@first.test", Notify.FAILURE));
    }

    private static Envelope.Recipient recipient(String mailbox, String original, Notify... notify) {
        return new Envelope.Recipient(
                Mailbox.parse(mailbox),
                Set.of(notify),
                Optional.of(original).filter(text -> !text.isEmpty()).map(Mailbox::parse));
    }

    /** Returns how often each subject (as the queue lists it) and recipient was handed over for delivery. */
    private Map<String, Long> handed() {
        return agent.handed().stream()
                .filter(mail -> mail.content().contains("\r\nText of "))
                .filter(mail -> !mail.content().contains("multipart/report"))
                .flatMap(mail -> mail.recipients().stream().map(one -> text(mail.content()) + " " + one))
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    }

    private static String text(String content) {
        return Printable.clean(content.substring(content.indexOf("Text of ") + 8, content.lastIndexOf(".\r\n.\r\n")));
    }

    @Test
    void queue_rowsOfVersion1AreDeliveredOnceAndReported() throws Exception {
        Database database = oldFile();
        List<String> wanted = column(
                database,
                "SELECT m.subject || ' ' || r.mailbox FROM postroad_recipient r JOIN postroad_message m ON m.id = r.message_id");
        List<String> paused = column(database, "SELECT domain FROM postroad_destination WHERE paused = 1");
        agent.answers(mail -> {
            listed.await();
            return FakeDeliveryAgent.says(250, "2.0.0 ok").apply(mail);
        });
        try (QueueManager queue = open(database, PACE)) {
            List<QueuedMail> held = new QueueControl(queue).list(QueueFilter.in(State.HELD), "", 100);
            listed.countDown();
            for (String domain : paused) {
                new QueueControl(queue).resume(Domain.parse(domain));
            }
            for (QueuedMail mail : held) {
                assertThat(new QueueControl(queue).release(mail.id()))
                        .isEqualTo(mail.deliveries().size());
            }
            assertThat(new QueueControl(queue).drain(Duration.ofMinutes(4))).isTrue();
        }
        assertThat(handed().keySet()).containsExactlyInAnyOrderElementsOf(wanted);
        assertThat(handed().values()).containsOnly(1L);
        assertThat(agent.handed())
                .filteredOn(mail -> mail.content().contains("\r\nText of later."))
                .singleElement()
                .satisfies(mail -> assertThat(mail.way().firstAddress()).contains(FakeDeliveryAgent.ADDRESS));
        // Pending notices: failed, with the original recipient; delayed; and relayed.
        assertThat(agent.handed())
                .filteredOn(mail -> mail.sender().isEmpty() && mail.content().contains("multipart/report"))
                .anySatisfy(mail -> assertThat(mail.content())
                        .contains("Action: failed", "\"no body\"@unknown.test", "nobody@unknown.test", "5.1.1"))
                .anySatisfy(mail -> assertThat(mail.content()).contains("Action: delayed", "wait@later.test"))
                .anySatisfy(mail -> assertThat(mail.content())
                        .contains("Action: relayed", "Original-Recipient: rfc822; old@first.test"));
        assertThat(log.problems()).isEmpty();
    }
}
