// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.client;

import jakarta.mail.Address;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.MimeMessage;
import java.util.Properties;

/** The transport {@code mx}, as used by an application. */
final class MxClient implements Client {

    private final Transport transport;
    private final MimeMessage message;
    private final Address[] recipients;

    MxClient(ClientTask task) throws MessagingException {
        Session session = Session.getInstance(properties(task));
        transport = session.getTransport("mx");
        transport.connect(); // sets a flag only: no IO
        message = task.sample().compose(session);
        recipients = task.addresses();
    }

    static Properties properties(ClientTask task) {
        Properties properties = new Properties();
        properties.setProperty("mail.mx.localhost", "client.test");
        properties.setProperty("mail.mx.families", "both");
        properties.setProperty("mail.mx.addresses.allow", "127.0.0.0/8 ::1/128");
        if (task.start() == Start.COLD) {
            properties.setProperty("mail.mx.idletimeout", "0");
        } else { // the other clients keep their connections forever, too
            properties.setProperty("mail.mx.maxmessagesperconnection", "1000000");
        }
        properties.setProperty(
                "mail.mx.dns.servers", "127.0.0.1:" + task.route().dns());
        properties.setProperty("mail.mx.remoteport", String.valueOf(task.route().server()));
        return properties;
    }

    @Override
    public void send() throws MessagingException {
        transport.sendMessage(message, recipients);
    }

    @Override
    public void close() throws MessagingException {
        transport.close();
    }
}
