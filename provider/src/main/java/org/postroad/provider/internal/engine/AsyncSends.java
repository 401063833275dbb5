// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Runs the asynchronous sends of this process on threads of its own, which end when they are idle.
 *
 * <p>A send waits for its deliveries. Therefore it must not occupy a thread of the executor that runs them, be it that of an engine or
 * {@code mail.mx.executor}: if sends had all its threads, no delivery could begin. Thread-safe.
 */
public final class AsyncSends implements AutoCloseable {

    /** Maximum number of sends that run concurrently. */
    static final int MAX_RUNNING = 200;

    /** Maximum number of sends that wait for a thread. */
    static final int MAX_WAITING = 10_000;

    private static final long THREAD_IDLE_SECONDS = 1;

    private final int mostRunning;
    private final int mostWaiting;
    private final ReentrantLock lock = new ReentrantLock();

    /** Null if none is running. */
    @GuardedBy("lock")
    private @Nullable ThreadPoolExecutor threads;

    /** Creates it with the usual limits. */
    public AsyncSends() {
        this(MAX_RUNNING, MAX_WAITING);
    }

    AsyncSends(int mostRunning, int mostWaiting) {
        this.mostRunning = mostRunning;
        this.mostWaiting = mostWaiting;
    }

    /**
     * Runs a send on another thread, with the context class loader of the calling thread. Cancelling the returned future prevents a send
     * that has not begun; with {@code true} it also interrupts a running one.
     *
     * @param ifNeverBegun returns the exception for a send that cannot begin, with the given text
     * @return completed with what the send returns or throws, on the thread of the send
     */
    public <T> CompletableFuture<T> submit(Callable<T> send, Function<String, ? extends Exception> ifNeverBegun) {
        AsyncSend<T> submitted = new AsyncSend<>(send, ifNeverBegun);
        lock.lock();
        try {
            threads().execute(submitted);
        } catch (RejectedExecutionException full) {
            submitted.neverBegins(
                    mostRunning + " asynchronous sends are running and " + mostWaiting + " more are waiting");
        } finally {
            lock.unlock();
        }
        return submitted;
    }

    @GuardedBy("lock")
    private ThreadPoolExecutor threads() {
        ThreadPoolExecutor running = threads;
        if (running == null) {
            // Platform threads, because mxqueue may wait in the native code of SQLite.
            running = new ThreadPoolExecutor(
                    mostRunning,
                    mostRunning,
                    THREAD_IDLE_SECONDS,
                    TimeUnit.SECONDS,
                    new LinkedBlockingQueue<>(mostWaiting),
                    Threads.numberedPlatform("postroad-send"));
            running.allowCoreThreadTimeOut(true);
            threads = running;
        }
        return running;
    }

    /** Interrupts the running sends. Those that have not begun never begin. A later send starts fresh threads. Idempotent. */
    @Override
    public void close() {
        List<Runnable> waiting = List.of();
        lock.lock();
        try {
            if (threads != null) {
                waiting = threads.shutdownNow();
                threads = null;
            }
        } finally {
            lock.unlock();
        }
        waiting.forEach(send -> ((AsyncSend<?>) send).neverBegins("Postroad.close() was called"));
    }

    /** A send as a task and as the future of its result. */
    private static final class AsyncSend<T> extends CompletableFuture<T> implements Runnable {

        private final Function<String, ? extends Exception> ifNeverBegun;
        /** Never interrupts a thread that has gone on to another send. */
        private final FutureTask<?> task;

        AsyncSend(Callable<T> send, Function<String, ? extends Exception> ifNeverBegun) {
            this.ifNeverBegun = ifNeverBegun;
            this.task = new FutureTask<>(Threads.withCallersLoader(() -> run(send)), null);
        }

        @Override
        public void run() {
            task.run();
        }

        private void run(Callable<T> send) {
            try {
                complete(send.call());
            } catch (Throwable e) { // an error, too: the future is the only place where it can be reported
                completeExceptionally(e);
            }
        }

        void neverBegins(String why) {
            completeExceptionally(ifNeverBegun.apply("The send did not begin: " + why + ". Nothing was sent"));
        }

        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            boolean cancelled = super.cancel(mayInterruptIfRunning);
            if (cancelled) {
                task.cancel(mayInterruptIfRunning);
            }
            return cancelled;
        }
    }
}
