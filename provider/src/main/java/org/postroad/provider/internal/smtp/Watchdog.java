// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.postroad.api.Deadline;

/**
 * Ends waits for a peer that last too long, by closing the socket under them: a blocking write has no time-out of its own, and that of
 * a blocking read begins anew with each octet.
 *
 * <p>Thread-safe. One daemon thread while something is watched, none when idle. Closing it ends every wait at once; closing one
 * {@link #ofOneSend}, the waits of that send.
 */
public final class Watchdog implements AutoCloseable {

    private final Patrol patrol;
    private final boolean ofOneSend;
    private volatile boolean closed;

    public Watchdog() {
        this(new Patrol(), false);
    }

    private Watchdog(Patrol patrol, boolean ofOneSend) {
        this.patrol = patrol;
        this.ofOneSend = ofOneSend;
    }

    /** One for the waits of one send, with the thread of this one. It needs closing only to end them. */
    public Watchdog ofOneSend() {
        return new Watchdog(patrol, true);
    }

    /** Does something after a while, on the thread of the watchdog: quick, and without waiting for anybody. Never, once this is closed. */
    public void after(Duration delay, Runnable work) {
        patrol.add(new Patrol.Due(delay) {
            @Override
            public void run() {
                work.run();
            }
        });
    }

    /**
     * Waits; the socket is closed if it lasts beyond the limit.
     *
     * @param socket the connection itself, not TLS on top of it
     * @param complaint what the peer did not do, as in "the server did not reply"
     * @throws IOException what the wait throws, or that it lasted too long, or that this is closed
     */
    public void guard(Socket socket, Deadline limit, String complaint, Wait wait) throws IOException {
        Duration remaining = limit.remaining();
        if (remaining.isZero()) {
            throw new SocketTimeoutException(complaint + " in time");
        }
        Guarded guarded = new Guarded(this, socket, remaining);
        if (!patrol.add(guarded)) {
            throw new IOException(whyClosed());
        }
        try {
            if (closed) { // it may have been added too late to be ended by close
                throw new IOException(whyClosed());
            }
            wait.run();
        } catch (IOException e) {
            throw guarded.expired ? late(complaint, e) : e;
        } finally {
            patrol.remove(guarded);
        }
    }

    private String whyClosed() {
        return patrol.isClosed() ? "the engine is closed" : "the send was cancelled";
    }

    private IOException late(String complaint, IOException cause) {
        boolean ended = closed || patrol.isClosed();
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
            patrol.close();
        }
        for (Patrol.Due due : patrol.all()) {
            if (due instanceof Guarded wait && (!ofOneSend || wait.owner == this)) {
                wait.run();
            }
        }
    }

    /** A blocking read or write. */
    @FunctionalInterface
    public interface Wait {
        /** Ends when it is done, or when the socket is closed under it. */
        void run() throws IOException;
    }

    private static final class Guarded extends Patrol.Due {

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
