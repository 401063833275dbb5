// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postroad.api.DeliveryEvent;
import org.postroad.api.Domain;
import org.postroad.api.DomainReport;
import org.postroad.api.HistoryFilter;
import org.postroad.api.MailHistory;
import org.postroad.api.Mailbox;
import org.postroad.api.Priority;
import org.postroad.api.QueueFilter;
import org.postroad.api.QueueOptions;
import org.postroad.api.QueuedMail;
import org.postroad.api.QueuedMail.State;
import org.postroad.api.Verdict;
import org.postroad.provider.internal.queue.store.TestPostgres;
import org.postroad.spi.DeliveryListener;

/** Inspecting and administering a queue, and messages within a transaction of the application. */
@Timeout(300)
class MailQueueTest extends TransportTesting {

    private static final Domain V4 = Domain.parse("v4.test");
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private final BlockingQueue<DomainReport> concluded = new LinkedBlockingQueue<>();

    @BeforeEach
    void useTheQueue() {
        properties.setProperty("mail.transport.protocol.rfc822", "mxqueue");
        properties.setProperty("mail.transport.protocol", "mxqueue");
        properties.setProperty("mail.mx.queue.url", "jdbc:sqlite:" + directory.resolve("queue.db"));
        properties.put("mail.mx.listener", (DeliveryListener) event -> {
            if (event instanceof DeliveryEvent.Concluded one) {
                concluded.add(one.report());
            }
        });
    }

    private MailQueue open() throws MessagingException {
        return MailQueue.open(Session.getInstance(properties));
    }

    private DomainReport next() throws InterruptedException {
        DomainReport next = concluded.poll(60, TimeUnit.SECONDS);
        assertThat(next).as("a delivery that is over").isNotNull();
        return next;
    }

    /** Returns a paused queue with a message to these recipients, which stays in it. */
    private MailQueue pausedWith(String... recipients) throws Exception {
        MailQueue queue = open();
        queue.pause(V4);
        for (String recipient : recipients) {
            Transport.send(message(recipient));
        }
        return queue;
    }

    private static QueuedMail only(MailQueue queue) {
        List<QueuedMail> all = queue.list(QueueFilter.ALL, "", 10);
        assertThat(all).hasSize(1);
        return all.get(0);
    }

    /** A delivery is reported before its end is written. */
    private static void awaitEndOfAttempt(MailQueue queue) {
        while (only(queue).deliveries().get(0).state() == State.TRYING) {
            Thread.onSpinWait();
        }
    }

    @Test
    void queue_aMessageIsListedAndCounted() throws Exception {
        try (MailQueue queue = pausedWith("a@v4.test", "b@v4.test", "c@v4.test")) {
            assertThat(queue.size()).isEqualTo(3);
            assertThat(queue.statistics().submitted()).isEqualTo(3);
            assertThat(queue.statistics().oldest()).isPresent();
            List<QueuedMail> first = queue.list(QueueFilter.ALL, "", 2);
            List<QueuedMail> second = queue.list(QueueFilter.ALL, first.get(1).id(), 2);
            assertThat(List.of(first.get(0), first.get(1), second.get(0)))
                    .extracting(
                            mail -> mail.deliveries().get(0).recipients().get(0).toString())
                    .containsExactly("a@v4.test", "b@v4.test", "c@v4.test");
            assertThat(second).hasSize(1);
            assertThat(first.get(0).subject()).contains("Hello");
            assertThat(first.get(0).sender()).contains(Mailbox.parse("me@client.test"));
            assertThat(queue.destinations("", 10)).singleElement().satisfies(destination -> {
                assertThat(destination.domain()).isEqualTo(V4);
                assertThat(destination.waiting()).isEqualTo(3);
                assertThat(destination.paused()).isTrue();
            });
        }
    }

