// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.postroad.api.Mailbox;
import org.postroad.provider.internal.queue.FakeDeliveryAgent;
import org.postroad.provider.internal.queue.QueueControl;
import org.postroad.provider.internal.queue.QueueManager;
import org.postroad.provider.internal.queue.QueueSettings.Timing;
import org.postroad.provider.internal.queue.QueueTesting;

/**
 * The tables are created and upgraded completely, even if other processes do the same or a process dies at any point; on every database.
 */
@Timeout(300)
class SchemaTest extends QueueTesting {

    private static final int ROUNDS = 12;

    private static final Timing PACE =
            new Timing(Duration.ofMillis(50), Duration.ofMinutes(1), 20, Duration.ofSeconds(10));

    /** Returns the statements of version 0.1, whose tables had version 1. */
    static List<String> version1(TestDatabase kind) throws Exception {
        return statements(kind, 1);
    }

    /** Returns the statements that created the tables of an earlier version. */
    private static List<String> statements(TestDatabase kind, int version) throws Exception {
        String name = "schema-" + version + "-" + kind.name().toLowerCase(Locale.ROOT) + ".sql";
        try (InputStream in = SchemaTest.class.getResourceAsStream(name)) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return Stream.of(text.replaceAll("--[^\\n]*", "").split(";"))
                    .map(String::strip)
                    .filter(statement -> !statement.isEmpty())
                    .toList();
        }
    }

    /** Every database with the tables of every earlier version. */
    static List<Arguments> upgrades() {
        List<Arguments> upgrades = new ArrayList<>();
        for (TestDatabase kind : TestDatabase.values()) {
            for (int version = 1; version < Schema.VERSION; version++) {
                upgrades.add(Arguments.of(kind, version));
            }
        }
        return upgrades;
    }

    private static void execute(Database database, List<String> statements) throws Exception {
        database.write(connection -> {
            Schema.execute(connection, statements);
            return statements;
        });
    }

    /** Returns each column with its type, and each index, as reported by the database. */
    private static Set<String> shape(Database database) throws Exception {
        return database.read(SchemaTest::shape);
    }

    private static Set<String> shape(Connection connection) throws SQLException {
        Set<String> shape = new TreeSet<>();
        DatabaseMetaData metaData = connection.getMetaData();
        List<String> tables = new ArrayList<>();
        try (ResultSet row = metaData.getColumns(connection.getCatalog(), null, null, null)) {
            while (row.next()) {
                String table = row.getString("TABLE_NAME");
                if (table.toLowerCase(Locale.ROOT).matches("postroad_[a-z]*") && !isMark(table)) {
                    tables.add(table);
                    shape.add(table + "." + row.getString("COLUMN_NAME") + " " + row.getString("TYPE_NAME") + " "
                            + row.getInt("COLUMN_SIZE") + " " + row.getString("IS_NULLABLE"));
                }
            }
        }
        for (String table : new TreeSet<>(tables)) {
            try (ResultSet row = metaData.getIndexInfo(connection.getCatalog(), null, table, false, false)) {
                while (row.next()) {
                    String index = String.valueOf(row.getString("INDEX_NAME"));
                    if (index.toLowerCase(Locale.ROOT).startsWith("postroad_") && !index.endsWith("pkey")) {
                        shape.add(table + ":" + index + "(" + row.getString("COLUMN_NAME") + ")");
                    }
                }
            }
        }
        return shape;
    }

    /** The primary key of this table exists only since version 2. */
    private static boolean isMark(String table) {
        return table.equalsIgnoreCase("postroad_schema");
    }

    private static List<Integer> versions(Database database) throws Exception {
        return database.read(
                connection -> Sql.query(connection, "SELECT version FROM postroad_schema", row -> row.getInt(1)));
    }

    private static Database node(Database other) {
        return TestDatabase.of(other.dataSource());
    }

    private static Database dying(Database other, int statements) {
        return TestDatabase.of(BrokenStatements.after(statements, other.dataSource()));
    }

    private Set<String> freshShape(TestDatabase kind) throws Exception {
        try (Database fresh = kind.open(Files.createTempDirectory(directory, "fresh"))) {
            Schema.ensure(fresh, true);
            return shape(fresh);
        }
    }

    private void assertWhole(Database database, Set<String> fresh) throws Exception {
        assertThat(versions(database)).containsExactly(Schema.VERSION);
        assertThat(shape(database)).hasSizeGreaterThan(50).isEqualTo(fresh);
    }

    @ParameterizedTest
    @MethodSource("upgrades")
    void queue_upgradedTablesEqualNewOnes(TestDatabase kind, int version) throws Exception {
        try (Database database = kind.open(directory)) {
            execute(database, statements(kind, version));
            Schema.ensure(database, true);
            assertWhole(database, freshShape(kind));
        }
    }

    /**
     * Tables as earlier versions wrote them, in version 1 with local times where the database stores these. One delivery waits, another one
     * was interrupted by a crash.
     */
    @ParameterizedTest
    @MethodSource("upgrades")
    void queue_mailInTablesOfEarlierVersionsIsDelivered(TestDatabase kind, int version) throws Exception {
        Database database = kind.open(directory);
        execute(database, statements(kind, version));
        long queuedAt = Instant.now().minus(Duration.ofHours(1)).toEpochMilli();
        database.write(connection -> {
            Sql.update(
                    connection,
                    "INSERT INTO postroad_message (id, queued_at, expires_at, sender, returned, envelope_id, tls, header_id, subject, size,"
                            + " eight_bit, utf8_header, longest_line, nul, dkim)"
                            + " VALUES ('m1', ?, ?, 'me@sender.test', 'HDRS', 'id 1', 'NONE', '<1@sender.test>', 'Hello', 3, 0, 0, 1, 0, 0)",
                    queuedAt,
                    queuedAt + Duration.ofDays(5).toMillis());
            Sql.update(
                    connection,
                    "INSERT INTO postroad_content (message_id, part, octets) VALUES ('m1', 0, ?)",
                    new byte[] {'x', '\r', '\n'});
            int position = 0;
            for (String domain : List.of("one.test", "other.test")) {
                Sql.update(
                        connection,
                        "INSERT INTO postroad_recipient (message_id, position, domain, mailbox, notify, original)"
                                + " VALUES ('m1', ?, ?, ?, 'FAILURE,DELAY', NULL)",
                        position++,
                        domain,
                        "a@" + domain);
                Sql.update(
                        connection,
                        "INSERT INTO postroad_delivery (message_id, domain, state, due_at, attempts, in_doubt, warned, hint)"
                                + " VALUES ('m1', ?, ?, ?, ?, 0, 0, NULL)",
                        domain,
                        domain.equals("one.test") ? "TRYING" : "OPEN",
                        queuedAt,
                        domain.equals("one.test") ? 1 : 0);
            }
            Sql.update(
                    connection,
                    "INSERT INTO postroad_attempt (message_id, domain, attempt, started_at) VALUES ('m1', 'one.test', 1, ?)",
                    queuedAt);
            if (version >= 3) { // earlier versions had no history
                insertHistory(connection, queuedAt);
            }
            Timestamp local = Timestamp.from(Instant.now().plus(Duration.ofHours(version == 1 ? 9 : 0)));
            try (var insert = connection.prepareStatement(
                    "INSERT INTO postroad_task (task_name, task_instance, execution_time, picked, picked_by, last_heartbeat, version)"
                            + " VALUES ('postroad-lane', 'one.test', ?, ?, 'another process', ?, 7)")) {
                insert.setTimestamp(1, local);
                insert.setBoolean(2, kind == TestDatabase.MARIADB && version == 1);
                insert.setTimestamp(3, local);
                insert.executeUpdate();
            }
            return true;
        });
        agent.answers(mail -> FakeDeliveryAgent.says(250, "2.0.0 ok").apply(mail));
        try (QueueManager queue = open(database, PACE)) {
            awaitEmpty(queue);
            assertThat(agent.handed())
                    .extracting(mail -> mail.recipients().get(0))
                    .containsExactlyInAnyOrder(Mailbox.parse("a@one.test"), Mailbox.parse("a@other.test"));
            assertThat(new QueueControl(queue).history("m1").orElseThrow().recipients())
                    .extracting(one -> one.recipient() + " " + one.fate())
                    .containsExactly("a@one.test DELIVERED", "a@other.test DELIVERED");
        }
    }

    private static void insertHistory(Connection connection, long queuedAt) throws SQLException {
        Sql.update(connection, "INSERT INTO postroad_history (id, queued_at, size) VALUES ('m1', ?, 3)", queuedAt);
        Sql.update(
                connection,
                "INSERT INTO postroad_outcome (message_id, position, domain, mailbox, fate, changed_at, attempts)"
                        + " SELECT message_id, position, domain, mailbox, 'WAITING', ?, 0 FROM postroad_recipient",
                queuedAt);
    }

    @ParameterizedTest
    @EnumSource
    void queue_tablesOfVersion1AreNotChangedUnlessAllowed(TestDatabase kind) throws Exception {
        try (Database database = kind.open(directory)) {
            execute(database, version1(kind));
            Set<String> before = shape(database);
            assertThatThrownBy(() -> Schema.ensure(database, false))
                    .isInstanceOf(QueueException.class)
                    .hasMessageContaining("have version 1")
                    .hasMessageContaining("upgrade-2-" + kind.name().toLowerCase(Locale.ROOT) + ".sql")
                    .hasMessageContaining("upgrade-3-" + kind.name().toLowerCase(Locale.ROOT) + ".sql")
                    .hasMessageContaining("upgrade-4-" + kind.name().toLowerCase(Locale.ROOT) + ".sql")
                    .hasMessageContaining("mail.mx.queue.createschema=true");
            assertThat(shape(database)).isEqualTo(before);
            execute(database, database.dialect().upgrade(2)); // by hand
            execute(database, database.dialect().upgrade(3));
            execute(database, database.dialect().upgrade(4));
            Schema.ensure(database, false);
            assertWhole(database, freshShape(kind));
        }
    }

    @ParameterizedTest
    @EnumSource
    void queue_theStatementsCanBeRunByHandAndRepeatedly(TestDatabase kind) throws Exception {
        try (Database database = kind.open(directory)) {
            for (int i = 0; i < 2; i++) {
                execute(database, database.dialect().schema());
                Schema.ensure(database, false);
                assertWhole(database, freshShape(kind));
            }
        }
    }

    /** Wherever a process of this version dies, the next one completes the tables. */
    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = "SQLITE") // used by one process only, and creates tables in a transaction
    void queue_partlyCreatedTablesAreCompleted(TestDatabase kind) throws Exception {
        Set<String> fresh = freshShape(kind);
        boolean died = true;
        for (int statements = 0; died; statements += step(kind)) {
            try (Database database = kind.open(Files.createTempDirectory(directory, "half"))) {
                died = dies(dying(database, statements));
                if (died) {
                    assertThatThrownBy(() -> Schema.ensure(database, false)).hasMessageContaining("missing");
                }
                Schema.ensure(database, true);
                assertWhole(database, fresh);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SQLITE")
    void queue_partlyUpgradedTablesAreCompleted(TestDatabase kind) throws Exception {
        Set<String> fresh = freshShape(kind);
        boolean died = true;
        for (int statements = 0; died; statements += step(kind)) {
            try (Database database = kind.open(Files.createTempDirectory(directory, "half"))) {
                execute(database, version1(kind));
                died = dies(dying(database, statements));
                Schema.ensure(database, true);
                assertWhole(database, fresh);
            }
        }
    }

    /** Every statement, but only every sixth for PostgreSQL, where all of them are one transaction. */
    private static int step(TestDatabase kind) {
        return kind == TestDatabase.POSTGRESQL ? 6 : 1;
    }

    private static boolean dies(Database database) throws Exception {
        try {
            Schema.ensure(database, true);
            return false;
        } catch (QueueException e) {
            assertThat(e).hasMessageContaining("the process is dead");
            return true;
        }
    }

    /** Version 0.1 wrote its version first, even if it then did not create all tables. */
    @ParameterizedTest
    @EnumSource
    void queue_tablesPartlyCreatedByVersion1AreCompleted(TestDatabase kind) throws Exception {
        Set<String> tables = columns(freshShape(kind));
        List<String> all = version1(kind);
        for (int statements = 1; statements <= all.size(); statements++) {
            try (Database database = kind.open(Files.createTempDirectory(directory, "old"))) {
                execute(database, all.subList(0, statements));
                Schema.ensure(database, true);
                assertThat(versions(database)).containsExactly(Schema.VERSION);
                assertThat(columns(shape(database))).isEqualTo(tables);
            }
        }
    }

    private static Set<String> columns(Set<String> shape) {
        Set<String> columns = new TreeSet<>(shape);
        columns.removeIf(entry -> entry.contains(":"));
        return columns;
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SQLITE")
    void queue_concurrentProcessesAllFindTheTables(TestDatabase kind) throws Exception {
        Set<String> fresh = freshShape(kind);
        for (int round = 0; round < ROUNDS; round++) {
            try (Database database = kind.open(Files.createTempDirectory(directory, "race"))) {
                if (round % 2 == 1) {
                    execute(database, version1(kind));
                }
                atOnce(beginning(node(database)), beginning(node(database)), beginning(node(database)));
                assertWhole(database, fresh);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SQLITE")
    void queue_ifOneOfTwoProcessesDiesTheOtherCompletesTheTables(TestDatabase kind) throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Set<String> fresh = freshShape(kind);
        for (int round = 0; round < ROUNDS; round++) {
            try (Database database = kind.open(Files.createTempDirectory(directory, "race"))) {
                if (round % 2 == 1) {
                    execute(database, version1(kind));
                }
                Database dying = dying(database, random.nextInt(8));
                atOnce(
                        () -> {
                            try {
                                Schema.ensure(dying, true); // survives unless it is the first to change the tables
                            } catch (QueueException e) {
                                assertThat(e).hasMessageContaining("the process is dead");
                            }
                            return true;
                        },
                        beginning(node(database)));
                assertThat(versions(database)).as("seed " + seed).containsExactly(Schema.VERSION);
                assertThat(shape(database)).as("seed " + seed).isEqualTo(fresh);
            }
        }
    }

    private static Callable<Boolean> beginning(Database database) {
        return () -> {
            Schema.ensure(database, true);
            return true;
        };
    }

    @SafeVarargs
    private static void atOnce(Callable<Boolean>... processes) throws Exception {
        CyclicBarrier start = new CyclicBarrier(processes.length);
        ExecutorService threads = Executors.newFixedThreadPool(processes.length);
        try {
            List<Future<Boolean>> running = new ArrayList<>();
            for (Callable<Boolean> process : processes) {
                running.add(threads.submit(() -> {
                    start.await();
                    return process.call();
                }));
            }
            for (Future<Boolean> process : running) {
                assertThat(process.get()).isTrue();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** MySQL cannot add a column conditionally, so a repeated upgrade would fail. */
    @ParameterizedTest
    @EnumSource(names = {"MARIADB", "H2"})
    void queue_anExistingColumnIsNotAddedAgain(TestDatabase kind) throws Exception {
        try (Database database = kind.open(directory)) {
            execute(database, List.of("CREATE TABLE t (x INTEGER)"));
            execute(database, List.of("ALTER TABLE t ADD COLUMN y INTEGER", "ALTER TABLE t ADD COLUMN y INTEGER"));
            assertThatThrownBy(() -> execute(database, List.of("ALTER TABLE missing ADD COLUMN y INTEGER")))
                    .isInstanceOf(SQLException.class);
        }
    }
}
