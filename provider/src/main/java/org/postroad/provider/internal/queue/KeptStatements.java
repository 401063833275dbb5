// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

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
 * A connection that keeps its prepared statements for the next time, which a driver of SQLite does not: to prepare one takes longer than to run it.
 * Of the same text there is one at a time. One thread at a time.
 */
final class KeptStatements {

    /** More texts than the queue has. */
    static final int MAX_KEPT = 100;

    private final Connection connection;
    private final Map<String, PreparedStatement> kept = new LinkedHashMap<>();

    private KeptStatements(Connection connection) {
        this.connection = connection;
    }

    /** The same connection; its statements are closed with it. */
    static Connection on(Connection connection) {
        KeptStatements statements = new KeptStatements(connection);
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
        PreparedStatement unclosed = proxy(PreparedStatement.class, (method, arguments) -> {
            if (method.getName().equals("close")) {
                statement.clearParameters(); // a message need not be kept with it
                return null;
            }
            return invoke(statement, method, arguments);
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
                KeptStatements.class.getClassLoader(),
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
