// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import org.postroad.api.DeliveryEvent;
import org.postroad.spi.DeliveryListener;

/** Program that {@link ShutdownTest} terminates with SIGTERM. It never closes the queue. */
final class ShutdownProcess {

    static final String READY = "ready";
    static final String BEGUN = "begun";
    static final String ENDING = "ending";
    static final String STORED = "stored";

    private ShutdownProcess() {}

    /** Arguments: file of the queue, port of the server, number of messages, whether there is a hook, when to send one more. */
    public static void main(String[] arguments) throws Exception {
        ChildJvm.logNoDeliveries();
        Properties properties = properties(arguments[0], arguments[1]);
        properties.setProperty("mail.mx.queue.shutdownhook", arguments[3]);
        CountDownLatch going = new CountDownLatch(1);
        properties.put("mail.mx.listener", (DeliveryListener) event -> {
            if (event instanceof DeliveryEvent.Connecting) {
                say(BEGUN);
                awaitUninterruptibly(going);
            }
        });
        Session session = Session.getInstance(properties);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            say(ENDING);
            if (arguments[4].equals("late")) {
                say(send(session, "late") ? STORED : "refused");
            }
        }));
        Thread reader = new Thread(() -> awaitLine(going));
        reader.setDaemon(true);
        reader.start();
        say(READY);
        for (int i = 0; i < Integer.parseInt(arguments[2]); i++) {
            send(session, String.valueOf(i));
        }
        new CountDownLatch(1).await();
    }

    static Properties properties(String file, String port) {
        Properties properties = new Properties();
        properties.setProperty("mail.transport.protocol.rfc822", "mxqueue");
        properties.setProperty("mail.mx.localhost", "client.test");
        properties.setProperty("mail.mx.routes", "*=[127.0.0.1]:" + port);
        properties.setProperty("mail.mx.queue.url", "jdbc:sqlite:" + file);
        properties.setProperty("mail.mx.queue.closetimeout", "5m"); // the test terminates the process before
        return properties;
    }

    /** Returns whether the message was accepted. */
    private static boolean send(Session session, String subject) {
        try {
            MimeMessage message = new MimeMessage(session);
            message.setFrom(new InternetAddress("me@client.test"));
            message.setRecipient(Message.RecipientType.TO, new InternetAddress("u@one.test"));
            message.setSubject(subject);
            message.setText("x");
            Transport.send(message);
            return true;
        } catch (MessagingException e) {
            e.printStackTrace(System.out);
            return false;
        }
    }

    /** Must not run on the sending thread: a send waits until the queue is closed, which waits for running deliveries. */
    private static void awaitLine(CountDownLatch going) {
        try {
            System.in.read();
        } catch (IOException e) {
            e.printStackTrace(System.out);
        }
        going.countDown();
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static synchronized void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
