// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Closes sockets whose peer does not take what we write. A blocking write has no time-out of its own; a closed socket ends it.
 *
 * <p>Thread-safe. One daemon thread while something is watched, none when idle.
 */
public final class Watchdog implements AutoCloseable {

    private static final long IDLE_SECONDS = 1;

    private final ScheduledThreadPoolExecutor timer;

    public Watchdog() {
        timer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(null, task, "postroad-watchdog", 0, false);
            thread.setDaemon(true);
            thread.setContextClassLoader(null);
            return thread;
        });
        timer.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
        timer.allowCoreThreadTimeOut(true);
        timer.setRemoveOnCancelPolicy(true);
    }

    /** Runs the write; the socket is closed if it lasts longer. */
    void guard(Socket socket, Duration limit, Write write) throws IOException {
        AtomicBoolean late = new AtomicBoolean();
        ScheduledFuture<?> closing = timer.schedule(
                () -> {
                    late.set(true);
                    SmtpSession.closeQuietly(socket);
                },
                limit.toMillis(),
                TimeUnit.MILLISECONDS);
        try {
            write.run();
        } catch (IOException e) {
            throw late.get() ? new IOException("the server did not take our data within " + limit, e) : e;
        } finally {
            closing.cancel(false);
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }

    /** A blocking write. */
    @FunctionalInterface
    interface Write {
        void run() throws IOException;
    }
}
