// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue.store;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postroad.api.Printable;

/**
 * Reads from Spring whether the transaction of the calling thread can only be rolled back. Spring has the mark in two places: the holder of the
 * transaction's connection, if an inner method that took part in the transaction failed, and the status of a {@code @Transactional} method, if
 * that marked its own transaction. The status counts only if it has the same holder: the current transaction may be a newer one. What an outer
 * method has marked on its own status is not visible in an inner one.
 */
@FunctionalInterface
interface SpringRollbackMarks {

    /** For use without Spring. */
    SpringRollbackMarks NONE = () -> false;

    /** Returns whether the transaction of the calling thread on this DataSource is marked for rollback. */
    boolean isMarked();

    /** Returns the marks in the Spring that is visible to the class loader of the DataSource. */
    static SpringRollbackMarks visibleTo(DataSource dataSource) {
        try {
            SpringTypes spring = SpringTypes.of(dataSource.getClass().getClassLoader());
            return () -> spring.isMarked(dataSource);
        } catch (ReflectiveOperationException | LinkageError absent) {
            System.getLogger(SpringRollbackMarks.class.getName())
                    .log(
                            System.Logger.Level.DEBUG,
                            "Spring cannot say whether a transaction is marked for rollback: "
                                    + Printable.describe(absent));
            return NONE;
        }
    }

    /** Public methods of Spring, of spring-tx and spring-jdbc. */
    record SpringTypes(
            Method resource,
            Method target,
            Method isHolderMarked,
            Method currentStatus,
            Method isStatusMarked,
            Method transaction,
            Method holder) {

        private static final String TRANSACTION = "org.springframework.transaction.";
        private static final String JDBC = "org.springframework.jdbc.datasource.";

        static SpringTypes of(@Nullable ClassLoader loader) throws ReflectiveOperationException {
            return new SpringTypes(
                    type(loader, TRANSACTION + "support.TransactionSynchronizationManager")
                            .getMethod("getResource", Object.class),
                    type(loader, JDBC + "DelegatingDataSource").getMethod("getTargetDataSource"),
                    type(loader, TRANSACTION + "support.ResourceHolderSupport").getMethod("isRollbackOnly"),
                    type(loader, TRANSACTION + "interceptor.TransactionAspectSupport")
                            .getMethod("currentTransactionStatus"),
                    type(loader, TRANSACTION + "TransactionStatus").getMethod("isRollbackOnly"),
                    type(loader, TRANSACTION + "support.DefaultTransactionStatus")
                            .getMethod("getTransaction"),
                    type(loader, JDBC + "JdbcTransactionObjectSupport").getMethod("getConnectionHolder"));
        }

        private static Class<?> type(@Nullable ClassLoader loader, String name) throws ClassNotFoundException {
            return Class.forName(name, true, loader);
        }

        boolean isMarked(DataSource dataSource) {
            try {
                Object holder = holderOf(dataSource);
                return holder != null && (isTrue(isHolderMarked, holder) || isMarkedByStatus(holder));
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("Spring does not tell the state of the transaction", e);
            }
        }

        /** Returns the holder of the connection that is bound to the thread, under this DataSource or one that it wraps. */
        private @Nullable Object holderOf(DataSource dataSource) throws ReflectiveOperationException {
            Object source = dataSource;
            while (source != null) {
                Object holder = resource.invoke(null, source);
                if (holder != null) {
                    return holder;
                }
                source = target.getDeclaringClass().isInstance(source) ? target.invoke(source) : null;
            }
            return null;
        }

        private boolean isMarkedByStatus(Object holder) throws ReflectiveOperationException {
            Object status;
            try {
                status = currentStatus.invoke(null);
            } catch (InvocationTargetException noTransactionalMethod) {
                return false;
            }
            if (!transaction.getDeclaringClass().isInstance(status)) {
                return false;
            }
            Object current = transaction.invoke(status);
            return this.holder.getDeclaringClass().isInstance(current)
                    && this.holder.invoke(current) == holder
                    && isTrue(isStatusMarked, status);
        }

        private static boolean isTrue(Method question, Object of) throws ReflectiveOperationException {
            return Boolean.TRUE.equals(question.invoke(of));
        }
    }
}
