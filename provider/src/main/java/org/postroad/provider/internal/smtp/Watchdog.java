// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.postroad.api.Deadline;

/**
 * Ends waits for a peer that last too long, by closing the socket under them: a blocking write has no time-out of its own, and that of
 * a blocking read begins anew with each octet.
 *
 * <p>Thread-safe. One daemon thread while something is watched, none when idle. Closing it ends every wait at once; closing one
 * {@link #ofOneSend}, the waits of that send.
 */
public final class Watchdog implements AutoCloseable {

    private static final long IDLE_SECONDS = 1;

    private final ScheduledThreadPoolExecutor timer;
    private final Set<Guarded> waits;
    private final boolean ofOneSend;
    private volatile boolean closed;

    public Watchdog() {
        this(timer(), ConcurrentHashMap.newKeySet(), false);
    }

    private Watchdog(ScheduledThreadPoolExecutor timer, Set<Guarded> waits, boolean ofOneSend) {
        this.timer = timer;
        this.waits = waits;
        this.ofOneSend = ofOneSend;
    }

    /** One for the waits of one send, with the thread of this one. It needs closing only to end them. */
    public Watchdog ofOneSend() {
        return new Watchdog(timer, waits, true);
    }

    /** Does something after a while, on the thread of the watchdog: quick, and without waiting for anybody. Never, once this is closed. */
    public void after(Duration delay, Runnable work) {
        try {
            timer.schedule(work, delay.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            // Closed: whoever closed it ends everything anyway.
        }
    }

    private static ScheduledThreadPoolExecutor timer() {
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(null, task, "postroad-watchdog", 0, false);
            thread.setDaemon(true);
            thread.setContextClassLoader(null);
            return thread;
        });
        timer.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
        timer.allowCoreThreadTimeOut(true);
        timer.setRemoveOnCancelPolicy(true);
        return timer;
    }

    /**
     * Waits; the socket is closed if it lasts beyond the limit.
     *
     * @param socket the connection itself, not TLS on top of it
     * @param complaint what the peer did not do, as in "the server did not reply"
     * @throws IOException what the wait throws, or that it lasted too long, or that this is closed
     */
    public void guard(Socket socket, Deadline limit, String complaint, Wait wait) throws IOException {
        if (limit.hasPassed()) {
            throw new SocketTimeoutException(complaint + " in time");
        }
        Guarded guarded = new Guarded(this, socket);
        waits.add(guarded);
        Future<?> expiry = schedule(guarded, limit);
        try {
            wait.run();
        } catch (IOException e) {
            throw guarded.expired ? late(complaint, e) : e;
        } finally {
            expiry.cancel(false);
            waits.remove(guarded);
        }
    }

    private Future<?> schedule(Guarded guarded, Deadline limit) throws IOException {
        try {
            if (!closed) { // else it may have been added too late to be ended by close
                return timer.schedule(guarded, limit.remaining().toNanos(), TimeUnit.NANOSECONDS);
            }
        } catch (RejectedExecutionException e) {
            // The watchdog of all sends is closed, too.
        }
        waits.remove(guarded);
        throw new IOException(whyClosed());
    }

    private String whyClosed() {
        return timer.isShutdown() ? "the engine is closed" : "the send was cancelled";
    }

    private IOException late(String complaint, IOException cause) {
        boolean ended = closed || timer.isShutdown();
        IOException late = new SocketTimeoutException(ended ? whyClosed() : complaint + " in time");
        late.initCause(cause);
        return late;
    }

    /** Closes the connection itself; idempotent. */
    public static void drop(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            System.getLogger(Watchdog.class.getName()).log(System.Logger.Level.DEBUG, "Closing a connection failed", e);
        }
    }

    @Override
    public void close() {
        closed = true;
        if (!ofOneSend) {
            timer.shutdownNow();
        }
        waits.stream().filter(wait -> !ofOneSend || wait.owner == this).forEach(Guarded::run);
    }

    /** A blocking read or write. */
    @FunctionalInterface
    public interface Wait {
        /** Ends when it is done, or when the socket is closed under it. */
        void run() throws IOException;
    }

    private static final class Guarded implements Runnable {

        private final Watchdog owner;
        private final Socket socket;
        private volatile boolean expired;

        Guarded(Watchdog owner, Socket socket) {
            this.owner = owner;
            this.socket = socket;
        }

        @Override
        public void run() {
            expired = true;
            drop(socket);
        }
    }
}
