// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Executes SQL statements with parameters. */
public final class Sql {

    /** Maximum length of a stored report, in characters. */
    public static final int MAX_REPORT = 16_000;

    /** Replaces NUL and unpaired surrogates. */
    private static final char REPLACEMENT = '\ufffd';

    private Sql() {}

    /** Reads the current row. */
    @FunctionalInterface
    public interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }

    /** Returns the number of rows changed. An empty {@link Optional} is bound as NULL, a boolean as a number. */
    public static int update(Connection connection, String sql, Object... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, parameters);
            return statement.executeUpdate();
        }
    }

    public static <T> List<T> query(Connection connection, String sql, Row<T> row, Object... parameters)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, parameters);
            List<T> rows = new ArrayList<>();
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    rows.add(row.read(result));
                }
            }
            return rows;
        }
    }

    /** Returns whether the query has a row. */
    public static boolean exists(Connection connection, String sql, Object... parameters) throws SQLException {
        return !query(connection, sql, row -> true, parameters).isEmpty();
    }

    private static void bind(PreparedStatement statement, Object... parameters) throws SQLException {
        for (int i = 0; i < parameters.length; i++) {
            bind(statement, i + 1, parameters[i]);
        }
    }

    private static void bind(PreparedStatement statement, int index, Object value) throws SQLException {
        if (value instanceof Optional<?> optional) {
            if (optional.isPresent()) {
                bind(statement, index, optional.get());
            } else {
                statement.setString(index, null);
            }
        } else if (value instanceof Integer number) {
            statement.setInt(index, number);
        } else if (value instanceof Long number) {
            statement.setLong(index, number);
        } else if (value instanceof Boolean flag) {
            statement.setInt(index, flag ? 1 : 0);
        } else if (value instanceof byte[] octets) {
            statement.setBytes(index, octets);
        } else {
            statement.setString(index, value.toString());
        }
    }

    /** Cuts a report to the stored length, and replaces characters that some databases refuse: the end of an attempt must be recorded. */
    static String storable(String report) {
        return storable(report, MAX_REPORT);
    }

    /** Cuts a text to a length in characters, and replaces characters that some databases refuse. */
    static String storable(String text, int limit) {
        String cut = text.length() <= limit ? text : text.substring(0, limit - 1) + "\u2026";
        return cut.codePoints()
                .map(point -> point == 0 || Character.getType(point) == Character.SURROGATE ? REPLACEMENT : point)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    /** Returns the pattern for {@code LOWER(column) LIKE ? ESCAPE '!'} that finds a text in a column, in upper and lower case. */
    static String containing(String text) {
        return "%" + text.toLowerCase(Locale.ROOT).replaceAll("[!%_]", "!$0") + "%";
    }

    /** Closes a connection. A failure is only logged. */
    static void close(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            System.getLogger(Sql.class.getName())
                    .log(System.Logger.Level.WARNING, "A connection to the queue could not be closed", e);
        }
    }
}