    @Test
    void queue_filtersApplyTogether() throws Exception {
        try (MailQueue queue = pausedWith("a@v4.test", "b@v4.test")) {
            QueuedMail first = queue.list(QueueFilter.ALL, "", 1).get(0);
            queue.hold(first.id());
            assertThat(queue.list(QueueFilter.in(State.HELD), "", 10))
                    .extracting(QueuedMail::id)
                    .containsExactly(first.id());
            assertThat(queue.list(QueueFilter.to(Domain.parse("v6.test")), "", 10))
                    .isEmpty();
            assertThat(queue.list(
                            QueueFilter.to(V4)
                                    .withSender(Mailbox.parse("me@client.test"))
                                    .withRecipient(Mailbox.parse("b@v4.test"))
                                    .withState(State.OPEN),
                            "",
                            10))
                    .hasSize(1);
            assertThat(queue.list(QueueFilter.ALL.withSender(Mailbox.parse("other@client.test")), "", 10))
                    .isEmpty();
        }
    }

    private SendResult send(MailQueue queue, QueueOptions options, String... recipients) throws Exception {
        MimeMessage message = message(recipients);
        message.saveChanges(); // a Message-ID of its own
        return queue.send(message, message.getAllRecipients(), options);
    }

    @Test
    void queue_aMessageWithAKeyIsDeliveredOnce() throws Exception {
        properties.setProperty("mail.mx.queue.firstattempt", "sync"); // has no effect
        try (MailQueue queue = open()) {
            QueueOptions options = QueueOptions.NONE.withKey("order-17");
            SendResult first = send(queue, options, "a@v4.test");
            next();
            SendResult second = send(queue, options, "a@v4.test");
            assertThat(second.queueId()).isPresent().isEqualTo(first.queueId());
            assertThat(first.report().toString())
                    .contains("Stored in the queue as " + first.queueId().orElseThrow());
            assertThat(second.report().toString())
                    .contains("Not stored again: the key belongs to the message "
                            + first.queueId().orElseThrow() + ", which was stored before");
            assertThatThrownBy(() -> send(queue, options, "b@v4.test"))
                    .isInstanceOf(MessagingException.class)
                    .hasMessageContaining("The key \"order-17\" belongs to the message "
                            + first.queueId().orElseThrow());
            while (queue.size() > 0) {
                Thread.onSpinWait();
            }
            assertThat(mx4.received()).hasSize(1);
            assertThat(queue.history(HistoryFilter.ALL.withKey("order-17"), "", 10))
                    .singleElement()
                    .satisfies(
                            mail -> assertThat(mail.recipients().get(0).fate()).isEqualTo(MailHistory.Fate.DELIVERED));
            assertThat(queue.history(first.queueId().orElseThrow())).isPresent();
            assertThat(queue.history("0")).isEmpty();
        }
    }

    @Test
    void queue_aMessageIsStoredForItsTime() throws Exception {
        try (MailQueue queue = open()) {
            Instant tomorrow =
                    Instant.ofEpochMilli(Instant.now().plus(Duration.ofDays(1)).toEpochMilli());
            QueueOptions options = QueueOptions.NONE
                    .withSendAt(tomorrow)
                    .withGiveUpBy(tomorrow.plusSeconds(60))
                    .withPriority(Priority.LOW);
            send(queue, options, "a@v4.test");
            QueuedMail mail = only(queue);
            assertThat(mail.expiresAt()).isEqualTo(tomorrow.plusSeconds(60));
            assertThat(mail.deliveries()).singleElement().satisfies(delivery -> {
                assertThat(delivery.state()).isEqualTo(State.FUTURE);
                assertThat(delivery.dueAt()).isEqualTo(tomorrow);
                assertThat(delivery.priority()).isEqualTo(Priority.LOW);
            });
            assertThat(mail.toString()).contains("v4.test FUTURE, LOW, 0 attempts");
            assertThatThrownBy(() -> send(
                            queue, QueueOptions.NONE.withGiveUpBy(Instant.now().minusSeconds(1)), "a@v4.test"))
                    .isInstanceOf(MessagingException.class)
                    .hasMessageContaining("which has passed");
        }
    }

