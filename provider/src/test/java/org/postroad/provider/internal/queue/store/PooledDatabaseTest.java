// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A transaction that the database aborts in favour of others is repeated; one that it rejects is not. */
class PooledDatabaseTest {

    private final AtomicInteger turns = new AtomicInteger();

    @TempDir
    Path directory;

    /** Writes a row in a transaction that fails the given number of times. Returns the number of rows stored in the end. */
    private int write(Database database, String state, int failures) throws Exception {
        database.write(connection -> Sql.update(connection, "CREATE TABLE t (x INTEGER)"));
        database.write(connection -> {
            int changed = Sql.update(connection, "INSERT INTO t VALUES (1)");
            if (turns.incrementAndGet() <= failures) {
                throw new SQLException("broken off", state);
            }
            return changed;
        });
        return rows(database).size();
    }

    @ParameterizedTest
    @CsvSource({"40001, 1", "40P01, 9"})
    void queue_aTransactionAbortedByTheDatabaseIsRepeatedOnce(String state, int failures) throws Exception {
        try (Database database = TestDatabase.H2.open(directory)) {
            assertThat(write(database, state, failures)).isEqualTo(1);
            assertThat(turns).hasValue(failures + 1);
        }
    }

    @ParameterizedTest
    @CsvSource({"40001, 10", "23505, 1", ", 1"})
    void queue_aTransactionRefusedOrAbortedTooOftenFails(String state, int turnsTaken) {
        try (Database database = TestDatabase.H2.open(directory)) {
            assertThatThrownBy(() -> write(database, state, Integer.MAX_VALUE)).hasMessage("broken off");
            assertThat(turns).hasValue(turnsTaken);
        }
    }

    @Test
    void queue_itsOwnTransactionOnTheCallersThreadIsRepeated() throws Exception {
        try (Database database = TestDatabase.H2.open(directory)) {
            database.write(connection -> Sql.update(connection, "CREATE TABLE t (x INTEGER)"));
            Database.Written<Integer> written = database.writeForCaller(connection -> {
                int changed = Sql.update(connection, "INSERT INTO t VALUES (1)");
                if (turns.incrementAndGet() == 1) {
                    throw new SQLException("broken off", "40001");
                }
                return changed;
            });
            assertThat(written.joined()).isFalse();
            assertThat(rows(database)).containsExactly(1);
        }
    }

    /** A deadlock makes some databases roll back the whole transaction, and with it what the caller did before. */
    @Test
    void queue_aTransactionOfTheCallerIsNotRepeated() throws Exception {
        try (Database database = TestDatabase.H2.open(directory);
                Connection transaction = database.dataSource().getConnection()) {
            database.write(connection -> Sql.update(connection, "CREATE TABLE t (x INTEGER)"));
            transaction.setAutoCommit(false);
            Sql.update(transaction, "INSERT INTO t VALUES (1)");
            Database joining = TestDatabase.of(handingOutFor(Thread.currentThread(), transaction, database));
            assertThatThrownBy(() -> joining.writeForCaller(connection -> {
                        turns.incrementAndGet();
                        transaction.rollback();
                        throw new SQLException("broken off", "40001");
                    }))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("broken off");
            assertThat(turns).hasValue(1);
        }
    }

    /** Returns a DataSource that hands out the transaction on its thread, and other connections on other threads. */
    private static DataSource handingOutFor(Thread thread, Connection transaction, Database database) {
        return BrokenStatements.proxy(
                DataSource.class,
                (method, arguments) -> method.getName().equals("getConnection") && Thread.currentThread() == thread
                        ? BrokenStatements.proxy(
                                Connection.class,
                                (called, values) -> called.getName().equals("close")
                                        ? null
                                        : BrokenStatements.call(transaction, called, values))
                        : BrokenStatements.call(database.dataSource(), method, arguments));
    }

    private static List<Integer> rows(Database database) throws SQLException {
        return database.read(connection -> Sql.query(connection, "SELECT x FROM t", row -> row.getInt(1)));
    }

    /** The client cannot determine whether the commit happened. */
    @ParameterizedTest
    @CsvSource({"COMMITTING, 0", "COMMITTED, 1"})
    void queue_aConnectionLostAtTheCommitLeavesADoubt(FailingConnections.Point point, int done) throws Exception {
        try (Database database = TestDatabase.H2.open(directory)) {
            database.write(connection -> Sql.update(connection, "CREATE TABLE t (x INTEGER)"));
            FailingConnections line = new FailingConnections(database.dataSource());
            Database far = TestDatabase.of(line.dataSource());
            line.breaks = at -> at == point;
            assertThatThrownBy(() -> far.write(connection -> Sql.update(connection, "INSERT INTO t VALUES (1)")))
                    .isInstanceOf(CommitInDoubtException.class)
                    .hasMessageContaining("lost while " + point);
            assertThat(rows(database)).hasSize(done);
        }
    }

    @Test
    void queue_aConnectionLostBeforeTheCommitLeavesNoDoubt() throws Exception {
        try (Database database = TestDatabase.H2.open(directory)) {
            FailingConnections line = new FailingConnections(database.dataSource());
            Database far = TestDatabase.of(line.dataSource());
            line.breaks = at -> at == FailingConnections.Point.ASKING;
            assertThatThrownBy(() -> far.write(connection -> Sql.update(connection, "CREATE TABLE t (x INTEGER)")))
                    .isInstanceOf(SQLException.class)
                    .isNotInstanceOf(CommitInDoubtException.class);
        }
    }
}
