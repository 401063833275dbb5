// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue.store;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Creates and upgrades the tables of the queue, and checks their version.
 *
 * <p>Most databases commit each statement that creates a table. So each statement can be repeated, and the version is written last: a
 * process completes tables that another one left incomplete. If several processes start at the same time, one makes the changes while the
 * others wait.
 */
public final class Schema {

    /** The version that this code works with. */
    public static final int VERSION = 4;

    /** No tables of the queue, or not all of them. */
    private static final int NONE = 0;

    private static final String VERSION_TABLE = "postroad_schema";

    /** How long a process waits for another one that is changing the tables. */
    private static final int MAX_WAIT_SECONDS = 60;

    /** Maximum number of tries. Without a lock in the database, one of two processes that change the tables concurrently may fail. */
    private static final int MAX_TRIES = 20;

    private static final long PAUSE_MILLIS = 100;

    /** The SQL state if a column to be added exists. */
    private static final String COLUMN_IS_THERE = "42S21";

    /** The error codes of MariaDB and MySQL if an index to be added exists, and if one to be dropped does not. */
    private static final Set<Integer> INDEX_IS_AS_WANTED = Set.of(1061, 1091);

    /** An arbitrary constant; advisory locks are local to one database. */
    private static final long POSTGRESQL_LOCK = 0x706f7374726f6164L;

    private Schema() {}

    /**
     * Ensures that the tables exist and have this version.
     *
     * @param change whether to create missing tables and to upgrade those of an earlier version
     * @throws QueueException if the tables are missing or older and {@code change} is false, or are of a later version; nothing was changed
     */
    public static void ensure(Database database, boolean change) throws InterruptedException {
        try {
            int version = database.read(Schema::version);
            if (version < VERSION && !change) {
                throw refusal(database, version);
            }
            if (version < VERSION) {
                change(database);
                version = database.read(Schema::version);
            }
            if (version != VERSION) {
                throw otherVersion(database, version, "; nothing was changed");
            }
        } catch (SQLException e) {
            throw new QueueException(
                    "The queue in " + database.description() + " cannot be opened: " + DatabaseFailures.describe(e), e);
        }
    }

    /**
     * Checks, for a process that does not deliver the queue, that the tables have this version. Changes nothing.
     *
     * @throws QueueException if there are no tables, or of another version; the message says what to do
     */
    public static void check(Database database) throws SQLException {
        int version = database.read(Schema::version);
        if (version == NONE) {
            throw new QueueException("There is no queue in " + database.description()
                    + ": the tables are missing. The process that delivers a queue creates them when it opens it");
        }
        check(database, version);
    }

    /** Does the same in a transaction. The tables existed before, but may have been upgraded meanwhile. */
    public static void check(Database database, Connection connection) throws SQLException {
        check(database, versions(connection));
    }

    private static void check(Database database, int version) {
        if (version < VERSION) {
            throw otherVersion(
                    database,
                    version,
                    ". They are upgraded when the process that delivers the queue opens it with this version of Postroad;"
                            + " nothing was changed");
        }
        if (version > VERSION) {
            throw otherVersion(
                    database,
                    version,
                    ". Use the version of the process that delivers the queue;" + " nothing was changed");
        }
    }

    private static QueueException otherVersion(Database database, int version, String remedy) {
        return new QueueException("The tables of the queue in " + database.description() + " have version " + version
                + ", but this version of Postroad requires version " + VERSION + remedy);
    }

    private static QueueException refusal(Database database, int version) {
        Dialect dialect = database.dialect();
        if (version == NONE) {
            return new QueueException("The tables of the queue in " + database.description()
                    + " are missing. Create them with the statements of " + dialect.schemaFile()
                    + " in the jar of postroad-provider, or allow it with mail.mx.queue.createschema=true");
        }
        List<String> files = new ArrayList<>();
        for (int next = version + 1; next <= VERSION; next++) {
            files.add(dialect.upgradeFile(next));
        }
        return new QueueException("The tables of the queue in " + database.description() + " have version " + version
                + ", but this version of Postroad requires version " + VERSION
                + ". Stop all processes that use them, and run the statements of "
                + String.join(", ", files)
                + " in the jar of postroad-provider, or allow it with mail.mx.queue.createschema=true");
    }

