// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.ThreadFactory;
import javax.sql.DataSource;
import org.postroad.provider.internal.queue.store.CallerTransactions.Owner;

/**
 * A queue in a database of the application, accessed by a DataSource. Group commit is left to the database.
 *
 * <p>The queue does its own work on its own threads, where no transaction of the application is active. Calls of the application run on the
 * calling thread, and within its transaction if the DataSource hands that out.
 */
final class PooledDatabase implements Database {

    /** Maximum number of tries of a transaction that the database aborts each time in favour of others. */
    static final int MAX_TRIES = 10;

    private final DataSource dataSource;
    private final Dialect dialect;
    private final ThreadFactory threads;
    private final CallerTransactions callers;

    /**
     * Determines the kind of database.
     *
     * @throws QueueException if the database cannot be reached, or is not one that can hold a queue
     */
    PooledDatabase(DataSource dataSource, ContainerTransaction.TransactionSource container, ThreadFactory threads)
            throws InterruptedException {
        this.dataSource = dataSource;
        this.threads = threads;
        DatabaseTraits nature;
        try {
            nature = OwnThread.call(threads, () -> DatabaseTraits.of(dataSource));
        } catch (SQLException e) {
            throw new QueueException("The DataSource of the queue returned no connection: " + e.getMessage(), e);
        }
        this.dialect = nature.dialect();
        this.callers = new CallerTransactions(dataSource, dialect, nature.autoCommit(), container);
    }

    /**
     * Properties of a connection outside of any transaction.
     *
     * @param autoCommit the auto-commit mode of connections from this DataSource
     */
    private record DatabaseTraits(Dialect dialect, boolean autoCommit) {

        static DatabaseTraits of(DataSource dataSource) throws SQLException {
            try (Connection connection = DataSources.connect(dataSource)) {
                return readAndEnd(connection, one -> new DatabaseTraits(Dialect.of(one), one.getAutoCommit()));
            }
        }
    }

    @Override
    public <T> T write(Work<T> work) throws SQLException {
        return retryIfAborted(() -> {
            try (Connection connection = DataSources.connect(dataSource)) {
                return Database.inTransaction(connection, work);
            }
        });
    }

    @FunctionalInterface
    private interface ConnectionUse<T> {
        T take() throws SQLException;
    }

    /** Repeats a transaction of the queue's own if the database aborted it and rolled it back. */
    private static <T> T retryIfAborted(ConnectionUse<T> work) throws SQLException {
        for (int turn = 1; ; turn++) {
            try {
                return work.take();
            } catch (SQLException e) {
                boolean aborted = DatabaseFailures.isTransient(e) && !(e instanceof CommitInDoubtException);
                if (turn == MAX_TRIES || !aborted) {
                    throw e;
                }
            }
        }
    }

    @Override
    public <T> T read(Work<T> work) throws SQLException {
        return retryIfAborted(() -> {
            try (Connection connection = DataSources.connect(dataSource)) {
                return readAndEnd(connection, work);
            }
        });
    }

    private static <T> T readAndEnd(Connection connection, Work<T> work) throws SQLException {
        T result;
        try {
            result = work.run(connection);
        } catch (SQLException | RuntimeException | Error e) {
            try {
                end(connection);
            } catch (SQLException broken) {
                e.addSuppressed(broken);
            }
            throw e;
        }
        end(connection);
        return result;
    }

    /** Ends the transaction that reading started if the pool has auto-commit off; not every pool ends it. */
    private static void end(Connection connection) throws SQLException {
        if (!connection.getAutoCommit()) {
            connection.rollback();
        }
    }

    @Override
    public <T> Written<T> writeForCaller(Work<T> work) throws SQLException, InterruptedException {
        try (CallerTransactions.ThreadConnection own = callers.connect()) {
            switch (own.owner()) {
                case QUEUE -> {
                    return Written.committed(retryIfAborted(() -> Database.inTransaction(own.connection(), work)));
                }
                case TRANSACTION -> {
                    // Never repeated: the database may have rolled back what the caller did before.
                    return new Written<>(inCallersTransaction(own.connection(), work), true, callers.current());
                }
                case SCOPE -> {
                    // The connection is released first.
                }
            }
        }
        return Written.committed(OwnThread.call(threads, () -> write(work)));
    }

    /** Runs work within the caller's transaction. A failure may mean that the database aborted that transaction, not one of our own. */
    private static <T> T inCallersTransaction(Connection connection, Work<T> work) throws SQLException {
        try {
            return Database.withSavepoint(connection, work);
        } catch (SQLException e) {
            throw new SQLException(
                    "failed within the calling thread's transaction, which may have to be rolled back: "
                            + e.getMessage(),
                    e);
        }
    }

    @Override
    public <T> T readForCaller(Work<T> work) throws SQLException {
        try (CallerTransactions.ThreadConnection own = callers.connect()) {
            return own.owner() == Owner.QUEUE ? readAndEnd(own.connection(), work) : work.run(own.connection());
        }
    }

    @Override
    public boolean isCallerInTransaction() throws SQLException {
        try (CallerTransactions.ThreadConnection own = callers.connect()) {
            if (own.owner() == Owner.QUEUE) {
                end(own.connection());
            }
            return own.owner() == Owner.TRANSACTION;
        }
    }

    /** Does nothing: other processes may be running. Dead processes are detected by missing heartbeats. */
    @Override
    public void clearStaleLeases() {}

    @Override
    public DataSource dataSource() {
        return dataSource;
    }

    @Override
    public String description() {
        return "the " + dialect + " database of " + dataSource.getClass().getName();
    }

    @Override
    public Dialect dialect() {
        return dialect;
    }

    /** Does nothing: the DataSource belongs to the application. */
    @Override
    public void close() {}
}
