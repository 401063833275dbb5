// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.engine;

import java.util.concurrent.ThreadFactory;

/**
 * Factories of threads for deliveries: virtual threads from JDK 24 on, else daemon threads. Since JDK 24 a virtual thread that waits
 * within {@code synchronized}, as TLS sockets do, no longer pins its carrier (JEP 491).
 */
final class Threads {

    private static final int FIRST_WITH_GOOD_VIRTUAL_THREADS = 24;

    private Threads() {}

    /** Returns a factory of threads that inherit nothing from the creating thread: no context class loader, no thread-locals. */
    static ThreadFactory named(String name) {
        ThreadFactory factory = Runtime.version().feature() >= FIRST_WITH_GOOD_VIRTUAL_THREADS
                ? virtual(name)
                : task -> daemon(task, name);
        return task -> {
            Thread thread = factory.newThread(task);
            thread.setContextClassLoader(null);
            return thread;
        };
    }

    /** Returns the same with platform threads, for work in native code such as SQLite, where a virtual thread pins its carrier. */
    static ThreadFactory platform(String name) {
        return task -> {
            Thread thread = daemon(task, name);
            thread.setContextClassLoader(null);
            return thread;
        };
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(null, task, name, 0, false);
        thread.setDaemon(true);
        return thread;
    }

    /** Calls {@code Thread.ofVirtual().name(name).inheritInheritableThreadLocals(false).factory()}, which Java 17 does not have. */
    private static ThreadFactory virtual(String name) {
        try {
            Class<?> builders = Class.forName("java.lang.Thread$Builder");
            Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
            builders.getMethod("name", String.class).invoke(builder, name);
            builders.getMethod("inheritInheritableThreadLocals", boolean.class).invoke(builder, false);
            return (ThreadFactory) builders.getMethod("factory").invoke(builder);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(
                    "This JDK has no virtual threads, although its version should have them", e);
        }
    }
}
