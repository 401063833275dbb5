// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Cached statements are prepared once, and behave like new ones. */
class StatementCacheTest {

    private static final String INSERT = "INSERT INTO t VALUES (?)";

    private Connection connection;

    @BeforeEach
    void open() throws SQLException {
        connection = StatementCache.on(DriverManager.getConnection("jdbc:sqlite::memory:"));
        Sql.update(connection, "CREATE TABLE t (k INTEGER PRIMARY KEY)");
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
    }

    private PreparedStatement prepared() throws SQLException {
        PreparedStatement statement = connection.prepareStatement(INSERT);
        statement.close();
        return statement;
    }

    private long rows() throws SQLException {
        return Sql.query(connection, "SELECT COUNT(*) FROM t", row -> row.getLong(1))
                .get(0);
    }

    @Test
    void queue_aTextIsPreparedOnce() throws SQLException {
        assertThat(prepared() == prepared()).isTrue();
    }

    @Test
    void queue_aFailedStatementCanBeExecutedAgain() throws SQLException {
        Sql.update(connection, INSERT, 1);
        assertThatThrownBy(() -> Sql.update(connection, INSERT, 1)).isInstanceOf(SQLException.class);
        Sql.update(connection, INSERT, 2);
        assertThat(rows()).isEqualTo(2);
    }

    /** The driver finalizes a statement that fails because the disk is full. */
    @Test
    void queue_aStatementThatFailedOnAFullDiskCanBeExecutedLater() throws SQLException {
        Sql.update(connection, "CREATE TABLE big (octets BLOB)");
        String insert = "INSERT INTO big VALUES (?)";
        Sql.query(connection, "PRAGMA max_page_count = 20", row -> row.getInt(1));
        assertThatThrownBy(() -> Sql.update(connection, insert, new byte[1_000_000]))
                .hasMessageContaining("full");
        assertThatThrownBy(() -> Sql.update(connection, insert, new byte[1_000_000]))
                .hasMessageContaining("full");
        Sql.query(connection, "PRAGMA max_page_count = 2000", row -> row.getInt(1));
        assertThat(Sql.update(connection, insert, new byte[1_000_000])).isOne();
    }

    @Test
    void queue_parametersAreCleared() throws SQLException {
        Sql.update(connection, INSERT, 1);
        try (PreparedStatement statement = connection.prepareStatement("SELECT ? IS NULL")) {
            statement.setInt(1, 7);
        }
        try (PreparedStatement statement = connection.prepareStatement("SELECT ? IS NULL")) {
            assertThat(statement.executeQuery().getInt(1)).isOne();
        }
    }

    @Test
    void queue_aPartlyReadResultDoesNotAffectTheNext() throws SQLException {
        Sql.update(connection, INSERT, 1);
        Sql.update(connection, INSERT, 2);
        assertThatThrownBy(() -> Sql.query(connection, "SELECT k FROM t", row -> {
                    throw new SQLException("unreadable");
                }))
                .hasMessage("unreadable");
        assertThat(Sql.query(connection, "SELECT k FROM t", row -> row.getInt(1)))
                .containsExactly(1, 2);
    }

    @Test
    void queue_statementsBeyondTheCacheWork() throws SQLException {
        for (int i = 0; i < 2 * StatementCache.MAX_KEPT; i++) {
            assertThat(Sql.query(connection, "SELECT " + i, row -> row.getInt(1)))
                    .containsExactly(i);
        }
    }
}
