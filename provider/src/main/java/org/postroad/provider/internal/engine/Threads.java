// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.engine;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.postroad.api.Deadline;

/**
 * Factories of threads for deliveries: virtual threads from JDK 24 on, else daemon threads. Since JDK 24 a virtual thread that waits
 * within {@code synchronized}, as TLS sockets do, no longer pins its carrier (JEP 491).
 *
 * <p>The threads inherit no thread-locals. Their context class loader is the one of Postroad, so that an idle thread holds no class loader
 * of an application. Plug-ins, DataSources and JNDI objects of servers need the context class loader of the application; tasks that call
 * them therefore run with the loader of the thread that submitted them ({@link #withCallersLoader}).
 */
public final class Threads {

    /**
     * How long an application that stops waits for threads. Idle ones end within a second. Longer take only foreign code that ignores
     * interrupts, and, if Postroad is in a server, deliveries of other applications.
     */
    private static final Duration END_LIMIT = Duration.ofSeconds(5);

    /** The names of all platform threads, also of those that other packages start. */
    private static final Pattern NAMES = Pattern.compile("postroad-(delivery|send|queue|watchdog)\\b.*");

    private static final int FIRST_WITH_GOOD_VIRTUAL_THREADS = 24;

    private Threads() {}

    /** Returns a factory of numbered threads with the context class loader of Postroad. */
    static ThreadFactory numbered(String name) {
        return numbered(
                name,
                Runtime.version().feature() >= FIRST_WITH_GOOD_VIRTUAL_THREADS
                        ? virtual(name)
                        : task -> daemon(task, name));
    }

    /** Returns the same with platform threads, for work in native code such as SQLite, where a virtual thread pins its carrier. */
    static ThreadFactory numberedPlatform(String name) {
        return numbered(name, task -> daemon(task, name));
    }

    private static ThreadFactory numbered(String name, ThreadFactory factory) {
        AtomicLong number = new AtomicLong();
        return task -> {
            Thread thread = with(ownLoader(), factory).newThread(task);
            thread.setName(name + "-" + number.incrementAndGet());
            return thread;
        };
    }

    /**
     * Returns a factory of platform threads for a queue.
     *
     * @param loader the context class loader of the threads
     */
    static ThreadFactory platform(String name, ClassLoader loader) {
        return with(loader, task -> daemon(task, name));
    }

    private static ThreadFactory with(ClassLoader loader, ThreadFactory factory) {
        return task -> {
            Thread thread = factory.newThread(task);
            thread.setContextClassLoader(loader);
            return thread;
        };
    }

    /** Returns the context class loader of the calling thread, or Postroad's own if it has none. */
    static ClassLoader callersLoader() {
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        return context != null ? context : ownLoader();
    }

    /**
     * Returns the class loader of the application that calls: the context class loader if it finds these classes, otherwise Postroad's own.
     * A thread that belongs to no application has a context class loader that does not find them, if they are in the application.
     */
    static ClassLoader applicationLoader() {
        ClassLoader context = callersLoader();
        try {
            return context.loadClass(Threads.class.getName()) == Threads.class ? context : ownLoader();
        } catch (ClassNotFoundException | LinkageError notThere) {
            return ownLoader();
        }
    }

    private static ClassLoader ownLoader() {
        return Threads.class.getClassLoader();
    }

    /**
     * Waits until the platform threads that belong to the calling application or to no application have ended, after everything was closed
     * that they work for: a server looks for threads of an application as soon as it has stopped. Gives up after a few seconds, or if the
     * calling thread is interrupted.
     */
    public static void awaitEnd() {
        ClassLoader application = applicationLoader();
        List<Thread> ending = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> NAMES.matcher(thread.getName()).matches() && thread != Thread.currentThread())
                .filter(thread ->
                        thread.getContextClassLoader() == application || thread.getContextClassLoader() == ownLoader())
                .toList();
        Deadline limit = Deadline.after(END_LIMIT);
        try {
            for (Thread thread : ending) {
                TimeUnit.NANOSECONDS.timedJoin(thread, limit.remaining().toNanos());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns the task, to be run with the context class loader of the calling thread. */
    static Runnable withCallersLoader(Runnable task) {
        ClassLoader loader = callersLoader();
        return () -> run(task, loader);
    }

    /** Runs the task with this context class loader. */
    static void run(Runnable task, ClassLoader loader) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            task.run();
        } finally {
            thread.setContextClassLoader(before);
        }
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
