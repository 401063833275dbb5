// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The tables of the queue. */
final class Schema {

    /** What this code works with. */
    static final int VERSION = 1;

    private static final String MARK = "postroad_schema";

    private Schema() {}

    /**
     * Sees that the tables are there.
     *
     * @param create whether to make them where they are not
     * @throws QueueException if they are missing and not to be made, or of another version; nothing was changed
     */
    static void ensure(Database database, boolean create) throws InterruptedException {
        try {
            boolean present = database.read(Schema::isPresent);
            if (!present && !create) {
                throw new QueueException("The tables of the queue in " + database.place()
                        + " are missing. Create them with the statements of schema-"
                        + database.dialect().name().toLowerCase(Locale.ROOT)
                        + ".sql in the jar of postroad-provider, or allow it with mail.mx.queue.createschema=true");
            }
            if (!present) {
                create(database);
            }
            int version = database.read(Schema::version);
            if (version != VERSION) {
                throw new QueueException("The tables of the queue in " + database.place() + " are of version " + version
                        + ", this Postroad works with version " + VERSION + "; nothing was changed");
            }
        } catch (SQLException e) {
            throw new QueueException(
                    "The queue in " + database.place() + " cannot be opened: " + Failures.describe(e), e);
        }
    }

    /** Of two nodes that begin at once, the database lets one create, and the other fails when the first is done. */
    private static void create(Database database) throws SQLException, InterruptedException {
        try {
            database.write(connection -> createUnlessPresent(connection, database.dialect()));
        } catch (SQLException e) {
            if (!database.read(Schema::isPresent)) {
                throw e;
            }
            System.getLogger(Schema.class.getName())
                    .log(System.Logger.Level.DEBUG, "Another node created the tables of the queue meanwhile", e);
        }
    }

    private static boolean isPresent(Connection connection) throws SQLException {
        DatabaseMetaData metaData = connection.getMetaData();
        for (String name : List.of(MARK, MARK.toUpperCase(Locale.ROOT))) {
            try (ResultSet tables = metaData.getTables(connection.getCatalog(), schema(connection), name, null)) {
                if (tables.next()) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Some connections of transaction managers cannot say; then the tables of any schema count. */
    private static @Nullable String schema(Connection connection) {
        try {
            return connection.getSchema();
        } catch (SQLException unsupported) {
            return null;
        }
    }

    private static boolean createUnlessPresent(Connection connection, Dialect dialect) throws SQLException {
        if (isPresent(connection)) { // another node was quicker
            return false;
        }
        try (Statement statement = connection.createStatement()) {
            for (String sql : dialect.schema()) {
                statement.execute(sql);
            }
        }
        return true;
    }

    private static int version(Connection connection) throws SQLException {
        List<Integer> versions = Sql.query(connection, "SELECT version FROM " + MARK, row -> row.getInt(1));
        if (versions.size() != 1) {
            throw new SQLException("the table " + MARK + " has " + versions.size() + " rows and not one");
        }
        return versions.get(0);
    }
}
