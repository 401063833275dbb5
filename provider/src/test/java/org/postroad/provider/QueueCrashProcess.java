// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import jakarta.mail.Message;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.postgresql.ds.PGSimpleDataSource;
import org.postroad.api.DeliveryEvent;
import org.postroad.api.QueueFilter;
import org.postroad.api.QueuedMail;
import org.postroad.api.QueuedMail.State;
import org.postroad.spi.DeliveryListener;

/**
 * Program that {@link QueueCrashTest} kills: prints the deliveries that a former process left in progress, opens the queue, and submits
 * messages from several threads. Prints a line for each completed step before it continues.
 */
final class QueueCrashProcess {

    static final String UNDER_WAY = "under way ";
    static final String ACKNOWLEDGED = "acknowledged ";
    static final String SUBMITTING = "submitting ";
    static final String HELD = "held ";
    static final String EMPTY = "empty";
    static final String CONNECTING = "connecting";

    /** The last argument of a process that contacts no server before it reads a line, and then waits for the end of each delivery. */
    static final String WAIT = "wait";

    private static final int THREADS = 4;

    private QueueCrashProcess() {}

    /**
     * Arguments: file of the queue or URL of PostgreSQL, port of the server, first number, number after the last, the value of
     * {@code queue.indoubt}, the lease, if not the default, and {@link #WAIT}, if deliveries must stop right before they connect.
     */
    public static void main(String[] arguments) throws Exception {
        ChildJvm.logNoDeliveries();
        int end = Integer.parseInt(arguments[3]);
        Properties properties = properties(arguments[1], arguments[4]);
        if (arguments[0].startsWith("jdbc:")) {
            PGSimpleDataSource dataSource = new PGSimpleDataSource();
            dataSource.setUrl(arguments[0]);
            properties.put("mail.mx.queue.datasource", dataSource);
        } else {
            tellWhatIsUnderWay(Path.of(arguments[0]));
            properties.setProperty("mail.mx.queue.url", "jdbc:sqlite:" + arguments[0]);
        }
        if (arguments.length > 5) {
            properties.setProperty("mail.mx.queue.lease", arguments[5]);
            properties.setProperty("mail.mx.queue.concurrency", "50");
        }
        int first = Integer.parseInt(arguments[2]);
        CountDownLatch concluded = new CountDownLatch(0);
        if (arguments.length > 6 && arguments[6].equals(WAIT)) {
            concluded = new CountDownLatch(end - first);
            waitBeforeConnecting(properties, concluded);
        }
        Session session = Session.getInstance(properties);
        try (MailQueue queue = MailQueue.open(session)) {
            AtomicInteger next = new AtomicInteger(first);
            Thread[] threads = new Thread[THREADS];
            for (int i = 0; i < THREADS; i++) {
                threads[i] = new Thread(() -> submit(session, next, end));
                threads[i].start();
            }
            for (Thread thread : threads) {
                thread.join();
            }
            concluded.await();
            if (!queue.drain(Duration.ofSeconds(2))) {
                waitForTheRest(queue);
            }
            say(EMPTY);
        }
    }

    private static void waitBeforeConnecting(Properties properties, CountDownLatch concluded) {
        CountDownLatch line = new CountDownLatch(1);
        Thread reader = new Thread(() -> {
            try {
                System.in.read();
            } catch (IOException e) {
                e.printStackTrace(System.out);
            }
            line.countDown();
        });
        reader.setDaemon(true);
        reader.start();
        properties.setProperty("mail.mx.maxconnectionsperhost", "50");
        // An address that has not answered yet gets only a share of all connections.
        properties.setProperty("mail.mx.maxconnections", "5000");
        properties.put("mail.mx.listener", (DeliveryListener) event -> {
            if (event instanceof DeliveryEvent.Connecting) {
                say(CONNECTING);
                try {
                    line.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            } else if (event instanceof DeliveryEvent.Concluded) {
                concluded.countDown();
            }
        });
    }

    private static void waitForTheRest(MailQueue queue) throws InterruptedException {
        // The size first: it only decreases, and the number of held messages only increases.
        long size = queue.size();
        List<QueuedMail> held = held(queue);
        while (size > held.size()) {
            queue.drain(Duration.ofMillis(100));
            size = queue.size();
            held = held(queue);
        }
        for (QueuedMail mail : held) {
            say(HELD + mail.subject().orElseThrow());
        }
    }

    private static List<QueuedMail> held(MailQueue queue) {
        return queue.list(QueueFilter.in(State.HELD), "", MailQueue.MAX_PAGE);
    }

    private static void submit(Session session, AtomicInteger next, int end) {
        try {
            for (int number = next.getAndIncrement(); number < end; number = next.getAndIncrement()) {
                MimeMessage message = new MimeMessage(session);
                message.setFrom(new InternetAddress("me@client.test"));
                message.setRecipient(Message.RecipientType.TO, new InternetAddress("u@d" + number % 5 + ".test"));
                message.setSubject(String.valueOf(number));
                message.setText("x".repeat(2000));
                say(SUBMITTING + number);
                Transport.send(message);
                say(ACKNOWLEDGED + number);
            }
        } catch (Exception e) {
            e.printStackTrace(System.out);
        }
    }

    private static void tellWhatIsUnderWay(Path file) throws Exception {
        if (Files.exists(file)) {
            try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                    Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery(
                            "SELECT m.subject FROM postroad_message m JOIN postroad_delivery d ON d.message_id = m.id"
                                    + " WHERE d.state = 'TRYING'")) {
                while (rows.next()) {
                    say(UNDER_WAY + rows.getString(1));
                }
            }
        }
    }

    private static Properties properties(String port, String inDoubt) {
        Properties properties = new Properties();
        properties.setProperty("mail.transport.protocol.rfc822", "mxqueue");
        properties.setProperty("mail.mx.localhost", "client.test");
        properties.setProperty("mail.mx.routes", "*=[127.0.0.1]:" + port);
        properties.setProperty("mail.mx.queue.indoubt", inDoubt);
        return properties;
    }

    private static synchronized void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
