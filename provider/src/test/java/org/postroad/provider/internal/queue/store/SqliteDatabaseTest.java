// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** SQLite file: durability, sharing, and unusable locations. */
@Timeout(300)
class SqliteDatabaseTest {

    @TempDir
    Path directory;

    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    private SqliteDatabase open() throws Exception {
        return new SqliteDatabase(SqliteDatabase.PREFIX + directory.resolve("queue.db"));
    }

    private static int rows(Database database) throws SQLException {
        return database.read(connection -> Sql.query(connection, "SELECT COUNT(*) FROM t", row -> row.getInt(1))
                .get(0));
    }

    private static int insert(Connection connection, int key) throws SQLException {
        return Sql.update(connection, "INSERT INTO t VALUES (?)", key);
    }

    private SqliteDatabase withTable() throws Exception {
        SqliteDatabase database = open();
        database.write(connection -> Sql.update(connection, "CREATE TABLE t (k INTEGER PRIMARY KEY)"));
        return database;
    }

    @Test
    void RETRY_04_writesAreSyncedToTheDisk() throws Exception {
        try (SqliteDatabase database = open()) {
            for (String pragma : List.of("journal_mode wal", "synchronous 2", "foreign_keys 1")) {
                String name = pragma.substring(0, pragma.indexOf(' '));
                List<String> values =
                        database.write(connection -> Sql.query(connection, "PRAGMA " + name, row -> row.getString(1)));
                assertThat(name + " " + values.get(0)).isEqualTo(pragma);
            }
        }
    }

    @Test
    void queue_aSecondQueueInTheSameFileIsRefused() throws Exception {
        try (SqliteDatabase database = open()) {
            assertThat(database.dialect()).isEqualTo(Dialect.SQLITE);
            assertThatThrownBy(this::open)
                    .isInstanceOf(QueueException.class)
                    .hasMessageContaining("is in use in this JVM")
                    .hasMessageContaining("mail.mx.queue.datasource");
        }
        open().close(); // the lock is released
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"jdbc:sqlite::memory:", "jdbc:sqlite:", "jdbc:sqlite:file:x?mode=memory", "jdbc:h2:x", "queue.db"
            })
    void queue_aUrlThatIsNotAFileIsRefused(String url) {
        assertThatThrownBy(() -> new SqliteDatabase(url))
                .isInstanceOf(QueueException.class)
                .hasMessageContaining("\"" + url + "\"; allowed is jdbc:sqlite: and the path of a file");
    }

    @Test
    void queue_itsDirectoryIsAccessibleToItsOwnerOnly() throws Exception {
        directory = directory.resolve("a/b");
        open().close();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
                .isEqualTo("rwx------");
    }

    @Test
    void queue_aFileThatIsNotADatabaseIsNamed() throws Exception {
        Files.writeString(directory.resolve("queue.db"), "Dear diary, ".repeat(1000), StandardCharsets.US_ASCII);
        assertThatThrownBy(this::open)
                .isInstanceOf(QueueException.class)
                .hasMessageContaining("The queue in " + directory.resolve("queue.db") + " cannot be opened")
                .hasMessageContaining("not a database");
        assertThat(Files.readString(directory.resolve("queue.db"))).startsWith("Dear diary, ");
    }

    @Test
    void queue_anImpossibleDirectoryIsNamed() throws Exception {
        Files.writeString(directory.resolve("file"), "x");
        directory = directory.resolve("file/below");
        assertThatThrownBy(this::open)
                .isInstanceOf(QueueException.class)
                .hasMessageContaining("cannot be opened")
                .hasMessageContaining("file");
    }

    @Test
    void queue_theSchedulersConnectionWaitsForWriters() throws Exception {
        try (SqliteDatabase database = withTable()) {
            Future<Boolean> scheduler = database.write(connection -> {
                insert(connection, 0);
                return threads.submit(() -> {
                    try (Connection own = database.dataSource().getConnection();
                            Statement statement = own.createStatement()) {
                        return statement.execute("INSERT INTO t VALUES (1)"); // only after 0 is committed
                    }
                });
            });
            scheduler.get(30, TimeUnit.SECONDS);
            assertThat(rows(database)).isEqualTo(2);
        }
    }

    @Test
    void queue_aClosedDatabaseSaysSo() throws Exception {
        SqliteDatabase database = withTable();
        database.close();
        assertThatThrownBy(() -> rows(database))
                .isInstanceOf(SQLException.class)
                .hasMessage("The queue is closed");
        assertThatThrownBy(() -> database.write(connection -> insert(connection, 1)))
                .isInstanceOf(SQLException.class)
                .hasMessage("The queue is closed");
    }
}
