// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.client;

import jakarta.mail.Address;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.MimeMessage;
import java.util.Properties;

/** Angus Mail's {@code smtp}. If warm, its Transport stays connected, which requires an application that keeps the object. */
final class AngusClient implements Client {

    private final Transport transport;
    private final MimeMessage message;
    private final Address[] recipients;
    private final Start start;
    private boolean connected; // isConnected() would send NOOP and cost a round trip

    AngusClient(ClientTask task) throws MessagingException {
        Properties properties = new Properties();
        properties.setProperty("mail.smtp.host", "127.0.0.1");
        properties.setProperty("mail.smtp.port", String.valueOf(task.route().server()));
        properties.setProperty("mail.smtp.localhost", "client.test");
        // Opportunistic TLS like mx, used only if the sink offers it.
        properties.setProperty("mail.smtp.starttls.enable", "true");
        properties.setProperty("mail.smtp.ssl.trust", "*");
        properties.setProperty("mail.smtp.ssl.checkserveridentity", "false");
        Session session = Session.getInstance(properties);
        transport = session.getTransport("smtp");
        message = task.sample().compose(session);
        recipients = task.addresses();
        start = task.start();
    }

    @Override
    public void send() throws MessagingException {
        if (!connected) {
            transport.connect();
            connected = true;
        }
        transport.sendMessage(message, recipients);
        if (start == Start.COLD) {
            close();
        }
    }

    @Override
    public void close() throws MessagingException {
        connected = false;
        transport.close();
    }
}
