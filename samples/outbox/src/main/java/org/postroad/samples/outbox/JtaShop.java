// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.outbox;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.transaction.HeuristicMixedException;
import jakarta.transaction.HeuristicRollbackException;
import jakarta.transaction.NotSupportedException;
import jakarta.transaction.RollbackException;
import jakarta.transaction.SystemException;
import jakarta.transaction.UserTransaction;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/** An application in a container, with a transaction bound to the thread: plain Jakarta Mail takes part in it. */
record JtaShop(DataSource database, Session session, UserTransaction transaction) implements Shop {

    @Override
    public void take(Order order) throws PaymentRefusedException, SQLException, MessagingException, SystemException {
        try {
            transaction.begin();
            boolean taken = false;
            try {
                writeAndConfirm(order);
                order.charge();
                taken = true;
            } finally {
                if (!taken) {
                    transaction.rollback();
                }
            }
            transaction.commit();
        } catch (NotSupportedException | RollbackException | HeuristicMixedException | HeuristicRollbackException e) {
            throw new IllegalStateException("The transaction of " + order + " failed", e);
        }
    }

    /** With a container, a {@code @Transactional} method contains only this. */
    private void writeAndConfirm(Order order) throws SQLException, MessagingException {
        try (Connection connection = database.getConnection()) {
            order.write(connection);
        }
        Transport.send(order.confirmation(session));
    }
}
