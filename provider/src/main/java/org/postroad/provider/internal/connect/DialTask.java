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
 * One dial, to be run on a thread of its own. Calls back when it ends. A connection established after the dial was abandoned is closed
 * immediately, before anything is written to it (ORDER-06). Thread-safe.
 */
final class DialTask extends FutureTask<Socket> {

    private final HappyEyeballs.StartDial start;
    private final Consumer<DialTask> onEnd;
    private volatile Optional<Socket> connected = Optional.empty();

    /**
     * @param connect throws an IOException if no connection can be established
     * @param onEnd called once when the dial ends, on the thread that completes or cancels it
     */
    DialTask(HappyEyeballs.StartDial start, Callable<Socket> connect, Consumer<DialTask> onEnd) {
        super(connect);
        this.start = start;
        this.onEnd = onEnd;
    }

    HappyEyeballs.StartDial start() {
        return start;
    }

    @Override
    protected void set(Socket socket) {
        connected = Optional.of(socket);
        super.set(socket);
        if (isCancelled()) { // cancelled: no caller will fetch it
            close(socket);
        }
    }

    @Override
    protected void done() {
        onEnd.accept(this);
    }

    /**
     * Returns the connection after the dial has completed by itself.
     *
     * @throws IOException if the dial failed
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

    /** Discards the connection: closes it if it is established, and otherwise interrupts the dialling thread. */
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
                    .log(System.Logger.Level.DEBUG, "Closing an unneeded connection failed", e);
        }
    }
}
