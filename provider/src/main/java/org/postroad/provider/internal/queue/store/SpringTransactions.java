// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue.store;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.postroad.api.Printable;

/**
 * Reads Spring's transaction state of the calling thread, if Spring is present. Spring also gives a thread the same connection where no
 * commit follows: in scopes without a transaction (SUPPORTS, NOT_SUPPORTED), and in code that runs after a commit
 * ({@code @TransactionalEventListener}) but before the connection is released.
 */
final class SpringTransactions {

    private static final String MANAGER = "org.springframework.transaction.support.TransactionSynchronizationManager";

    /** The type of callbacks registered with a transaction. */
    private static final String SYNCHRONIZATION = "org.springframework.transaction.support.TransactionSynchronization";

    /** The class that calls the registered callbacks. */
    private static final String CALLBACKS = "org.springframework.transaction.support.TransactionSynchronizationUtils";

    /** Prefix of the methods of that class that run after the end of a transaction. */
    private static final String AFTERWARDS = "invokeAfter";

    /** Classes with a frame on the stack during a transaction. */
    private static final Set<String> SURROUNDING = Set.of(
            "org.springframework.transaction.interceptor.TransactionAspectSupport",
            "org.springframework.transaction.support.TransactionTemplate");

    private final Optional<SpringMethods> spring;
    private final SpringRollbackMarks marks;

    private SpringTransactions(Optional<SpringMethods> questions, SpringRollbackMarks marks) {
        this.spring = questions;
        this.marks = marks;
    }

    /** Static methods of Spring, and the type of callback to register. */
    private record SpringMethods(
            MethodHandle isSynchronizationActive,
            MethodHandle isActualTransactionActive,
            Method register,
            Class<?> synchronization) {}

    /** Returns the Spring that is visible to the class loader of the DataSource. */
    static SpringTransactions visibleTo(DataSource dataSource) {
        try {
            Class<?> manager =
                    Class.forName(MANAGER, true, dataSource.getClass().getClassLoader());
            Class<?> synchronization =
                    Class.forName(SYNCHRONIZATION, true, dataSource.getClass().getClassLoader());
            MethodHandles.Lookup lookup = MethodHandles.publicLookup();
            MethodType question = MethodType.methodType(boolean.class);
            SpringMethods methods = new SpringMethods(
                    lookup.findStatic(manager, "isSynchronizationActive", question),
                    lookup.findStatic(manager, "isActualTransactionActive", question),
                    manager.getMethod("registerSynchronization", synchronization),
                    synchronization);
            return new SpringTransactions(Optional.of(methods), SpringRollbackMarks.visibleTo(dataSource));
        } catch (ReflectiveOperationException | LinkageError absent) {
            System.getLogger(SpringTransactions.class.getName())
                    .log(System.Logger.Level.DEBUG, "Spring is not present: " + Printable.describe(absent));
            return new SpringTransactions(Optional.empty(), SpringRollbackMarks.NONE);
        }
    }

    /**
     * Returns whether a connection shared within the thread is in a transaction that has not ended. True unless Spring reports otherwise.
     */
    boolean isInTransaction() {
        if (spring.isEmpty()) {
            return true;
        }
        boolean isScopeOnly = isTrue(spring.get().isSynchronizationActive())
                && !isTrue(spring.get().isActualTransactionActive());
        return !isScopeOnly && !isAfterwards();
    }

    /** Returns whether the transaction whose connection the DataSource gives this thread can only be rolled back. */
    boolean isMarkedForRollback() {
        return marks.isMarked();
    }

    /** Returns the calling thread's transaction; empty if Spring does not report when it commits. */
    Optional<ContainerTransaction> current() {
        return spring.filter(
                        known -> isTrue(known.isSynchronizationActive()) && isTrue(known.isActualTransactionActive()))
                .map(known -> work -> register(known, work));
    }

    private static void register(SpringMethods known, Runnable work) {
        Object synchronization = Proxy.newProxyInstance(
                known.synchronization().getClassLoader(),
                new Class<?>[] {known.synchronization()},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "afterCommit" -> {
                        work.run();
                        yield null;
                    }
                    case "getOrder" -> Integer.MAX_VALUE;
                    case "equals" -> proxy == arguments[0];
                    case "hashCode" -> System.identityHashCode(proxy);
                    case "toString" -> "Postroad's queue";
                    default -> null;
                });
        try {
            known.register().invoke(null, synchronization);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("Spring rejected the transaction synchronization", e);
        }
    }

    /** Spring has no method for this. The innermost frame decides, because a callback may begin another transaction. */
    private static boolean isAfterwards() {
        return StackWalker.getInstance()
                .walk(frames -> frames.filter(
                                frame -> isAfterwards(frame) || SURROUNDING.contains(frame.getClassName()))
                        .findFirst())
                .filter(SpringTransactions::isAfterwards)
                .isPresent();
    }

    private static boolean isAfterwards(StackWalker.StackFrame frame) {
        return frame.getClassName().equals(CALLBACKS) && frame.getMethodName().startsWith(AFTERWARDS);
    }

    private static boolean isTrue(MethodHandle question) {
        try {
            return (boolean) question.invokeExact();
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable never) {
            throw new IllegalStateException(never); // these methods declare no exceptions
        }
    }
}
