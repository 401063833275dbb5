// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.Optional;
import javax.sql.DataSource;

/** Storage of a queue. Thread-safe. */
public interface Database extends AutoCloseable {

    /** Work on a connection that is in a transaction. It neither commits nor closes the connection. It may run again after a rollback. */
    @FunctionalInterface
    interface Work<T> {
        T run(Connection connection) throws SQLException;
    }

    /**
     * Runs the work in one transaction, which is durable when this method returns.
     *
     * @throws CommitInDoubtException if it is unknown whether the transaction was committed
     * @throws SQLException if the database fails otherwise; nothing was done
     * @throws InterruptedException if the thread was interrupted while it waited; nothing was done
     */
    <T> T write(Work<T> work) throws SQLException, InterruptedException;

    /**
     * Like {@link #write}, on a caller's thread. If the database is the application's and hands out the transaction that the thread
     * is in, the work becomes part of that transaction, and takes effect if and only if it commits. This method never commits it or
     * rolls it back.
     */
    default <T> Written<T> writeForCaller(Work<T> work) throws SQLException, InterruptedException {
        return Written.committed(write(work));
    }

    /**
     * Result of a write.
     *
     * @param joined whether it is part of a transaction of the caller's, which has not ended yet
     * @param container that transaction, if its commit can be observed
     */
    record Written<T>(T result, boolean joined, Optional<ContainerTransaction> container) {

        static <T> Written<T> committed(T result) {
            return new Written<>(result, false, Optional.empty());
        }
    }

    /** Runs the work within a foreign transaction, which stays usable after a failure of the work if the connection has savepoints. */
    static <T> T withSavepoint(Connection transaction, Work<T> work) throws SQLException {
        Optional<Savepoint> before = savepoint(transaction);
        T result;
        try {
            result = work.run(transaction);
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

    /**
     * Sets a savepoint; empty if the connection has none, as in some containers. Then a failure may leave part of the work in the
     * transaction.
     */
    private static Optional<Savepoint> savepoint(Connection transaction) {
        try {
            return Optional.of(transaction.setSavepoint());
        } catch (SQLException e) {
            System.getLogger(Database.class.getName())
                    .log(System.Logger.Level.DEBUG, "The transaction of the caller has no savepoints", e);
            return Optional.empty();
        }
    }

    /** Runs the work in a transaction of its own on the connection. Throws as {@link #write} does. */
    static <T> T inTransaction(Connection connection, Work<T> work) throws SQLException {
        boolean before = connection.getAutoCommit();
        connection.setAutoCommit(false);
        T result;
        try {
            result = work.run(connection);
        } catch (SQLException | RuntimeException | Error e) {
            rollback(connection, before, e);
            throw e;
        }
        commit(connection, before);
        return result;
    }

    private static void commit(Connection connection, boolean autoCommit) throws SQLException {
        try {
            connection.commit();
        } catch (SQLException e) {
            if (rollback(connection, autoCommit, e)) {
                throw e;
            }
            throw new CommitInDoubtException(e);
        }
        try {
            connection.setAutoCommit(autoCommit);
        } catch (SQLException e) {
            // The commit stands. The next use of the connection will fail.
            System.getLogger(Database.class.getName())
                    .log(System.Logger.Level.DEBUG, "A connection broke after the commit", e);
        }
    }

    /**
     * Rolls back and restores the auto-commit mode. Failures of that are added to the cause, which is what the caller must receive.
     *
     * @return whether the rollback succeeded
     */
    private static boolean rollback(Connection connection, boolean autoCommit, Throwable cause) {
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

    /** Runs work that changes nothing. */
    <T> T read(Work<T> work) throws SQLException;

    /** Like {@link #read}, on a caller's thread and within the transaction that the thread is in. */
    default <T> T readForCaller(Work<T> work) throws SQLException {
        return read(work);
    }

    /** Returns whether a write on the calling thread becomes part of a transaction of the caller's. */
    default boolean isCallerInTransaction() throws SQLException {
        return false;
    }

    /** Releases the leases that an earlier process left, if only one process at a time can use this database. Called before work begins. */
    void clearStaleLeases() throws InterruptedException;

    /** Returns the DataSource of the scheduler, which commits by itself. */
    DataSource dataSource();

    Dialect dialect();

    /** Returns where the database is, human-readable and without secrets. */
    String description();

    @Override
    void close();
}
