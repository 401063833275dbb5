// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/** A queue in the application's own database, which commits for many by itself. */
final class PooledDatabase implements Database {

    /** How often something is done that the database broke off each time in favour of others. */
    static final int MAX_TURNS = 10;

    private final DataSource dataSource;
    private final Dialect dialect;

    /**
     * Asks the database what it is.
     *
     * @throws QueueException if it cannot be asked, or is none of those that can hold a queue
     */
    PooledDatabase(DataSource dataSource) {
        this.dataSource = dataSource;
        try (Connection connection = dataSource.getConnection()) {
            this.dialect = Dialect.of(connection);
        } catch (SQLException e) {
            throw new QueueException("The DataSource of the queue gives no connection: " + e.getMessage(), e);
        }
    }

    @Override
    public <T> T write(Work<T> work) throws SQLException {
        for (int turn = 1; ; turn++) {
            try (Connection connection = dataSource.getConnection()) {
                return Database.inTransaction(connection, work);
            } catch (SQLException e) {
                if (turn == MAX_TURNS || !Failures.isBrokenOff(e)) {
                    throw e;
                }
            }
        }
    }

    @Override
    public <T> T read(Work<T> work) throws SQLException {
        for (int turn = 1; ; turn++) {
            try (Connection connection = dataSource.getConnection()) {
                return work.with(connection);
            } catch (SQLException e) {
                if (turn == MAX_TURNS || !Failures.isBrokenOff(e)) {
                    throw e;
                }
            }
        }
    }

    /** Others may be at work: what the dead had is found by their silence. */
    @Override
    public void takeOver() {}

    @Override
    public DataSource dataSource() {
        return dataSource;
    }

    @Override
    public String place() {
        return "the " + dialect + " database of " + dataSource.getClass().getName();
    }

    @Override
    public Dialect dialect() {
        return dialect;
    }

    /** The DataSource is the application's. */
    @Override
    public void close() {}
}
