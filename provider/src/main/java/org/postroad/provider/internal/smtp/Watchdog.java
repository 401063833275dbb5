// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.postroad.api.Deadline;

/**
 * Limits waits for a peer by closing the socket: a blocking write has no time-out of its own, and the time-out of a blocking read starts
 * again with each octet.
 *
 * <p>Thread-safe. There is one daemon thread while something is watched, and none when idle. Closing the watchdog stops all waits
 * immediately; closing one created by {@link #forSend} stops the waits of that send.
 */
public final class Watchdog implements AutoCloseable {

    private final DeadlineMonitor monitor;
    private final boolean forSend;
    private volatile boolean closed;

    public Watchdog() {
        this(new DeadlineMonitor(), false);
    }

    private Watchdog(DeadlineMonitor monitor, boolean ofOneSend) {
        this.monitor = monitor;
        this.forSend = ofOneSend;
    }

    /** Returns a watchdog for the waits of one send, which shares this one's thread. It needs closing only to stop those waits. */
    public Watchdog forSend() {
        return new Watchdog(monitor, true);
    }

    /**
     * Runs an action after a delay, on the thread of the watchdog. It must be quick and must not block. It is not run after the watchdog
     * was closed.
     *
     * @return prevents the action, unless it has begun
     */
    public Runnable after(Duration delay, Runnable work) {
        DeadlineMonitor.Timeout timeout = new DeadlineMonitor.Timeout(delay) {
            @Override
            public void run() {
                work.run();
            }
        };
        monitor.add(timeout);
        return () -> monitor.remove(timeout);
    }

    /**
     * Runs a blocking operation and closes its socket when the limit passes.
     *
     * @param socket the underlying TCP connection, not TLS on top of it
     * @param complaint what the peer failed to do, as in "the server did not reply"
     * @throws IOException if the operation throws it, took too long, or this watchdog is closed
     */
    public void guard(Socket socket, Deadline limit, String complaint, BlockingOperation operation) throws IOException {
        Duration remaining = limit.remaining();
        if (remaining.isZero()) {
            throw new SocketTimeoutException(complaint + " in time");
        }
        Guarded guarded = new Guarded(this, socket, remaining);
        if (!monitor.add(guarded)) {
            throw new IOException(whyClosed());
        }
        try {
            if (closed) { // close may have missed the new entry
                throw new IOException(whyClosed());
            }
            operation.run();
        } catch (IOException e) {
            throw guarded.expired ? late(complaint, e) : e;
        } finally {
            monitor.remove(guarded);
        }
    }

    private String whyClosed() {
        return monitor.isClosed() ? "the engine is closed" : "the send was cancelled";
    }

    private IOException late(String complaint, IOException cause) {
        boolean ended = closed || monitor.isClosed();
        IOException late = new SocketTimeoutException(ended ? whyClosed() : complaint + " in time");
        late.initCause(cause);
        return late;
    }

    /** Closes the TCP connection. Idempotent. */
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
        if (!forSend) {
            monitor.close();
        }
        for (DeadlineMonitor.Timeout timeout : monitor.all()) {
            if (timeout instanceof Guarded guarded && (!forSend || guarded.owner == this)) {
                guarded.run();
            }
        }
    }

    /** A blocking read or write. */
    @FunctionalInterface
    public interface BlockingOperation {
        /** Returns when the operation is complete; fails when the socket is closed. */
        void run() throws IOException;
    }

    private static final class Guarded extends DeadlineMonitor.Timeout {

        private final Watchdog owner;
        private final Socket socket;
        private volatile boolean expired;

        Guarded(Watchdog owner, Socket socket, Duration remaining) {
            super(remaining);
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
