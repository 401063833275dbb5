// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.postgresql.ds.PGSimpleDataSource;
import org.postroad.api.Domain;
import org.postroad.api.QueueFilter;
import org.postroad.api.QueuedMail;
import org.postroad.api.QueuedMail.State;

/**
 * A process that is attached to a queue, for {@link AttachTest}. Arguments: the path of a file or the URL of PostgreSQL, and a command.
 * Prints a line for each result.
 */
final class AttachedProcess {

    static final String CHANGED = "changed";

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
            case "list" -> {
                for (QueuedMail mail : queue.list(QueueFilter.ALL, "", MailQueue.MAX_PAGE)) {
                    say(mail.id() + " " + mail.deliveries().get(0).state());
                }
            }
            case "hold" -> {
                say("listed " + queue.size());
                try {
                    say("held " + queue.select(QueueFilter.ALL).hold());
                } catch (RuntimeException e) {
                    say("failed: " + e.getMessage());
                }
            }
            case "control" -> control(queue, Domain.parse(arguments[2]));
            case "forever" -> changeForever(queue);
            default -> throw new IllegalArgumentException(arguments[1]);
        }
    }

    /** What an operator does with a domain: looks, holds all, resumes, releases, and waits. */
    private static void control(MailQueue queue, Domain domain) throws InterruptedException {
        QueueFilter filter = QueueFilter.to(domain);
        say("counted " + queue.select(filter).count().deliveries());
        say("held " + queue.select(filter).hold());
        queue.resume(domain);
        say("released " + queue.select(filter.withState(State.HELD)).release());
        say("empty " + queue.drain(Duration.ofMinutes(2)));
    }

    /** Holds and releases everything again and again, until it is killed. */
    private static void changeForever(MailQueue queue) throws InterruptedException {
        List<String> domains = List.of("d0.test", "d1.test", "d2.test", "d3.test", "d4.test");
        while (true) {
            for (String name : domains) {
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
