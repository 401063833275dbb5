// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import java.util.concurrent.ThreadFactory;
import javax.sql.DataSource;
import org.postroad.api.Printable;

/** Opens the store of a queue. */
public final class Databases {

    private static final String SCHEDULER = "com.github.kagkarlsson.scheduler.Scheduler";

    /** The version of db-scheduler that this was built with. */
    static final String BUILT_WITH = "16.7.1";

    private Databases() {}

    /**
     * A file of SQLite, made where it is missing, for this process alone.
     *
     * @throws QueueException if it cannot be opened, or a library is missing; the message says what to do
     */
    public static Database inFile(String url) {
        checkScheduler();
        return new SqliteDatabase(url);
    }

    /**
     * A database of the application's, which stays its own.
     *
     * @param container whose transactions its connections may be part of
     * @param threads for what is not to be part of a transaction of the caller's
     * @throws QueueException if it gives no connection, or a library is missing; the message says what to do
     */
    public static Database of(DataSource dataSource, ContainerTransaction.Source container, ThreadFactory threads)
            throws InterruptedException {
        checkScheduler();
        return new PooledDatabase(dataSource, container, threads);
    }

    /** The same text for the same file, whatever links lead to it. */
    public static String normalized(String url) {
        return SqliteDatabase.PREFIX + SqliteDatabase.realFile(url);
    }

    private static void checkScheduler() {
        try {
            Class.forName(SCHEDULER, false, Databases.class.getClassLoader());
        } catch (ClassNotFoundException | LinkageError e) {
            throw new QueueException("The queue needs db-scheduler: add com.github.kagkarlsson:db-scheduler", e);
        }
        try {
            SchedulerLibrary.check();
        } catch (ReflectiveOperationException | LinkageError e) {
            throw new QueueException(
                    "The queue cannot work with this version of db-scheduler: use com.github.kagkarlsson:db-scheduler "
                            + BUILT_WITH + " or later: " + Printable.clean(e.toString()),
                    e);
        }
    }
}
