// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Differences between the databases that can hold a queue. Everything else is standard SQL. */
public enum Dialect {
    SQLITE(
            List.of("SQLite"),
            // Only one process uses it, so there is one clock and one session.
            "SELECT CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)",
            "SELECT 1"),
    POSTGRESQL(
            List.of("PostgreSQL"),
            "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)",
            "SELECT pg_backend_pid()"),
    H2(List.of("H2"), "SELECT CAST(EXTRACT(EPOCH FROM CURRENT_TIMESTAMP) * 1000 AS BIGINT)", "SELECT SESSION_ID()"),
    /** MariaDB and MySQL. */
    MARIADB(
            List.of("MariaDB", "MySQL"),
            "SELECT TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6)) DIV 1000",
            "SELECT CONNECTION_ID()");

    private final List<String> products;
    private final String clock;
    private final String session;

    Dialect(List<String> products, String clock, String session) {
        this.products = products;
        this.clock = clock;
        this.session = session;
    }

    /**
     * Returns the dialect of a connection.
     *
     * @throws QueueException if the database is not supported
     */
    static Dialect of(Connection connection) throws SQLException {
        String product = connection.getMetaData().getDatabaseProductName();
        return Arrays.stream(values())
                .filter(dialect -> dialect.products.stream().anyMatch(product::equalsIgnoreCase))
                .findFirst()
                .orElseThrow(() -> new QueueException(product
                        + " is not supported as the database of the queue; supported are SQLite, PostgreSQL, H2,"
                        + " MariaDB and MySQL"));
    }

    /** Returns the database's time with a precision of milliseconds, whatever the time zones of the server and the connection are. */
    public Instant now(Connection connection) throws SQLException {
        return Instant.ofEpochMilli(queryNumber(connection, clock));
    }

    /**
     * Returns the number of the database session. Two connections that are open at the same time and have the same number share a
     * session.
     */
    long session(Connection connection) throws SQLException {
        return queryNumber(connection, session);
    }

    /**
     * Returns a statement that inserts a row unless there is one with the same key. It waits for the end of another transaction that
     * inserts the same key. In all databases the transaction goes on if there is one; in H2, the statement then fails.
     */
    String insertUnlessPresent(String insert) {
        return switch (this) {
            case SQLITE, POSTGRESQL -> insert + " ON CONFLICT DO NOTHING";
            case MARIADB -> insert.replaceFirst("INSERT", "INSERT IGNORE");
            case H2 -> insert;
        };
    }

    /** Returns the end of a query that sees what was committed since the transaction began. */
    String latestRead() {
        return this == MARIADB ? " FOR UPDATE" : "";
    }

    private static long queryNumber(Connection connection, String sql) throws SQLException {
        return Sql.query(connection, sql, row -> row.getLong(1)).get(0);
    }

    /** Returns the statements that create the tables. */
    List<String> schema() {
        return statements(schemaFile());
    }

    /** Returns the statements that upgrade the tables from the version before to the given one. */
    List<String> upgrade(int version) {
        return statements(upgradeFile(version));
    }

    /** Returns the name of the resource next to this class that operators read to create the tables themselves. */
    String schemaFile() {
        return file("schema");
    }

    String upgradeFile(int version) {
        return file("upgrade-" + version);
    }

    private String file(String kind) {
        return kind + "-" + name().toLowerCase(Locale.ROOT) + ".sql";
    }

    private static List<String> statements(String name) {
        try (InputStream in = Dialect.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(
                        "The resource " + name + " is missing beside " + Dialect.class.getName());
            }
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            String withoutComments = text.replaceAll("--[^\\n]*", "");
            return Stream.of(withoutComments.split(";"))
                    .map(String::strip)
                    .filter(statement -> !statement.isEmpty())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
