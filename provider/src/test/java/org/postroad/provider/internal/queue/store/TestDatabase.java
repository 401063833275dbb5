// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;

/** The databases that every test of the store runs on. */
public enum TestDatabase {
    SQLITE {
        @Override
        public Database open(Path directory) {
            return new SqliteDatabase(SqliteDatabase.PREFIX + directory.resolve("queue.db"));
        }

        /** As in another process: nothing keeps tests from both in one JVM, with one SQLite library. */
        @Override
        public Database attached(Database owner) {
            return new AttachedFile(Path.of(owner.description()), Optional.empty(), Duration.ofSeconds(30), () -> {});
        }
    },
    H2 {
        @Override
        public DataSource dataSource(Path directory) {
            JdbcDataSource dataSource = new JdbcDataSource();
            dataSource.setURL("jdbc:h2:" + directory.resolve("queue") + ";TIME ZONE=" + TestMariaDb.ZONE);
            return dataSource;
        }
    },
    POSTGRESQL {
        @Override
        public DataSource dataSource(Path directory) {
            return TestPostgres.newDatabase();
        }
    },
    MARIADB {
        @Override
        public DataSource dataSource(Path directory) {
            return TestMariaDb.newDatabase();
        }
    };

    /** Opens an empty database, or reopens the one in this directory if the database is a file of its own. */
    public Database open(Path directory) {
        return pooled(dataSource(directory), true);
    }

    /** Opens the database that the owner delivers from again, to attach to it. */
    public Database attached(Database owner) {
        return of(owner.dataSource());
    }

    /** Opens it through a pool whose connections have auto-commit off. */
    Database openWithoutAutoCommit(Path directory) {
        return pooled(dataSource(directory), false);
    }

    public DataSource dataSource(Path directory) {
        throw new AssertionError(this + " has none in " + directory);
    }

    private static Database pooled(DataSource dataSource, boolean autoCommit) {
        HikariConfig config = new HikariConfig();
        config.setDataSource(dataSource);
        config.setAutoCommit(autoCommit);
        config.setMaximumPoolSize(8);
        config.setMinimumIdle(0);
        HikariDataSource pool = new HikariDataSource(config);
        return new ClosingDatabase(of(pool), pool);
    }

    /** A database of the application, outside of any container. */
    public static Database of(DataSource dataSource) {
        try {
            return new PooledDatabase(dataSource, ContainerTransaction.TransactionSource.NONE, Thread::new);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** A database that closes its DataSource, too, because no application owns that here. */
    private record ClosingDatabase(Database database, HikariDataSource pool) implements Database {

        @Override
        public <T> T write(Work<T> work) throws SQLException, InterruptedException {
            return database.write(work);
        }

        @Override
        public <T> T read(Work<T> work) throws SQLException {
            return database.read(work);
        }

        @Override
        public <T> Written<T> writeForCaller(Work<T> work) throws SQLException, InterruptedException {
            return database.writeForCaller(work);
        }

        @Override
        public <T> T readForCaller(Work<T> work) throws SQLException {
            return database.readForCaller(work);
        }

        @Override
        public boolean isCallerInTransaction() throws SQLException {
            return database.isCallerInTransaction();
        }

        @Override
        public void clearStaleLeases() throws InterruptedException {
            database.clearStaleLeases();
        }

        @Override
        public DataSource dataSource() {
            return pool;
        }

        @Override
        public String description() {
            return database.description();
        }

        @Override
        public Dialect dialect() {
            return database.dialect();
        }

        @Override
        public void close() {
            database.close();
            pool.close();
        }
    }
}