    private static void change(Database database) throws SQLException, InterruptedException {
        for (int turn = 1; ; turn++) {
            try {
                database.write(connection -> changeAlone(connection, database.dialect()));
                return;
            } catch (SQLException e) {
                if (turn == MAX_TRIES) {
                    throw e;
                }
                if (database.read(Schema::version) == VERSION) {
                    System.getLogger(Schema.class.getName())
                            .log(System.Logger.Level.DEBUG, "Another process created the tables in the meantime", e);
                    return;
                }
            }
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        }
    }

    /** Changes the tables while it holds a lock against other processes, if the database has such locks. H2 has none. */
    private static int changeAlone(Connection connection, Dialect dialect) throws SQLException {
        switch (dialect) {
            case POSTGRESQL -> {
                // The time-out and the lock both end with the transaction.
                execute(connection, List.of("SET LOCAL lock_timeout = '" + MAX_WAIT_SECONDS + "s'"));
                Sql.query(connection, "SELECT pg_advisory_xact_lock(" + POSTGRESQL_LOCK + ")", row -> true);
                return changeFrom(connection, dialect, version(connection));
            }
            case MARIADB -> {
                // Named locks are global to the server, not to the database. A name has at most 64 characters.
                String name = "LEFT(CONCAT('postroad ', DATABASE()), 64)";
                boolean locked = Sql.exists(
                        connection, "SELECT 1 FROM DUAL WHERE GET_LOCK(" + name + ", " + MAX_WAIT_SECONDS + ") = 1");
                if (!locked) {
                    throw new SQLException(
                            "another process has been changing the tables for " + MAX_WAIT_SECONDS + " seconds");
                }
                try {
                    return changeFrom(connection, dialect, version(connection));
                } finally {
                    Sql.query(connection, "SELECT RELEASE_LOCK(" + name + ")", row -> true);
                }
            }
            default -> {
                return changeFrom(connection, dialect, version(connection));
            }
        }
    }

    /** Creates or upgrades the tables, and writes the version last. Returns the version before. */
    private static int changeFrom(Connection connection, Dialect dialect, int version) throws SQLException {
        if (version >= VERSION) { // another process was faster
            return version;
        }
        List<String> schema = dialect.schema();
        if (version == NONE) {
            execute(connection, schema);
            return version;
        }
        // Upgrades may refer to any table, and indexes to columns that an upgrade adds.
        execute(connection, schema.stream().filter(Schema::isTable).toList());
        for (int next = version + 1; next <= VERSION; next++) {
            execute(
                    connection,
                    dialect.upgrade(next).stream()
                            .filter(sql -> !isVersion(sql))
                            .toList());
        }
        execute(connection, schema.stream().filter(sql -> !isVersion(sql)).toList());
        execute(
                connection,
                dialect.upgrade(VERSION).stream().filter(Schema::isVersion).toList());
        return version;
    }

    private static boolean isTable(String sql) {
        return sql.startsWith("CREATE TABLE");
    }

    private static boolean isVersion(String sql) {
        return !isTable(sql) && sql.contains(VERSION_TABLE);
    }

    /**
     * Executes statements that may have been executed before. MySQL cannot add a column or an index on condition that it is missing, so its
     * existence is no error.
     */
    static void execute(Connection connection, List<String> statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                try {
                    statement.execute(sql);
                } catch (SQLException e) {
                    if (!COLUMN_IS_THERE.equals(e.getSQLState()) && !INDEX_IS_AS_WANTED.contains(e.getErrorCode())) {
                        throw e;
                    }
                }
            }
        }
    }

    private static int version(Connection connection) throws SQLException {
        return isPresent(connection) ? versions(connection) : NONE;
    }

    private static int versions(Connection connection) throws SQLException {
        List<Integer> versions = Sql.query(connection, "SELECT version FROM " + VERSION_TABLE, row -> row.getInt(1));
        return versions.isEmpty() ? NONE : Collections.max(versions);
    }

    private static boolean isPresent(Connection connection) throws SQLException {
        DatabaseMetaData metaData = connection.getMetaData();
        for (String name : List.of(VERSION_TABLE, VERSION_TABLE.toUpperCase(Locale.ROOT))) {
            try (ResultSet tables = metaData.getTables(connection.getCatalog(), schema(connection), name, null)) {
                if (tables.next()) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Returns null if the connection does not support this, as with some transaction managers; then tables of any schema count. */
    private static @Nullable String schema(Connection connection) {
        try {
            return connection.getSchema();
        } catch (SQLException unsupported) {
            return null;
        }
    }
}
