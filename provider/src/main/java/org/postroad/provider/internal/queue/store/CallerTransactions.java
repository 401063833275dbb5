// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;

/**
 * Detects whether the connection that a caller's thread gets from a DataSource is part of a transaction of the caller's, as with
 * Spring's TransactionAwareDataSourceProxy, or with a container's DataSource in a JTA transaction. Such a connection must not be
 * committed or rolled back by the queue. Thread-safe.
 *
 * <p>There is no standard API for this. The detection uses two facts. A transaction that is begun on a connection turns its
 * auto-commit off, unless a container does that by XA. And a DataSource that hands out the transaction of a thread returns the same
 * database session each time, as long as the transaction lasts, while a pool never hands out one session twice at the same time.
 */
final class CallerTransactions {

    /** How long a thread waits for others that hold two connections. Then it goes on, though the pool may be exhausted. */
    private static final long MAX_WAIT_MILLIS = 1000;

    private static final String MARKED =
            "The transaction of the calling thread is marked for rollback, and a message or change would be"
                    + " rolled back with it. Use the queue before that, or outside of the transaction";

    private final DataSource dataSource;
    private final Dialect dialect;
    private final boolean mayNeedTwo;
    private final ContainerTransaction.TransactionSource container;
    private final SpringTransactions spring;
    private final ReentrantLock probeLock = new ReentrantLock();

    /** @param autoCommit the auto-commit mode of a connection outside any transaction */
    CallerTransactions(
            DataSource dataSource,
            Dialect dialect,
            boolean autoCommit,
            ContainerTransaction.TransactionSource container) {
        this.dataSource = dataSource;
        this.dialect = dialect;
        this.mayNeedTwo = !autoCommit;
        this.container = container;
        this.spring = SpringTransactions.visibleTo(dataSource);
    }

    /** Owner of a connection. */
    enum Owner {
        /** The queue, until it closes the connection. */
        QUEUE,
        /** A transaction of the thread, which other code commits or rolls back. */
        TRANSACTION,
        /** A scope of the thread that shares a connection and is not followed by a commit (Spring). */
        SCOPE
    }

    /** A connection of the calling thread, which must close it. */
    record ThreadConnection(Connection connection, Owner owner) implements AutoCloseable {

        @Override
        public void close() throws SQLException {
            connection.close();
        }
    }

    /** Returns the transaction of the calling thread, if its commit can be observed. */
    Optional<ContainerTransaction> current() {
        return container.current().or(spring::current);
    }

    /**
     * Gets a connection and determines its owner.
     *
     * @throws SQLException also if the owner cannot be determined, or if it is a transaction that can only be rolled back; the message
     *     includes the remedy
     */
    ThreadConnection connect() throws SQLException {
        Optional<ContainerTransaction> transaction = container.current();
        boolean marked =
                transaction.filter(ContainerTransaction::isMarkedForRollback).isPresent();
        ThreadConnection found;
        try {
            found = connect(transaction.isPresent());
        } catch (SQLException e) {
            if (!marked) {
                throw e;
            }
            throw new SQLException(
                    MARKED + ": " + e.getMessage(), e); // containers differ in whether they give a connection
        }
        if (found.owner() == Owner.TRANSACTION && (marked || spring.isMarkedForRollback())) {
            found.close();
            throw new SQLException(MARKED);
        }
        return found;
    }

    private ThreadConnection connect(boolean inContainer) throws SQLException {
        boolean locked = (mayNeedTwo || inContainer) && lock();
        try {
            Connection connection = DataSources.connect(dataSource);
            boolean known = false;
            try {
                Owner owner = owner(connection, inContainer);
                known = true;
                return new ThreadConnection(connection, owner);
            } finally {
                if (!known) {
                    connection.close();
                }
            }
        } finally {
            if (locked) {
                probeLock.unlock();
            }
        }
    }

    /**
     * Admits one thread at a time: threads that each held one connection and waited for a second one would exhaust the pool and
     * wait for ever.
     */
    private boolean lock() throws SQLException {
        try {
            return probeLock.tryLock(MAX_WAIT_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLException("The thread was interrupted before it had a connection", e);
        }
    }

    private Owner owner(Connection connection, boolean inContainer) throws SQLException {
        boolean autoCommit = connection.getAutoCommit();
        if (autoCommit && !inContainer) {
            return Owner.QUEUE;
        }
        if (isSameSessionAgain(connection)) {
            return inContainer || spring.isInTransaction() ? Owner.TRANSACTION : Owner.SCOPE;
        }
        if (!autoCommit && inContainer) {
            throw new SQLException("The thread is in a JTA transaction, but the queue cannot determine whether its"
                    + " DataSource (mail.mx.queue.datasource) takes part in it: the connections are not shared within the"
                    + " transaction and come with auto-commit off. Let the container share them, or use a pool in auto-commit"
                    + " mode");
        }
        return Owner.QUEUE;
    }

    private boolean isSameSessionAgain(Connection connection) throws SQLException {
        long session = dialect.session(connection);
        try (Connection second = DataSources.connect(dataSource)) {
            boolean same = dialect.session(second) == session;
            if (!same && !second.getAutoCommit()) {
                second.rollback(); // only the session query has used it
            }
            return same;
        } catch (SQLException e) {
            throw new SQLException(
                    "The queue cannot determine whether its DataSource (mail.mx.queue.datasource) hands out the thread's"
                            + " transaction, because no second connection is available: " + e.getMessage()
                            + ". Enlarge the pool, or configure it to hand out connections in auto-commit mode",
                    e.getSQLState(),
                    e);
        }
    }
}
