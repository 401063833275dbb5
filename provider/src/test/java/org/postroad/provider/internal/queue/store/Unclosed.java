// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue.store;

import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/** A database that stays open when the queue is closed, and that a test can make unavailable. */
public class Unclosed implements Database {

    public final Database database;
    public volatile boolean away;
    public volatile Runnable onFailure = () -> {};

    /** Number of connections that the scheduler is refused next. */
    public final AtomicInteger refused = new AtomicInteger();

    public Unclosed(Database database) {
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
    public void clearStaleLeases() throws InterruptedException {
        database.clearStaleLeases();
    }

    @Override
    public DataSource dataSource() {
        FailingConnections line = new FailingConnections(database.dataSource());
        line.breaks = point ->
                point == FailingConnections.Point.CONNECTING && refused.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
        return line.dataSource();
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
    public void close() {}
}
