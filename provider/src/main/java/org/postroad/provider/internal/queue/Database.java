// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/** Where the queue is kept. Thread-safe. */
public interface Database extends AutoCloseable {

    /**
     * Something to do with a connection that is in a transaction; it neither commits nor closes, and may be done again where the
     * first time came to nothing.
     */
    @FunctionalInterface
    interface Work<T> {
        T with(Connection connection) throws SQLException;
    }

    /**
     * Does the work, all of it or nothing; when this returns, it is durable.
     *
     * @throws CommitInDoubtException if it is not known whether it was done
     * @throws SQLException if the database fails otherwise; nothing was done
     * @throws InterruptedException if the thread was interrupted while it waited; nothing was done
     */
    <T> T write(Work<T> work) throws SQLException, InterruptedException;

    /** Does the work in a transaction of its own on that connection; throws as {@link #write} does. */
    static <T> T inTransaction(Connection connection, Work<T> work) throws SQLException {
        boolean before = connection.getAutoCommit();
        connection.setAutoCommit(false);
        T result;
        try {
            result = work.with(connection);
        } catch (SQLException | RuntimeException | Error e) {
            undo(connection, before, e);
            throw e;
        }
        commit(connection, before);
        return result;
    }

    private static void commit(Connection connection, boolean autoCommit) throws SQLException {
        try {
            connection.commit();
        } catch (SQLException e) {
            if (undo(connection, autoCommit, e)) {
                throw e;
            }
            throw new CommitInDoubtException(e);
        }
        try {
            connection.setAutoCommit(autoCommit);
        } catch (SQLException e) {
            // What is committed is committed; whoever uses the connection next hears of it.
            System.getLogger(Database.class.getName())
                    .log(System.Logger.Level.DEBUG, "A connection broke after the commit", e);
        }
    }

    /**
     * What went wrong is what the caller is to hear of; that a broken connection cannot even be rolled back comes with it. Whether
     * it was rolled back.
     */
    private static boolean undo(Connection connection, boolean autoCommit, Throwable cause) {
        boolean undone = true;
        try {
            connection.rollback();
        } catch (SQLException e) {
            undone = false;
            cause.addSuppressed(e);
        }
        try {
            connection.setAutoCommit(autoCommit);
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
        return undone;
    }

    /** Does work that changes nothing. */
    <T> T read(Work<T> work) throws SQLException;

    /** Before work begins: what a former process left that had this database for itself is free again. */
    void takeOver() throws InterruptedException;

    /** For the scheduler, which commits for itself. */
    DataSource dataSource();

    Dialect dialect();

    /** Where it is, for people; no secrets. */
    String place();

    @Override
    void close();
}
