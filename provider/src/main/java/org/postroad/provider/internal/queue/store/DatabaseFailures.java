// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue.store;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.postroad.api.Printable;

/** Classifies and logs failures of a database, with a stack trace only if it is useful. Stateless. */
public final class DatabaseFailures {

    /** SQL states for a prepared statement that is missing or already exists: the connection now leads to another session of the server. */
    private static final List<String> PREPARED_STATEMENT_LOST = List.of("26000", "42P05");

    /** Class of the SQL states for a transaction that the database aborted in favour of others: deadlock, serialization failure. */
    private static final String TRANSACTION_ABORTED = "40";

    private static final int MAX_CAUSES = 20;

    private DatabaseFailures() {}

    /** Returns whether the same work may succeed if it is repeated. */
    static boolean isTransient(Throwable failure) {
        return state(failure)
                .filter(state -> state.startsWith(TRANSACTION_ABORTED))
                .isPresent();
    }

    /** Returns the message of the failure, with the remedy if it is known. */
    public static String describe(Throwable failure) {
        String said = String.valueOf(failure.getMessage());
        return state(failure).filter(PREPARED_STATEMENT_LOST::contains).isPresent()
                ? said
                        + " (a pool between here and the database, such as pgbouncer in transaction mode, does not keep prepared"
                        + " statements: add prepareThreshold=0 to the URL of the PostgreSQL driver)"
                : said;
    }

    /** Logs a failure after which the work is repeated. A conflict with another transaction is normal, and therefore not a warning. */
    public static void log(Class<?> source, String what, Throwable failure) {
        System.Logger logger = System.getLogger(source.getName());
        if (isTransient(failure)) {
            logger.log(System.Logger.Level.DEBUG, what + ": " + Printable.clean(describe(failure)));
        } else if (state(failure).filter(PREPARED_STATEMENT_LOST::contains).isPresent()) {
            logger.log(System.Logger.Level.WARNING, what + ": " + Printable.clean(describe(failure)));
        } else {
            logger.log(System.Logger.Level.WARNING, what, failure);
        }
    }

    /** Returns the first SQL state in the chain of causes. */
    private static Optional<String> state(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < MAX_CAUSES; depth++) {
            if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                return Optional.of(sql.getSQLState());
            }
            cause = cause.getCause();
        }
        return Optional.empty();
    }
}
