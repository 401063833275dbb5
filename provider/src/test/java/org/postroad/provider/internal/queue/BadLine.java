// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import javax.sql.DataSource;

/** The way to a database, on which connections are lost where a test wants it. */
final class BadLine {

    private static final String CONNECTION_FAILURE = "08006";

    private final DataSource database;

    /** Whether a connection is lost at that point. */
    volatile Predicate<Point> breaks = point -> false;

    /** What is going on. */
    enum Point {
        CONNECTING,
        ASKING,
        COMMITTING,
        /** The database has done it, and whoever asked for it does not learn that. */
        COMMITTED
    }

    BadLine(DataSource database) {
        this.database = database;
    }

    /** The database, as it is seen from this end. */
    DataSource dataSource() {
        return proxy(DataSource.class, (method, arguments) -> {
            if (!method.getName().equals("getConnection")) {
                return call(database, method, arguments);
            }
            if (breaks.test(Point.CONNECTING)) {
                throw lost(Point.CONNECTING);
            }
            return connection((Connection) call(database, method, arguments));
        });
    }

    private Connection connection(Connection real) {
        AtomicBoolean lost = new AtomicBoolean();
        return proxy(Connection.class, (method, arguments) -> {
            switch (method.getName()) {
                case "close" -> {
                    return call(real, method, arguments);
                }
                case "prepareStatement" -> loseAt(Point.ASKING, real, lost);
                case "commit" -> loseAt(Point.COMMITTING, real, lost);
                default -> {}
            }
            if (lost.get()) {
                throw lost(Point.ASKING);
            }
            Object result = call(real, method, arguments);
            if (method.getName().equals("commit")) {
                loseAt(Point.COMMITTED, real, lost);
            }
            return result;
        });
    }

    private void loseAt(Point point, Connection real, AtomicBoolean lost) throws SQLException {
        if (!lost.get() && breaks.test(point)) {
            lost.set(true);
            giveUp(real);
            throw lost(point);
        }
    }

    /** As the database does that does not hear of its client any more. */
    private static void giveUp(Connection connection) throws SQLException {
        if (!connection.getAutoCommit()) {
            connection.rollback();
        }
    }

    private static SQLException lost(Point point) {
        return new SQLException("the connection was lost while " + point, CONNECTION_FAILURE);
    }

    @FunctionalInterface
    private interface Answer {
        Object to(Method method, Object[] arguments) throws Throwable;
    }

    private static <T> T proxy(Class<T> type, Answer answer) {
        return type.cast(Proxy.newProxyInstance(
                BadLine.class.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> answer.to(method, arguments)));
    }

    private static Object call(Object target, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getTargetException();
        }
    }
}
