// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.cluster;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.util.Properties;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.postroad.api.DeliveryEvent;
import org.postroad.provider.Postroad;
import org.postroad.spi.DeliveryListener;

/**
 * An application with a queue. Arguments: its name, the JDBC URL of the database, the port of the mail server, the number of
 * messages to send, and the number of domains. Prints a line {@code submitted} or {@code delivered} for each message, and stops
 * after reading a line or the end of its input.
 */
public final class Node {

    static final String SUBMITTED = "submitted";
    static final String DELIVERED = "delivered";

    /** More connections than concurrent deliveries, so that none has to wait for a connection. */
    private static final int CONNECTIONS = 10;

    /** The demonstration prints lines of its own. Held, because the JDK holds loggers weakly. */
    private static final Logger DELIVERIES = Logger.getLogger("org.postroad.delivery");

    private Node() {}

    public static void main(String[] arguments) throws Exception {
        DELIVERIES.setLevel(Level.WARNING);
        String name = arguments[0];
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(arguments[1]);
        config.setMaximumPoolSize(CONNECTIONS);
        try (HikariDataSource pool = new HikariDataSource(config)) {
            Session session = Session.getInstance(properties(pool, arguments[2]));
            int domains = Integer.parseInt(arguments[4]);
            for (int number = 1; number <= Integer.parseInt(arguments[3]); number++) {
                submit(session, subject(number, name), "reader@d" + number % domains + ".test");
            }
            waitForALine();
            Postroad.close();
        }
    }

    static String subject(int number, String name) {
        return "message " + number + " of " + name;
    }

    private static Properties properties(DataSource dataSource, String port) {
        Properties properties = new Properties();
        properties.setProperty("mail.transport.protocol.rfc822", "mxqueue");
        properties.setProperty("mail.mx.localhost", "node.test");
        properties.put("mail.mx.queue.datasource", dataSource);
        properties.setProperty("mail.mx.queue.lease", "4s");
        properties.setProperty("mail.mx.queue.poll", "1s");
        properties.setProperty("mail.mx.queue.rate", "50/1s"); // slow enough to be killed in the middle
        properties.setProperty("mail.mx.routes", "*=[127.0.0.1]:" + port);
        properties.setProperty("mail.mx.addresses.allow", "127.0.0.0/8");
        properties.put("mail.mx.listener", (DeliveryListener) Node::tell);
        return properties;
    }

    private static void submit(Session session, String subject, String recipient) throws MessagingException {
        MimeMessage message = new MimeMessage(session);
        message.setFrom(new InternetAddress("writer@node.test"));
        message.setRecipient(Message.RecipientType.TO, new InternetAddress(recipient));
        message.setSubject(subject);
        message.setText("A message of the cluster sample.\n");
        Transport.send(message);
        System.out.println(SUBMITTED);
    }

    private static void tell(DeliveryEvent event) {
        if (event instanceof DeliveryEvent.Concluded) {
            System.out.println(DELIVERED);
        }
    }

    private static void waitForALine() throws IOException {
        int octet = System.in.read();
        while (octet >= 0 && octet != '\n') {
            octet = System.in.read();
        }
    }
}
