// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue.store;

import java.io.PrintWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A DataSource with a single connection, which one thread at a time uses: from {@code getConnection} until {@code close}. */
final class SingleConnectionDataSource implements DataSource {

    private final Connection connection;
    private final GroupCommit writers;

    /** @param writers are locked out while the connection is in use */
    SingleConnectionDataSource(Connection connection, GroupCommit writers) {
        this.connection = connection;
        this.writers = writers;
    }

    @Override
    public Connection getConnection() {
        writers.lockWrites();
        boolean[] held = {true};
        return (Connection) Proxy.newProxyInstance(
                SingleConnectionDataSource.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("close")) {
                        if (held[0]) {
                            held[0] = false;
                            writers.unlockWrites();
                        }
                        return null;
                    }
                    if (method.getName().equals("isClosed")) {
                        return !held[0];
                    }
                    try {
                        return method.invoke(connection, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        throw new SQLFeatureNotSupportedException("User and password are not supported");
    }

    @Override
    public @Nullable PrintWriter getLogWriter() {
        return null;
    }

    @Override
    public void setLogWriter(@Nullable PrintWriter out) {}

    @Override
    public void setLoginTimeout(int seconds) {}

    @Override
    public int getLoginTimeout() {
        return 0;
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException("There is no logger");
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        throw new SQLException("Not a wrapper");
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return false;
    }
}
