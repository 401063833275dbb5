// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.outbox;

import jakarta.mail.MessagingException;
import jakarta.transaction.SystemException;
import java.sql.SQLException;

/** Takes orders: stores them and confirms them by mail. */
interface Shop {

    /**
     * Takes an order.
     *
     * @throws PaymentRefusedException if it is not paid for. In this case, and after any other failure, there is neither an
     *     order nor mail
     */
    void take(Order order) throws PaymentRefusedException, SQLException, MessagingException, SystemException;

    /** The order was not taken. */
    final class PaymentRefusedException extends Exception {

        private static final long serialVersionUID = 1;

        PaymentRefusedException(String item) {
            super("The payment for the " + item + " was refused");
        }
    }
}
