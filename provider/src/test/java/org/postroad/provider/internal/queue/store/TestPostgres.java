// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue.store;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;

/** A real PostgreSQL. Started on first use; {@link TestServers} stops it. */
public final class TestPostgres {

    private TestPostgres() {}

    private static final ReentrantLock LOCK = new ReentrantLock();
    private static Optional<EmbeddedPostgres> running = Optional.empty(); // guarded by LOCK

    private static EmbeddedPostgres server() {
        LOCK.lock();
        try {
            EmbeddedPostgres server = running.isPresent()
                    ? running.get()
                    : EmbeddedPostgres.builder().start();
            running = Optional.of(server);
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            LOCK.unlock();
        }
    }

    /** Stops the server if it is running. */
    static void stop() {
        LOCK.lock();
        try {
            if (running.isPresent()) {
                running.get().close();
                running = Optional.empty();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            LOCK.unlock();
        }
    }

    /** Opens a new, empty database. */
    public static DataSource newDatabase() {
        return server().getDatabase("postgres", createDatabase());
    }

    /** Returns the URL of a new, empty database, for tests that connect by themselves. */
    public static String newDatabaseUrl() {
        return server().getJdbcUrl("postgres", createDatabase());
    }

    private static String createDatabase() {
        String name = "queue" + UUID.randomUUID().toString().replace("-", "");
        try (Connection connection = server().getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
        return name;
    }
}
