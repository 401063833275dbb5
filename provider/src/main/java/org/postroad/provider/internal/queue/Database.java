// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.Optional;
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

    /**
     * The same for a caller, on a thread of the caller's: where the database is the application's, and hands out the transaction that
     * the thread is in, the work is part of that, and done if and only if that commits. It is never committed or rolled back here.
     */
    default <T> Written<T> writeForCaller(Work<T> work) throws SQLException, InterruptedException {
        return Written.committed(write(work));
    }

    /**
     * What came of a write.
     *
     * @param joined whether it belongs to a transaction of the caller's, which has not ended yet
     * @param container that transaction, where it is a container's
     */
    record Written<T>(T result, boolean joined, Optional<ContainerTransaction> container) {

        static <T> Written<T> committed(T result) {
            return new Written<>(result, false, Optional.empty());
        }
    }

    /** Does the work within a transaction of somebody else's, which stays usable if the work fails. */
    static <T> T within(Connection transaction, Work<T> work) throws SQLException {
        Optional<Savepoint> before = savepoint(transaction);
        T result;
        try {
            result = work.with(transaction);
        } catch (SQLException | RuntimeException | Error e) {
            if (before.isPresent()) {
                try {
                    transaction.rollback(before.get());
                } catch (SQLException broken) {
                    e.addSuppressed(broken);
                }
            }
            throw e;
        }
        if (before.isPresent()) {
            transaction.releaseSavepoint(before.get());
        }
        return result;
    }

    /** Some containers have none for their connections; then a failure may leave a part of the work in the transaction. */
    private static Optional<Savepoint> savepoint(Connection transaction) {
        try {
            return Optional.of(transaction.setSavepoint());
        } catch (SQLException e) {
            System.getLogger(Database.class.getName())
                    .log(System.Logger.Level.DEBUG, "The transaction of the caller has no savepoints", e);
            return Optional.empty();
        }
    }

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

    /** The same for a caller, on a thread of the caller's, and within the transaction that this is in. */
    default <T> T readForCaller(Work<T> work) throws SQLException {
        return read(work);
    }

    /** Whether what the calling thread writes is part of a transaction of its own. */
    default boolean isCallerInTransaction() throws SQLException {
        return false;
    }

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
