// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.cli;

import jakarta.mail.MessagingException;
import java.sql.SQLException;
import java.sql.SQLNonTransientException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postroad.api.Printable;

/** The exit codes of what goes wrong with a queue. */
final class QueueErrors {

    /** Result codes of SQLite that mean that something is in the way for now: busy, locked, out of memory, full. */
    private static final Set<Integer> SQLITE_TEMPORARY = Set.of(5, 6, 7, 13);

    private static final int MAX_DEPTH = 20;

    private QueueErrors() {}

    /** Returns the error of a queue that cannot be opened, or of a message that cannot be sent. Its message says what to do. */
    static CliException of(MessagingException problem) {
        SQLException reason = databaseError(problem);
        return new CliException(reason == null ? ExitCode.USAGE : code(reason), oneLine(problem), problem);
    }

    /** Returns the error of an operation; null if it is not one of the database. */
    static @Nullable CliException ofOperation(Exception problem) {
        SQLException reason = databaseError(problem);
        return reason == null ? null : new CliException(code(reason), oneLine(problem), problem);
    }

    private static int code(SQLException reason) {
        boolean isSqlite = reason.getClass().getName().startsWith("org.sqlite.");
        boolean isTemporary = isSqlite
                ? SQLITE_TEMPORARY.contains(reason.getErrorCode() & 0xff)
                : !(reason instanceof SQLNonTransientException);
        return isTemporary ? ExitCode.TEMPORARY : ExitCode.PERMANENT;
    }

    private static @Nullable SQLException databaseError(Throwable problem) {
        SQLException deepest = null;
        Throwable at = problem;
        for (int depth = 0; at != null && depth < MAX_DEPTH; depth++) {
            if (at instanceof SQLException found) {
                deepest = found; // it has the code
            }
            at = at.getCause();
        }
        return deepest;
    }

    private static String oneLine(Exception problem) {
        return String.valueOf(problem.getMessage())
                .lines()
                .map(Printable::clean)
                .reduce((a, b) -> a + " " + b)
                .orElse("");
    }
}
