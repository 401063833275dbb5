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
 * A connection that keeps its prepared statements for the next time, which the driver of SQLite does not: a tenth of the rate of a
 * queue. Of the same text there is one at a time. One thread at a time.
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
        boolean[] sound = {true};
        PreparedStatement unclosed = proxy(PreparedStatement.class, (method, arguments) -> {
            if (sound[0] && method.getName().equals("close")) {
                statement.clearParameters(); // a message need not be kept with it
                return null;
            }
            try {
                return invoke(statement, method, arguments);
            } catch (SQLException e) {
                // After some failures, a full disk among them, the driver has finalized it: it could never be used
                // again.
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
