// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import java.sql.SQLException;
import javax.sql.DataSource;

/** A database that outlives the queue, and that goes away as long as a test wants. */
final class Unclosed implements Database {

    final Database database;
    volatile boolean away;
    volatile Runnable onFailure = () -> {};

    Unclosed(Database database) {
        this.database = database;
    }

    private void check() throws SQLException {
        if (away) {
            onFailure.run();
            throw new SQLException("the database is away");
        }
    }

    @Override
    public <T> T write(Work<T> work) throws SQLException, InterruptedException {
        check();
        return database.write(work);
    }

    @Override
    public <T> T read(Work<T> work) throws SQLException {
        check();
        return database.read(work);
    }

    @Override
    public void takeOver() throws InterruptedException {
        database.takeOver();
    }

    @Override
    public DataSource dataSource() {
        return database.dataSource();
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
    public void close() {}
}
