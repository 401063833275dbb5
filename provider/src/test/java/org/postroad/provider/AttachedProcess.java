// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import java.util.List;
import java.util.Properties;
import org.postgresql.ds.PGSimpleDataSource;
import org.postroad.api.Domain;
import org.postroad.api.QueueFilter;
import org.postroad.api.QueuedMail.State;

/**
 * A process that is attached to a queue, for {@link AttachTest}. Arguments: the path of a file or the URL of PostgreSQL, and a command.
 * Prints a line for each result.
 */
final class AttachedProcess {

    static final String CHANGED = "changed";

    /** Those that {@link QueueCrashProcess} sends to. */
    private static final List<String> DOMAINS = List.of("d0.test", "d1.test", "d2.test", "d3.test", "d4.test");

    private AttachedProcess() {}

    public static void main(String[] arguments) throws Exception {
        ChildJvm.logNoDeliveries();
        try (MailQueue queue = MailQueue.attach(Session.getInstance(properties(arguments[0])))) {
            run(queue, arguments);
        } catch (MessagingException e) {
            say("refused: " + e.getMessage());
        }
    }

    static Properties properties(String place) {
        Properties properties = new Properties();
        if (place.startsWith("jdbc:")) {
            PGSimpleDataSource dataSource = new PGSimpleDataSource();
            dataSource.setUrl(place);
            properties.put("mail.mx.queue.datasource", dataSource);
        } else {
            properties.setProperty("mail.mx.queue.url", "jdbc:sqlite:" + place);
        }
        return properties;
    }

    private static void run(MailQueue queue, String[] arguments) throws Exception {
        switch (arguments[1]) {
            case "hold" -> hold(queue);
            case "free" -> free(queue);
            case "forever" -> changeForever(queue);
            default -> throw new IllegalArgumentException(arguments[1]);
        }
    }

    private static void hold(MailQueue queue) throws InterruptedException {
        say("listed " + queue.list(QueueFilter.ALL, "", MailQueue.MAX_PAGE).size());
        try {
            say("held " + queue.select(QueueFilter.ALL).hold());
        } catch (RuntimeException e) {
            say("refused: " + e.getMessage());
        }
    }

    /** Undoes what a killed process may have left. */
    private static void free(MailQueue queue) throws InterruptedException {
        for (String name : DOMAINS) {
            queue.resume(Domain.parse(name));
        }
        queue.select(QueueFilter.in(State.HELD)).release();
        say(CHANGED);
    }

    /** Holds and releases everything again and again, until it is killed. */
    private static void changeForever(MailQueue queue) throws InterruptedException {
        while (true) {
            for (String name : DOMAINS) {
                queue.pause(Domain.parse(name));
                queue.select(QueueFilter.to(Domain.parse(name))).hold();
                queue.select(QueueFilter.to(Domain.parse(name))).release();
                queue.resume(Domain.parse(name));
                say(CHANGED);
            }
        }
    }

    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