    @Test
    void queue_aPageHasALimit() throws Exception {
        try (MailQueue queue = open()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> queue.list(QueueFilter.ALL, "", 1001))
                    .withMessage("A page has 1 to 1000 entries, not 1001");
            assertThatIllegalArgumentException().isThrownBy(() -> queue.destinations("", 0));
        }
    }

    @Test
    void queue_aHeldMessageIsDeliveredAfterItsRelease() throws Exception {
        try (MailQueue queue = pausedWith("a@v4.test")) {
            String id = only(queue).id();
            assertThat(queue.hold(id)).isEqualTo(1);
            queue.resume(V4);
            assertThat(queue.drain(Duration.ZERO)).isFalse();
            assertThat(mx4.received()).isEmpty();
            assertThat(queue.release(id)).isEqualTo(1);
            assertThat(next().recipients().get(0).verdict()).isEqualTo(Verdict.DELIVERED);
            assertThat(queue.drain(LONG)).isTrue();
            assertThat(queue.show(id)).isEmpty();
        }
    }

    @Test
    void queue_aRetriedDeliveryHasItsHistory() throws Exception {
        connector.noAnswer("192.0.2.4");
        try (MailQueue queue = open()) {
            Transport.send(message("a@v4.test"));
            next();
            awaitEndOfAttempt(queue);
            QueuedMail shown = queue.show(only(queue).id()).orElseThrow();
            assertThat(shown.deliveries().get(0).history())
                    .singleElement()
                    .satisfies(attempt -> assertThat(attempt.report()).contains("192.0.2.4"));
            assertThat(shown.toString()).contains("1 attempts").contains("<a@v4.test>");
            connector.map("192.0.2.4", 25, socket(mx4));
            assertThat(queue.retry(shown.id())).isEqualTo(1);
            assertThat(next().recipients().get(0).verdict()).isEqualTo(Verdict.DELIVERED);
        }
    }

    @Test
    void queue_aRemovedMessageIsGoneAndItsSenderIsNotifiedOnlyIfRequested() throws Exception {
        try (MailQueue queue = open()) {
            queue.pause(V4);
            for (String name : List.of("a", "b")) {
                MimeMessage message = message(name + "@v4.test");
                message.setFrom(new InternetAddress("me@v6.test"));
                Transport.send(message);
            }
            List<QueuedMail> all = queue.list(QueueFilter.ALL, "", 10);
            assertThat(queue.remove(all.get(0).id())).isEqualTo(1);
            assertThat(queue.bounce(all.get(1).id())).isEqualTo(1);
            next();
            assertThat(queue.drain(LONG)).isTrue();
            assertThat(mx4.received()).isEmpty();
            assertThat(mx6.received())
                    .singleElement()
                    .satisfies(notice -> assertThat(notice.text())
                            .contains("Final-Recipient: rfc822; b@v4.test")
                            .contains("Status: 5.0.0"));
            assertThat(queue.bounce("nosuch")).isZero();
        }
    }

    @Test
    void queue_theLifetimeOfAMessageCanBeChanged() throws Exception {
        connector.noAnswer("192.0.2.4");
        properties.setProperty("mail.mx.queue.bounces", "none");
        try (MailQueue queue = open()) {
            Transport.send(message("a@v4.test"));
            next();
            awaitEndOfAttempt(queue);
            String id = only(queue).id();
            Instant later = Instant.parse("2100-01-01T00:00:00Z");
            assertThat(queue.expire(id, later)).isTrue();
            assertThat(only(queue).expiresAt()).isEqualTo(later);
            queue.expire(id, Instant.EPOCH);
            assertThat(queue.drain(LONG)).isTrue(); // expired after one more attempt
            assertThat(queue.expire(id, later)).isFalse();
        }
    }

    @Test
    void queue_anAddressThatDoesNotExistIsSuppressedIfConfigured() throws Exception {
        properties.setProperty("mail.mx.queue.suppress", "true");
        properties.setProperty("mail.mx.queue.bounces", "none");
        mx4.onCommand("RCPT TO:<a@", "550 5.1.1 no such user");
        try (MailQueue queue = open()) {
            Transport.send(message("a@v4.test"));
            next();
            assertThat(queue.drain(LONG)).isTrue();
            assertThat(queue.suppressed("", 10)).singleElement().satisfies(address -> {
                assertThat(address.mailbox()).isEqualTo(Mailbox.parse("a@v4.test"));
                assertThat(address.reason()).contains("no such user");
            });
            MimeMessage again = message("a@v4.test", "b@v4.test");
            MxSendFailedException failure =
                    catchThrowableOfType(MxSendFailedException.class, () -> Transport.send(again));
            assertThat(failure.getInvalidAddresses()).containsExactly(new InternetAddress("a@v4.test"));
            assertThat(failure.getValidSentAddresses()).containsExactly(new InternetAddress("b@v4.test"));
            assertThat(failure).hasMessageContaining("Suppressed since").hasMessageContaining("no such user");
            next();
            assertThat(queue.unsuppress(Mailbox.parse("a@v4.test"))).isTrue();
            assertThat(queue.unsuppress(Mailbox.parse("a@v4.test"))).isFalse();
            Transport.send(message("a@v4.test"));
            assertThat(next().recipients().get(0).verdict()).isEqualTo(Verdict.FAILED);
        }
    }

    @Test
    void queue_severalHandlesShareIt() throws Exception {
        MailQueue one = open();
        MailQueue other = open();
        one.close();
        one.close();
        Transport.send(message("a@v4.test"));
        next();
        assertThat(other.drain(LONG)).isTrue();
        other.close();
        assertThatThrownBy(other::size).hasMessageContaining("closed");
    }

    @Test
    void outbox_theMailIsStoredIfAndOnlyIfTheTransactionCommits() throws Exception {
        DataSource application = TestPostgres.newDatabase();
        properties.remove("mail.mx.queue.url");
        properties.put("mail.mx.queue.datasource", application);
        try (MailQueue queue = open();
                Connection connection = application.getConnection()) {
            connection.createStatement().execute("CREATE TABLE orders (id INTEGER)");
            connection.setAutoCommit(false);
            order(connection, queue, 1, "rolled-back@v4.test");
            connection.rollback();
            String id =
                    order(connection, queue, 2, "committed@v4.test").queueId().orElseThrow();
            assertThat(queue.show(id)).isEmpty();
            connection.commit();
            assertThat(next().recipients().get(0).recipient()).isEqualTo(Mailbox.parse("committed@v4.test"));
            assertThat(queue.drain(LONG)).isTrue();
            assertThat(mx4.received())
                    .singleElement()
                    .satisfies(mail -> assertThat(mail.recipients()).containsExactly("<committed@v4.test>"));
        }
    }

    private SendResult order(Connection connection, MailQueue queue, int id, String recipient) throws Exception {
        connection.createStatement().execute("INSERT INTO orders VALUES (" + id + ")");
        MimeMessage message = message(recipient);
        message.saveChanges();
        return queue.send(message, message.getAllRecipients(), connection);
    }

    /** The order is committed although the mail with this key was stored before. */
    @Test
    void outbox_aRepeatedOrderSendsOneMail() throws Exception {
        DataSource application = TestPostgres.newDatabase();
        properties.remove("mail.mx.queue.url");
        properties.put("mail.mx.queue.datasource", application);
        QueueOptions options = QueueOptions.NONE.withKey("order-1");
        try (MailQueue queue = open();
                Connection connection = application.getConnection()) {
            queue.pause(V4);
            withTable(connection).setAutoCommit(false);
            for (int i = 0; i < 2; i++) {
                connection.createStatement().execute("INSERT INTO orders VALUES (1)");
                MimeMessage message = message("a@v4.test");
                queue.send(message, message.getAllRecipients(), options, connection);
                connection.commit();
            }
            assertThat(queue.size()).isEqualTo(1);
        }
    }

    @Test
    void outbox_aConnectionWithoutTransactionIsRefused() throws Exception {
        DataSource application = TestPostgres.newDatabase();
        properties.remove("mail.mx.queue.url");
        properties.put("mail.mx.queue.datasource", application);
        try (MailQueue queue = open();
                Connection connection = application.getConnection()) {
            assertThatThrownBy(() -> order(withTable(connection), queue, 1, "a@v4.test"))
                    .isInstanceOf(MessagingException.class)
                    .hasMessageContaining("auto-commit mode");
            assertThat(queue.size()).isZero();
        }
    }

    private static Connection withTable(Connection connection) throws SQLException {
        connection.createStatement().execute("CREATE TABLE orders (id INTEGER)");
        return connection;
    }
}
