// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue.store;

import java.sql.SQLException;
import java.util.concurrent.CountDownLatch;
import javax.sql.DataSource;

/** A database that counts reads. Each poll reads at least once. */
public record Polls(Database database, CountDownLatch count) implements Database {

    @Override
    public <T> T write(Work<T> work) throws SQLException, InterruptedException {
        return database.write(work);
    }

    @Override
    public <T> T read(Work<T> work) throws SQLException {
        count.countDown();
        return database.read(work);
    }

    @Override
    public void clearStaleLeases() throws InterruptedException {
        database.clearStaleLeases();
    }

    @Override
    public DataSource dataSource() {
        return database.dataSource();
    }

    @Override
    public Dialect dialect() {
        return database.dialect();
    }

    @Override
    public String description() {
        return database.description();
    }

    @Override
    public void close() {
        database.close();
    }
}
