// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.engine;

import java.util.concurrent.ThreadFactory;

/**
 * The threads of deliveries: virtual where the JDK has good ones, else daemons. From JDK 24 on a virtual thread that waits within
 * {@code synchronized}, as TLS sockets have it, no longer holds its carrier (JEP 491).
 */
final class Threads {

    private static final int FIRST_WITH_GOOD_VIRTUAL_THREADS = 24;

    private Threads() {}

    /** Of this name, with nothing of the thread that asks for one: no context class loader, no thread-locals. */
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

    /** The same, never virtual: for those who spend their time in native code, as SQLite is, where a virtual thread holds its carrier. */
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

    /** {@code Thread.ofVirtual().name(name).inheritInheritableThreadLocals(false).factory()}, which Java 17 cannot name. */
    private static ThreadFactory virtual(String name) {
        try {
            Class<?> builders = Class.forName("java.lang.Thread$Builder");
            Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
            builders.getMethod("name", String.class).invoke(builder, name);
            builders.getMethod("inheritInheritableThreadLocals", boolean.class).invoke(builder, false);
            return (ThreadFactory) builders.getMethod("factory").invoke(builder);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("This JDK has no virtual threads, against its version", e);
        }
    }
}
