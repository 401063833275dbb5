// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.connect;

import java.io.IOException;
import java.net.Socket;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;

/**
 * One dial, for a thread of its own. Whoever waits for it is told when it ends; a connection that comes about after it was abandoned is
 * closed on the spot, before an octet is written on it (ORDER-06). Thread-safe.
 */
final class DialTask extends FutureTask<Socket> {

    private final DialRace.Start start;
    private final Consumer<DialTask> whenEnded;
    private volatile Optional<Socket> connected = Optional.empty();

    /**
     * @param connect throws an IOException where no connection comes about
     * @param whenEnded is told of every end, by whatever thread brings it about
     */
    DialTask(DialRace.Start start, Callable<Socket> connect, Consumer<DialTask> whenEnded) {
        super(connect);
        this.start = start;
        this.whenEnded = whenEnded;
    }

    DialRace.Start start() {
        return start;
    }

    @Override
    protected void set(Socket socket) {
        connected = Optional.of(socket);
        super.set(socket);
        if (isCancelled()) { // nobody will ever ask for it
            close(socket);
        }
    }

    @Override
    protected void done() {
        whenEnded.accept(this);
    }

    /**
     * The connection, once the dial has ended by itself.
     *
     * @throws IOException if there is none
     */
    Socket socket() throws IOException, InterruptedException {
        try {
            return get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failure) {
                throw failure;
            }
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw new IllegalStateException("A dial has no other exceptional end", e);
        }
    }

    /** Nobody wants the connection, whether it stands, is on its way, or never comes; the dialling thread is interrupted. */
    void abandon() {
        if (!cancel(true)) {
            connected.ifPresent(DialTask::close);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            System.getLogger(DialTask.class.getName())
                    .log(System.Logger.Level.DEBUG, "Closing a connection that nobody wants failed", e);
        }
    }
}
