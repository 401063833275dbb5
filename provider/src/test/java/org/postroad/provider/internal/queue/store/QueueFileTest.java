// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postroad.provider.ChildJvm;

/** Queue file: access rights, exclusive use by one process, and detection of a lost file. */
@Timeout(300)
class QueueFileTest {

    @TempDir
    Path home;

    private Path directory;
    private Path file;

    @BeforeEach
    void make() throws Exception {
        directory = Files.createDirectory(home.resolve("queues"));
        mode(directory, "rwxr-xr-x");
        file = directory.resolve("queue.db");
    }

    private static void mode(Path path, String mode) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
    }

    private static String url(Path file) {
        return SqliteDatabase.PREFIX + file;
    }

    private static SqliteDatabase open(Path file) {
        return new SqliteDatabase(url(file));
    }

    private static SqliteDatabase withTable(Path file) throws Exception {
        SqliteDatabase database = open(file);
        database.write(connection -> Sql.update(connection, "CREATE TABLE t (k INTEGER)"));
        return database;
    }

    private static void insert(SqliteDatabase database) throws Exception {
        database.write(connection -> Sql.update(connection, "INSERT INTO t VALUES (1)"));
    }

    private Map<String, String> modes() throws IOException {
        Map<String, String> modes = new TreeMap<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path each : files.toList()) {
                modes.put(
                        each.getFileName().toString(),
                        PosixFilePermissions.toString(Files.getPosixFilePermissions(each)));
            }
        }
        return modes;
    }

    @Test
    void queue_itsFilesAreAccessibleToTheOwnerOnlyInAPublicDirectory() throws Exception {
        try (SqliteDatabase database = withTable(file)) {
            insert(database);
            assertThat(modes())
                    .containsOnlyKeys("queue.db", "queue.db-shm", "queue.db-wal", "queue.db.lock")
                    .allSatisfy((name, mode) -> assertThat(mode).as(name).isEqualTo("rw-------"));
        }
    }

    /** Modes as left by an older version or by the volume of a container. */
    @ParameterizedTest
    @CsvSource({"rwxr-xr-x, rw-r--r--", "rwxrwx---, rw-rw----", "rwxrwxr-x, rw-r-----"})
    void queue_aModeThatIsTooPermissiveIsRestricted(String directoryMode, String fileMode) throws Exception {
        withTable(file).close();
        for (String ending : List.of("", "-wal", "-shm", "-journal", ".lock")) {
            Path each = directory.resolve("queue.db" + ending);
            if (Files.notExists(each)) {
                Files.createFile(each);
            }
            mode(each, fileMode);
        }
        mode(directory, directoryMode);
        try (SqliteDatabase database = open(file)) {
            insert(database);
            assertThat(modes().values()).containsOnly("rw-------");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "rwxrwxrwx, rw-r--r--, ''",
        "rwxrwxrwt, rw-r-----, ''",
        "rwxrwx---, rw-r--r--, ''",
        "rwxrwxrwx, rw-rw-rw-, .lock",
        "rwxrwxrwx, rw-r--r--, -wal",
        "rwxrwxrwx, rw-r--r--, -journal"
    })
    void queue_aModeThatIsTooPermissiveIsRefusedInADirectoryThatOthersCanWrite(
            String directoryMode, String fileMode, String ending) throws Exception {
        Path wide = Files.createFile(directory.resolve("queue.db" + ending));
        mode(wide, fileMode);
        mode(directory, directoryMode.replace('t', 'x'));
        assertThatThrownBy(() -> open(file))
                .isInstanceOf(QueueException.class)
                .hasMessageContaining(fileMode)
                .hasMessageEndingWith("chmod 600 " + wide);
        mode(wide, "rw-------"); // as the message advises
        if (!ending.equals("-journal")) {
            open(file).close();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "rwxrwxrwx, '', true",
        "rwxrwxrwx, '', false",
        "rwxrwxr-x, '', false",
        "rwxrwxrwx, -wal, false",
        "rwxrwxrwx, .lock, true"
    })
    void queue_aLinkIsRefusedInADirectoryThatOthersCanWrite(String directoryMode, String ending, boolean there)
            throws Exception {
        Path target = home.resolve("target");
        if (there) {
            Files.createFile(
                    target, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        Path link = Files.createSymbolicLink(directory.resolve("queue.db" + ending), target);
        mode(directory, directoryMode);
        assertThatThrownBy(() -> open(file))
                .isInstanceOf(QueueException.class)
                .hasMessageContaining("symbolic link")
                .hasMessageEndingWith("rm " + link);
        assertThat(Files.exists(target)).isEqualTo(there);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void queue_aLinkOfTheOwnerIsFollowed(boolean there) throws Exception {
        if (there) {
            withTable(file).close();
        }
        Path link = Files.createSymbolicLink(home.resolve("link.db"), Path.of("queues/queue.db"));
        try (SqliteDatabase database = open(link)) {
            database.write(connection -> Sql.update(connection, "CREATE TABLE IF NOT EXISTS t (k INTEGER)"));
            assertThat(modes().get("queue.db")).isEqualTo("rw-------");
            assertThat(database.description()).isEqualTo(file.toRealPath().toString());
        }
        assertThat(Databases.normalized(url(link))).isEqualTo(Databases.normalized(url(file)));
    }

    private static void assertInUse(Path name) {
        assertThatThrownBy(() -> open(name))
                .isInstanceOf(QueueException.class)
                .hasMessageContaining("is in use by another process");
    }

    private static String inAnotherProcess(Path name) throws Exception {
        List<String> command = ChildJvm.command(QueueFileProcess.class, "-XX:TieredStopAtLevel=1");
        command.add(url(name));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    /** A refusal in this process must not release the lock: closing any channel to a file releases all locks of a process on it. */
    @Test
    void queue_isOpenedOnceUnderAnyName() throws Exception {
        Path symbolic = home.resolve("symbolic.db");
        Path hard = home.resolve("hard.db");
        try (SqliteDatabase database = withTable(file)) {
            Files.createSymbolicLink(symbolic, file);
            Files.createLink(hard, file);
            for (Path name : List.of(file, symbolic, hard)) {
                assertInUse(name);
            }
            for (Path name : List.of(file, symbolic, hard)) {
                assertThat(inAnotherProcess(name)).contains("is in use by another process");
            }
            readWithin(database, 50); // more than the pool keeps, so some connections are closed
            Files.delete(directory.resolve("queue.db.lock"));
            assertThat(inAnotherProcess(file)).contains("is in use by another process");
            insert(database);
        }
        assertThat(inAnotherProcess(hard)).contains(QueueFileProcess.OPENED);
        open(hard).close();
    }

    private static int readWithin(SqliteDatabase database, int depth) throws SQLException {
        return database.read(connection -> {
            Sql.query(connection, "SELECT k FROM t", row -> row.getInt(1));
            return depth == 0 ? 0 : readWithin(database, depth - 1);
        });
    }

    private interface Change {
        void happens() throws IOException;
    }

    private void assertLost(Change change) throws Exception {
        SqliteDatabase database = withTable(file);
        insert(database);
        change.happens();
        assertThatThrownBy(() -> insert(database))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining(directory.toRealPath().toString())
                .hasMessageContaining("was removed, moved or replaced");
        database.close();
    }

    @Test
    void queue_noMessageIsAcceptedIfTheFileWasRemoved() throws Exception {
        assertLost(() -> Files.delete(file));
    }

    @Test
    void queue_noMessageIsAcceptedIfTheFileWasReplaced() throws Exception {
        assertLost(() -> {
            Files.copy(file, home.resolve("copy"));
            Files.move(home.resolve("copy"), file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        });
    }

    @Test
    void queue_noMessageIsAcceptedIfItsLogWasRemoved() throws Exception {
        assertLost(() -> Files.delete(directory.resolve("queue.db-wal")));
    }

    @Test
    void queue_continuesIfTheFileIsMovedBack() throws Exception {
        try (SqliteDatabase database = withTable(file)) {
            Path away = directory.resolve("away");
            Files.move(file, away);
            assertThatThrownBy(() -> insert(database)).isInstanceOf(SQLException.class);
            Files.move(away, file);
            insert(database);
            List<Integer> rows =
                    database.read(connection -> Sql.query(connection, "SELECT COUNT(*) FROM t", row -> row.getInt(1)));
            assertThat(rows).containsExactly(1);
        }
    }

    @Test
    void queue_noMessageIsAcceptedIfTheFileIsRemovedWithinATransaction() throws Exception {
        try (SqliteDatabase database = withTable(file)) {
            insert(database);
            assertThatThrownBy(() -> database.write(connection -> {
                        try {
                            Files.deleteIfExists(file);
                        } catch (IOException e) {
                            throw new SQLException(e);
                        }
                        return Sql.update(connection, "INSERT INTO t VALUES (2)");
                    }))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("was removed");
        }
    }

    @Test
    void queue_aTildeIsTheHomeDirectory() {
        assertThat(SqliteDatabase.file("jdbc:sqlite:~/q.db"))
                .isEqualTo(Path.of(System.getProperty("user.home"), "q.db"));
        assertThatThrownBy(() -> SqliteDatabase.file("jdbc:sqlite:~bob/q.db"))
                .isInstanceOf(QueueException.class)
                .hasMessageContaining("\"jdbc:sqlite:~bob/q.db\"")
                .hasMessageContaining("allowed is jdbc:sqlite: and the path of a file");
    }
}
