// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue.store;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A DataSource that simulates the death of the process after a number of statements: its connection is aborted. */
final class BrokenStatements {

    private final DataSource database;
    private final AtomicInteger left;

    private BrokenStatements(DataSource database, int statements) {
        this.database = database;
        this.left = new AtomicInteger(statements);
    }

    static DataSource after(int statements, DataSource database) {
        BrokenStatements broken = new BrokenStatements(database, statements);
        return proxy(DataSource.class, (method, arguments) -> {
            if (!method.getName().equals("getConnection")) {
                return call(database, method, arguments);
            }
            broken.check();
            return broken.connection(broken.database.getConnection());
        });
    }

    private void check() throws SQLException {
        if (left.get() < 0) {
            throw new SQLException("the process is dead");
        }
    }

    private Connection connection(Connection real) {
        return proxy(Connection.class, (method, arguments) -> {
            if (method.getName().equals("createStatement")) {
                return statement(real, (Statement) call(real, method, arguments));
            }
            return call(real, method, arguments);
        });
    }

    private Statement statement(Connection connection, Statement real) {
        return proxy(Statement.class, (method, arguments) -> {
            if (method.getName().equals("execute") && left.decrementAndGet() < 0) {
                connection.abort(Runnable::run);
                throw new SQLException("the process is dead");
            }
            return call(real, method, arguments);
        });
    }

    @FunctionalInterface
    interface Answer {
        @Nullable
        Object to(Method method, Object[] arguments) throws Throwable;
    }

    static <T> T proxy(Class<T> type, Answer answer) {
        return type.cast(Proxy.newProxyInstance(
                BrokenStatements.class.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> answer.to(method, arguments)));
    }

    static Object call(Object target, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getTargetException();
        }
    }
}
