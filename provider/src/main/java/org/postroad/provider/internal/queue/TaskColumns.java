// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import com.github.kagkarlsson.scheduler.jdbc.DefaultJdbcCustomization;
import com.github.kagkarlsson.scheduler.jdbc.JdbcCustomization;
import com.github.kagkarlsson.scheduler.jdbc.MariaDBJdbcCustomization;
import com.github.kagkarlsson.scheduler.jdbc.PostgreSqlJdbcCustomization;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/**
 * How db-scheduler writes into its table, for each database. Moments must come back the same, whatever the time zones of the JVM, of
 * the session and of the server are, also in the hours that a zone has twice or not at all: what goes through {@code
 * java.sql.Timestamp} does not do that everywhere.
 */
final class TaskColumns {

    private TaskColumns() {}

    static JdbcCustomization of(Dialect dialect) {
        return switch (dialect) {
            case POSTGRESQL -> new PostgreSqlJdbcCustomization(false, false); // its driver writes the offset along
            case SQLITE -> new ForSqlite(); // its driver writes milliseconds since 1970
            case H2 -> new ForH2();
            case MARIADB -> new ForMariaDb();
        };
    }

    /** SQLite is none of the databases that db-scheduler knows; its standard SQL will do, but for the limit. */
    private static final class ForSqlite extends DefaultJdbcCustomization {

        private ForSqlite() {
            super(true);
        }

        @Override
        public String getName() {
            return Dialect.SQLITE.name();
        }

        @Override
        public String getQueryLimitPart(int limit) {
            return " LIMIT " + limit;
        }
    }

    /** In columns with a time zone; the driver makes local time of a Timestamp, which an hour in autumn has twice. */
    private static final class ForH2 extends DefaultJdbcCustomization {

        private ForH2() {
            super(false);
        }

        @Override
        public void setInstant(PreparedStatement statement, int index, @Nullable Instant value) throws SQLException {
            statement.setObject(index, value == null ? null : value.atOffset(ZoneOffset.UTC));
        }

        @Override
        @SuppressWarnings("NullAway") // the library's own returns null as well
        public @Nullable Instant getInstant(ResultSet row, String column) throws SQLException {
            OffsetDateTime value = row.getObject(column, OffsetDateTime.class);
            return value == null ? null : value.toInstant();
        }
    }

    /** UTC in columns without a time zone, which neither the driver nor the server converts. MariaDB and MySQL. */
    private static final class ForMariaDb extends MariaDBJdbcCustomization {

        private ForMariaDb() {
            super(false);
        }

        @Override
        public void setInstant(PreparedStatement statement, int index, @Nullable Instant value) throws SQLException {
            statement.setObject(index, value == null ? null : LocalDateTime.ofInstant(value, ZoneOffset.UTC));
        }

        @Override
        @SuppressWarnings("NullAway") // the library's own returns null as well
        public @Nullable Instant getInstant(ResultSet row, String column) throws SQLException {
            LocalDateTime value = row.getObject(column, LocalDateTime.class);
            return value == null ? null : value.toInstant(ZoneOffset.UTC);
        }
    }
}
