// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.outbox;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.postroad.provider.MailQueue;

/** An application that commits its own transactions: it sends the mail on the same JDBC connection. */
record JdbcShop(DataSource database, Session session, MailQueue queue) implements Shop {

    @Override
    public void take(Order order) throws PaymentRefusedException, SQLException, MessagingException {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try {
                order.write(connection);
                MimeMessage confirmation = order.confirmation(session);
                queue.send(confirmation, confirmation.getAllRecipients(), connection);
                order.charge();
                connection.commit();
            } finally {
                connection.rollback(); // has no effect after a commit
            }
        }
    }
}
