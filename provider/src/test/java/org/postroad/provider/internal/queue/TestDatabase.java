// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;

/** The databases that every test of the store runs on; each time an empty one. */
enum TestDatabase {
    SQLITE {
        @Override
        Database open(Path directory) {
            return new SqliteDatabase(SqliteDatabase.PREFIX + directory.resolve("queue.db"));
        }
    },
    H2 {
        @Override
        Database open(Path directory) {
            JdbcDataSource dataSource = new JdbcDataSource();
            dataSource.setURL("jdbc:h2:" + directory.resolve("queue"));
            return pooled(dataSource);
        }
    },
    POSTGRESQL {
        @Override
        Database open(Path directory) {
            return pooled(TestPostgres.newDatabase());
        }
    },
    MARIADB {
        @Override
        Database open(Path directory) {
            return pooled(TestMariaDb.newDatabase());
        }
    };

    private static Database pooled(DataSource dataSource) {
        HikariConfig config = new HikariConfig();
        config.setDataSource(dataSource);
        config.setMaximumPoolSize(8);
        config.setMinimumIdle(0);
        HikariDataSource pool = new HikariDataSource(config);
        return new ClosingDatabase(new PooledDatabase(pool), pool);
    }

    /** A DataSource belongs to the application, and so it does here. */
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
        public void takeOver() throws InterruptedException {
            database.takeOver();
        }

        @Override
        public DataSource dataSource() {
            return pool;
        }

        @Override
        public String place() {
            return database.place();
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

    /** The same database again, with what was written to it, where it has a file of its own. */
    abstract Database open(Path directory);
}
