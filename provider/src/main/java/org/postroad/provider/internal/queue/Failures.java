// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.postroad.api.Printable;

/** What failures of a database mean, and how they are logged: with a stack trace only where that can tell anything. Without state. */
final class Failures {

    /** The SQL states of a prepared statement that is not there, or is there already: its connection to the server is another one now. */
    private static final List<String> STATEMENT_LOST = List.of("26000", "42P05");

    /** The class of the SQL states of what the database broke off in favour of others: deadlock, serialization failure. */
    private static final String BROKEN_OFF = "40";

    private static final int MAX_CAUSES = 20;

    private Failures() {}

    /** Whether the same may succeed if it is done again. */
    static boolean isBrokenOff(Throwable failure) {
        return state(failure).filter(state -> state.startsWith(BROKEN_OFF)).isPresent();
    }

    /** The message of the failure, with what to do where that is known. */
    static String describe(Throwable failure) {
        String said = String.valueOf(failure.getMessage());
        return state(failure).filter(STATEMENT_LOST::contains).isPresent()
                ? said
                        + " (a pool between here and the database, such as pgbouncer in transaction mode, does not keep prepared"
                        + " statements: add prepareThreshold=0 to the URL of the PostgreSQL driver)"
                : said;
    }

    /** Logs what is tried again. A conflict with another transaction is no trouble, and so is not a warning. */
    static void log(Class<?> source, String what, Throwable failure) {
        System.Logger logger = System.getLogger(source.getName());
        if (isBrokenOff(failure)) {
            logger.log(System.Logger.Level.DEBUG, what + ": " + Printable.clean(describe(failure)));
        } else if (state(failure).filter(STATEMENT_LOST::contains).isPresent()) {
            logger.log(System.Logger.Level.WARNING, what + ": " + Printable.clean(describe(failure)));
        } else {
            logger.log(System.Logger.Level.WARNING, what, failure);
        }
    }

    /** The first SQL state among the causes. */
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
