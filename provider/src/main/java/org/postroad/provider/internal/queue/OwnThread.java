// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import java.sql.SQLException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;

/** Does something on a thread of our own: no transaction of the caller's is there, as it may be on the caller's thread. */
final class OwnThread {

    private OwnThread() {}

    /** What is done there. */
    @FunctionalInterface
    interface Work<T> {
        T call() throws SQLException, InterruptedException;
    }

    /**
     * Waits for it.
     *
     * @throws SQLException if the work does
     * @throws InterruptedException if the calling thread was interrupted; the work was interrupted then, and is over
     */
    static <T> T call(ThreadFactory threads, Work<T> work) throws SQLException, InterruptedException {
        FutureTask<T> task = new FutureTask<>(work::call);
        Thread thread = threads.newThread(task);
        thread.start();
        try {
            return task.get();
        } catch (InterruptedException e) {
            task.cancel(true);
            Undisturbed.get(() -> {
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
