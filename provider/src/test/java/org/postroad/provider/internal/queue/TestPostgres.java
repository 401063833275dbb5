// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import javax.sql.DataSource;

/** A real PostgreSQL, started when first needed; it stops with this JVM. */
public final class TestPostgres {

    private TestPostgres() {}

    private static final class Server {

        static final EmbeddedPostgres POSTGRES = start();

        private static EmbeddedPostgres start() {
            try {
                return EmbeddedPostgres.builder().start();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** A new, empty database. */
    public static DataSource newDatabase() {
        return Server.POSTGRES.getDatabase("postgres", createDatabase());
    }

    /** The same, for those who connect themselves. */
    public static String newDatabaseUrl() {
        return Server.POSTGRES.getJdbcUrl("postgres", createDatabase());
    }

    private static String createDatabase() {
        String name = "queue" + UUID.randomUUID().toString().replace("-", "");
        try (Connection connection = Server.POSTGRES.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
        return name;
    }
}
