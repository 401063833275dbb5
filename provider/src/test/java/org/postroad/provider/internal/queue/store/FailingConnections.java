// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue.store;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import javax.sql.DataSource;

/** A connection to a database that fails at the points that a test chooses. */
public final class FailingConnections {

    private static final String CONNECTION_FAILURE = "08006";

    private final DataSource database;

    /** Returns whether a connection is lost at that point. */
    public volatile Predicate<Point> breaks = point -> false;

    /** Point at which a connection can be lost. */
    public enum Point {
        CONNECTING,
        ASKING,
        COMMITTING,
        /** The database has committed, but the client does not receive the reply. */
        COMMITTED
    }

    public FailingConnections(DataSource database) {
        this.database = database;
    }

    /** Returns the database as the client sees it. */
    public DataSource dataSource() {
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

    /** Rolls back, as a database does that has lost its client. */
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
                FailingConnections.class.getClassLoader(),
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
