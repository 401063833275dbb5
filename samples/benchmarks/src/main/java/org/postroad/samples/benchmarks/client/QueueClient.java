// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.client;

import jakarta.mail.Address;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;

/** Queues a message of 8 KiB with {@code Transport.send}, which returns when the message is on disk. */
public final class QueueClient implements Client {

    private final MimeMessage message;
    private final Address[] recipients;

    /** @param properties of the queue, from {@link #properties} */
    public QueueClient(Properties properties, String domain) throws MessagingException {
        message = SampleMessage.SMALL.compose(Session.getInstance(properties));
        recipients = new Address[] {new InternetAddress("recipient@" + domain)};
    }

    /**
     * Returns the properties of a queue with default settings, except for our name and the routes.
     *
     * @param file the database file
     * @param routes the port of 127.0.0.1 for the mail of each domain
     */
    public static Properties properties(Path file, Map<String, Integer> routes) {
        Properties properties = new Properties();
        properties.setProperty("mail.transport.protocol.rfc822", "mxqueue");
        properties.setProperty("mail.mx.localhost", "client.test");
        properties.setProperty("mail.mx.addresses.allow", "127.0.0.0/8");
        properties.setProperty(
                "mail.mx.routes",
                routes.entrySet().stream()
                        .map(route -> route.getKey() + "=[127.0.0.1]:" + route.getValue())
                        .collect(Collectors.joining(";")));
        properties.setProperty("mail.mx.queue.url", "jdbc:sqlite:" + file);
        properties.setProperty("mail.mx.queue.closetimeout", "1s"); // do not wait for servers that never answer
        return properties;
    }

    @Override
    public void send() throws MessagingException {
        Transport.send(message, recipients);
    }

    /** Does nothing: the queue stays open until {@code Postroad.close()}. */
    @Override
    public void close() {}
}
