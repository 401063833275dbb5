// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.cli;

import jakarta.mail.Message;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.io.TempDir;
import org.postroad.api.Domain;
import org.postroad.api.Family;
import org.postroad.api.HistoryFilter;
import org.postroad.api.MailHistory;
import org.postroad.api.QueueOptions;
import org.postroad.fixtures.FakeSmtpServer;
import org.postroad.fixtures.Transcript;
import org.postroad.provider.MailQueue;

/** Commands on a queue with the same messages each time. The queue is closed: the commands attach to it. */
abstract class QueueCliTesting extends CliTesting {

    /** Queued so long ago that the time which a test takes does not show. */
    private static final Duration AGE = Duration.ofDays(3).plusHours(4).plusMinutes(30);

    private static final Duration DUE = Duration.ofDays(1).plusHours(2).plusMinutes(30);

    @TempDir
    Path folder;

    /** The ids of the messages, in order. */
    private final List<String> ids = new ArrayList<>();

    Path file() {
        return folder.resolve("queue.db");
    }

    String id(int number) {
        return ids.get(number - 1);
    }

    /** Runs a command of the group {@code queue} on the queue of the test. */
    Result queue(String command, String... arguments) {
        List<String> all = new ArrayList<>(List.of("queue", command, "--queue", file().toString()));
        all.addAll(List.of(arguments));
        return bare(all.toArray(String[]::new));
    }

    /**
     * Fills the queue: 1 delivered, 2 failed, 3 deferred, 4 for three recipients in two paused domains, 5 held, 6 to be sent later with a key,
     * 7 and 8 with the same Message-ID.
     */
    void fill() throws Exception {
        try (FakeSmtpServer server = FakeSmtpServer.start("mx", Family.IPV4, new Transcript())) {
            server.onCommand("RCPT TO:<ben", "550 5.1.1 unknown");
            server.onCommand("RCPT TO:<carl", "450 4.2.0 greylisted, come back");
            Session session = session(server.port());
            try (MailQueue queue = MailQueue.open(session)) {
                queue.pause(Domain.parse("paused.test"));
                queue.pause(Domain.parse("other.test"));
                send(queue, session, 1, QueueOptions.NONE, "anna@dual.test");
                send(queue, session, 2, QueueOptions.NONE, "ben@dual.test");
                send(queue, session, 3, QueueOptions.NONE, "carl@dual.test");
                send(queue, session, 4, QueueOptions.NONE, "dora@paused.test", "emil@paused.test", "frank@other.test");
                send(queue, session, 5, QueueOptions.NONE, "gina@paused.test");
                queue.hold(id(5));
                QueueOptions later = QueueOptions.NONE
                        .withKey("order-17")
                        .withSendAt(Instant.now().plus(DUE))
                        .withGiveUpBy(Instant.now().plus(DUE).plusSeconds(3600));
                send(queue, session, 6, later, "hans@paused.test");
                send(queue, session, 7, QueueOptions.NONE, "ida@paused.test");
                send(queue, session, 7, QueueOptions.NONE, "jan@paused.test");
                await(queue, MailHistory.Fate.DELIVERED);
                await(queue, MailHistory.Fate.FAILED);
                await(queue, MailHistory.Fate.DEFERRED);
            }
        }
        change("UPDATE postroad_message SET queued_at = queued_at - " + AGE.toMillis());
        change("UPDATE postroad_delivery SET due_at = due_at + " + DUE.toMillis() + " WHERE domain = 'dual.test'");
    }

    private Session session(int port) {
        Properties properties = new Properties();
        properties.setProperty("mail.mx.queue.url", "jdbc:sqlite:" + file());
        properties.setProperty("mail.mx.queue.bounces", "none");
        properties.setProperty("mail.mx.localhost", "client.test");
        properties.setProperty("mail.mx.routes", "*=[127.0.0.1]:" + port);
        return Session.getInstance(properties);
    }

    private void send(MailQueue queue, Session session, int number, QueueOptions options, String... recipients)
            throws Exception {
        String text = "From: me@client.test\r\nDate: Mon, 2 Mar 2026 08:30:00 +0000\r\nMessage-ID: <" + number
                + "@client.test>\r\nSubject: Number " + number + "\r\n\r\nHello " + "\u00fc".repeat(number) + "\r\n";
        MimeMessage message = new MimeMessage(session, new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
        for (String recipient : recipients) {
            message.addRecipient(Message.RecipientType.TO, new InternetAddress(recipient));
        }
        ids.add(queue.send(message, message.getAllRecipients(), options)
                .queueId()
                .orElseThrow());
        long sentAt = System.currentTimeMillis();
        while (System.currentTimeMillis() == sentAt) { // ids of the same millisecond have no order
            Thread.onSpinWait();
        }
    }

    /** The history is written in the transaction that ends an attempt. */
    private static void await(MailQueue queue, MailHistory.Fate fate) {
        while (queue.history(HistoryFilter.ALL.withFate(fate), "", 1).isEmpty()) {
            Thread.onSpinWait();
        }
    }

    /** Changes a table of the queue. */
    void change(String statement) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file());
                Statement update = connection.createStatement()) {
            update.execute(statement);
        }
    }

    /** Replaces ids and times, which differ each time, by others of the same length. */
    Result settled(Result result) {
        String out = result.out();
        for (int i = 0; i < ids.size(); i++) {
            out = out.replace(ids.get(i), "MESSAGE" + (i + 1) + "X".repeat(27));
        }
        out = out.replace(file().toString(), "queue.db")
                .replaceAll("20\\d\\d-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z", "2026-03-01T08:30:00Z")
                .replaceAll("127\\.0\\.0\\.1\\]:\\d+", "127.0.0.1]:25")
                .replaceAll("\"port\":\\d+", "\"port\":25")
                .replaceAll("\\d+ ms", "1 ms")
                .replaceAll("connection \\d+", "connection 1");
        return new Result(result.code(), out, result.err());
    }
}
