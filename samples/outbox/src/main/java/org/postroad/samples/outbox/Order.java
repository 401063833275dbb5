// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.outbox;

import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import java.util.TreeSet;
import org.postroad.samples.outbox.Shop.PaymentRefusedException;

/**
 * An order.
 *
 * @param item the item ordered
 * @param paid whether it will be paid for, which is known only at the end
 */
record Order(String item, boolean paid) {

    private static final String SUBJECT = "Your order: ";

    static void createTable(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE orders (item VARCHAR(100) PRIMARY KEY)");
        }
    }

    void write(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("INSERT INTO orders (item) VALUES (?)")) {
            statement.setString(1, item);
            statement.executeUpdate();
        }
    }

    /** Returns the items of all orders in the database. */
    static Set<String> written(Connection connection) throws SQLException {
        Set<String> items = new TreeSet<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT item FROM orders")) {
            while (rows.next()) {
                items.add(rows.getString(1));
            }
        }
        return items;
    }

    MimeMessage confirmation(Session session) throws MessagingException {
        MimeMessage message = new MimeMessage(session);
        message.setFrom(new InternetAddress("shop@node.test"));
        message.setRecipient(Message.RecipientType.TO, new InternetAddress("customer@example.test"));
        message.setSubject(SUBJECT + item);
        message.setText("Thank you. It will be with you soon.\n");
        return message;
    }

    boolean isConfirmedBy(String message) {
        return message.contains(SUBJECT + item + "\r\n");
    }

    void charge() throws PaymentRefusedException {
        if (!paid) {
            throw new PaymentRefusedException(item);
        }
    }
}
