// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue.store;

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
 * How db-scheduler reads and writes times in its table, for each database. A time must be read back unchanged, whatever the time zones of
 * the JVM, the session and the server, even in the hours that a zone repeats or skips. {@code java.sql.Timestamp} does not ensure this
 * everywhere.
 */
public final class TaskColumns {

    private TaskColumns() {}

    public static JdbcCustomization of(Dialect dialect) {
        return switch (dialect) {
            case POSTGRESQL -> new PostgreSqlJdbcCustomization(false, false); // its driver includes the offset
            case SQLITE -> new ForSqlite(); // its driver writes milliseconds since 1970
            case H2 -> new ForH2();
            case MARIADB -> new ForMariaDb();
        };
    }

    /** db-scheduler does not support SQLite, but its standard SQL works, except for the limit clause. */
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

    /** Uses columns with a time zone. The driver converts a Timestamp to local time, which is ambiguous for an hour in autumn. */
    private static final class ForH2 extends DefaultJdbcCustomization {

        private ForH2() {
            super(false);
        }

        @Override
        public void setInstant(PreparedStatement statement, int index, @Nullable Instant value) throws SQLException {
            statement.setObject(index, value == null ? null : value.atOffset(ZoneOffset.UTC));
        }

        @Override
        @SuppressWarnings("NullAway") // the library's own method may return null, too
        public @Nullable Instant getInstant(ResultSet row, String column) throws SQLException {
            OffsetDateTime value = row.getObject(column, OffsetDateTime.class);
            return value == null ? null : value.toInstant();
        }
    }

    /** For MariaDB and MySQL: UTC in columns without a time zone, which neither the driver nor the server converts. */
    private static final class ForMariaDb extends MariaDBJdbcCustomization {

        private ForMariaDb() {
            super(false);
        }

        @Override
        public void setInstant(PreparedStatement statement, int index, @Nullable Instant value) throws SQLException {
            statement.setObject(index, value == null ? null : LocalDateTime.ofInstant(value, ZoneOffset.UTC));
        }

        @Override
        @SuppressWarnings("NullAway") // the library's own method may return null, too
        public @Nullable Instant getInstant(ResultSet row, String column) throws SQLException {
            LocalDateTime value = row.getObject(column, LocalDateTime.class);
            return value == null ? null : value.toInstant(ZoneOffset.UTC);
        }
    }
}
