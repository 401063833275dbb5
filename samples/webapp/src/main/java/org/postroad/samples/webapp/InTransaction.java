// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.webapp;

import jakarta.mail.MessagingException;
import jakarta.transaction.HeuristicMixedException;
import jakarta.transaction.HeuristicRollbackException;
import jakarta.transaction.NotSupportedException;
import jakarta.transaction.RollbackException;
import jakarta.transaction.SystemException;
import jakarta.transaction.UserTransaction;
import javax.naming.NamingException;

/** Work in a transaction of the server. A class of its own, which a server without transactions does not load. */
final class InTransaction {

    private InTransaction() {}

    /** Does the work, and commits it if that is wanted; otherwise, and if the work fails, rolls it back. */
    static void run(MailServlet.Work work, boolean commit) throws MessagingException, NamingException {
        UserTransaction transaction = MailServlet.find("java:comp/UserTransaction", UserTransaction.class);
        try {
            transaction.begin();
            boolean done = false;
            try {
                work.run();
                done = true;
            } finally {
                if (!done || !commit) {
                    transaction.rollback();
                }
            }
            if (commit) {
                transaction.commit();
            }
        } catch (NotSupportedException
                | RollbackException
                | HeuristicMixedException
                | HeuristicRollbackException
                | SystemException e) {
            throw new IllegalStateException("The transaction failed", e);
        }
    }
}
