// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.postroad.provider.internal.queue.store.Database;
import org.postroad.provider.internal.queue.store.Dialect;

/** A database that rejects heartbeats while a test wants this. Counts heartbeats and searches for dead processes. */
final class FailingHeartbeats implements Database {

    private final Database database;

    /** Whether heartbeats fail. */
    volatile boolean held;

    final AtomicInteger heartbeats = new AtomicInteger();
    final AtomicInteger searches = new AtomicInteger();

    FailingHeartbeats(Database database) {
        this.database = database;
    }

    @Override
    public DataSource dataSource() {
        DataSource real = database.dataSource();
        return (DataSource) Proxy.newProxyInstance(
                FailingHeartbeats.class.getClassLoader(),
                new Class<?>[] {DataSource.class},
                (proxy, method, arguments) -> {
                    Object result = call(real, method, arguments);
                    return result instanceof Connection connection ? connection(connection) : result;
                });
    }

    private Connection connection(Connection real) {
        return (Connection) Proxy.newProxyInstance(
                FailingHeartbeats.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("prepareStatement")) {
                        look(((String) arguments[0]).toLowerCase(Locale.ROOT));
                    }
                    return call(real, method, arguments);
                });
    }

    private void look(String sql) throws SQLException {
        if (sql.startsWith("update postroad_task set last_heartbeat = ?")) {
            if (held) {
                throw new SQLException("read-only", "25006");
            }
            heartbeats.incrementAndGet();
        } else if (sql.contains("last_heartbeat <= ?")) {
            searches.incrementAndGet();
        }
    }

    private static Object call(Object target, java.lang.reflect.Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getTargetException();
        }
    }

    /** Waits for that many further searches. */
    void awaitSearches(int more) {
        int until = searches.get() + more;
        while (searches.get() < until) {
            Thread.onSpinWait();
        }
    }

    @Override
    public <T> T write(Work<T> work) throws SQLException, InterruptedException {
        return database.write(work);
    }

    @Override
    public <T> T read(Work<T> work) throws SQLException {
        return database.read(work);
    }

    @Override
    public void clearStaleLeases() throws InterruptedException {
        database.clearStaleLeases();
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
    }
}
