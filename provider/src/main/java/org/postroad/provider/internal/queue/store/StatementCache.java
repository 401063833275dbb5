// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue.store;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Wrapper of a connection that caches prepared statements, because the SQLite driver does not. The cache is worth a tenth of the
 * queue's throughput. Only one statement of the same text may be in use at a time. Not thread-safe.
 */
final class StatementCache {

    /** Limit of cached statements. The queue uses fewer. */
    static final int MAX_KEPT = 100;

    private final Connection connection;
    private final Map<String, PreparedStatement> kept = new LinkedHashMap<>();

    private StatementCache(Connection connection) {
        this.connection = connection;
    }

    /** Wraps the connection. The cached statements are closed with it. */
    static Connection on(Connection connection) {
        StatementCache statements = new StatementCache(connection);
        return proxy(
                Connection.class,
                (method, arguments) -> method.getName().equals("prepareStatement") && arguments.length == 1
                        ? statements.prepared((String) arguments[0])
                        : invoke(connection, method, arguments));
    }

    private PreparedStatement prepared(String sql) throws SQLException {
        PreparedStatement known = kept.get(sql);
        if (known != null) {
            return known;
        }
        PreparedStatement statement = connection.prepareStatement(sql);
        if (kept.size() == MAX_KEPT) {
            return statement;
        }
        boolean[] sound = {true};
        PreparedStatement unclosed = proxy(PreparedStatement.class, (method, arguments) -> {
            if (sound[0] && method.getName().equals("close")) {
                statement.clearParameters(); // so that it does not keep a message in memory
                return null;
            }
            try {
                return invoke(statement, method, arguments);
            } catch (SQLException e) {
                // After some failures, such as a full disk, the driver has finalized the statement, which then cannot
                // be used again.
                sound[0] = false;
                kept.remove(sql);
                throw e;
            }
        });
        kept.put(sql, unclosed);
        return unclosed;
    }

    private interface Call {
        @Nullable
        Object of(Method method, @Nullable Object[] arguments) throws Throwable;
    }

    private static <T> T proxy(Class<T> type, Call call) {
        return type.cast(Proxy.newProxyInstance(
                StatementCache.class.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> call.of(method, arguments)));
    }

    private static @Nullable Object invoke(Object target, Method method, @Nullable Object[] arguments)
            throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
