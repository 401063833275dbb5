// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue.store;

import java.sql.SQLException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;

/** Runs work on a separate thread, where no transaction of the caller is active. */
public final class OwnThread {

    private OwnThread() {}

    /** The work to run. */
    @FunctionalInterface
    public interface ThreadWork<T> {
        T call() throws SQLException, InterruptedException;
    }

    /**
     * Runs the work and waits until it ends.
     *
     * @throws SQLException if the work throws it
     * @throws InterruptedException if the calling thread was interrupted; the work was then interrupted, too, and has ended
     */
    public static <T> T call(ThreadFactory threads, ThreadWork<T> work) throws SQLException, InterruptedException {
        FutureTask<T> task = new FutureTask<>(work::call);
        Thread thread = threads.newThread(task);
        thread.start();
        try {
            return task.get();
        } catch (InterruptedException e) {
            task.cancel(true);
            Uninterruptibly.get(() -> {
                thread.join();
                return true;
            });
            throw e;
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof SQLException failure) {
                throw failure;
            }
            if (cause instanceof RuntimeException runtime) {
                throw runtime;
            }
            if (cause instanceof Error error) {
                throw error;
            }
            throw new IllegalStateException(cause);
        }
    }
}
