// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue.store;

import java.util.concurrent.ThreadFactory;
import javax.sql.DataSource;
import org.postroad.api.Printable;

/** Opens the database of a queue. */
public final class Databases {

    private static final String SCHEDULER = "com.github.kagkarlsson.scheduler.Scheduler";

    /** Version of db-scheduler that this was built with. */
    static final String BUILT_WITH = "16.7.1";

    private Databases() {}

    /**
     * Opens an SQLite file for this process alone. Creates it if it is missing.
     *
     * @throws QueueException if it cannot be opened, or a library is missing; the message includes the remedy
     */
    public static Database inFile(String url) {
        checkScheduler();
        return new SqliteDatabase(url);
    }

    /**
     * Opens a database of the application, which continues to own the DataSource.
     *
     * @param container finds the transactions that its connections may be part of
     * @param threads for work that must not be part of a transaction of the caller's
     * @throws QueueException if it gives no connection, or a library is missing; the message includes the remedy
     */
    public static Database of(
            DataSource dataSource, ContainerTransaction.TransactionSource container, ThreadFactory threads)
            throws InterruptedException {
        checkScheduler();
        return new PooledDatabase(dataSource, container, threads);
    }

    /**
     * Opens an SQLite file beside the process that delivers the queue in it. Takes no lock of the queue, and creates no file.
     *
     * @throws QueueException if there is no such file, it cannot be read, or a queue is open in it in this JVM; the message includes the
     *     remedy
     */
    public static Database attachedFile(String url) {
        return AttachedFile.open(url);
    }

    /**
     * Opens a database of the application for a process that does not deliver the queue.
     *
     * @param container finds the transactions that its connections may be part of
     * @param threads for work that must not be part of a transaction of the caller's
     * @throws QueueException if it gives no connection; the message includes the remedy
     */
    public static Database attached(
            DataSource dataSource, ContainerTransaction.TransactionSource container, ThreadFactory threads)
            throws InterruptedException {
        return new PooledDatabase(dataSource, container, threads);
    }

    /** Returns the URL without links in its path, so that it is equal for the same file. */
    public static String normalized(String url) {
        return SqliteDatabase.PREFIX + SqliteDatabase.realFile(url);
    }

    /** @throws QueueException if the library that every queue needs is missing or too old; the message includes the remedy */
    public static void checkScheduler() {
        try {
            Class.forName(SCHEDULER, false, Databases.class.getClassLoader());
        } catch (ClassNotFoundException | LinkageError e) {
            throw new QueueException("The queue needs db-scheduler: add com.github.kagkarlsson:db-scheduler", e);
        }
        try {
            SchedulerLibrary.check();
        } catch (ReflectiveOperationException | LinkageError e) {
            throw new QueueException(
                    "This version of db-scheduler is not supported: use com.github.kagkarlsson:db-scheduler "
                            + BUILT_WITH + " or later: " + Printable.clean(e.toString()),
                    e);
        }
    }
}
