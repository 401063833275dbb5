// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.wire;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.TimeUnit;

/** Helps to run other servers in processes of their own, on a given port of 127.0.0.1. */
public final class Programs {

    private static final int TRIES = 200;
    private static final long BETWEEN_TRIES_MILLIS = 50;

    private Programs() {}

    /** Returns an unused port. If another program takes it in the meantime, the benchmark fails and must be repeated. */
    public static int freePort() throws IOException {
        try (ServerSocket probe = Loopback.listen()) {
            return probe.getLocalPort();
        }
    }

    /**
     * Waits until the program accepts connections.
     *
     * @throws IOException if it does not
     */
    public static void await(Process program, int port) throws IOException, InterruptedException {
        for (int i = 0; i < TRIES && program.isAlive(); i++) {
            try (Socket socket = new Socket()) {
                socket.connect(Loopback.at(port));
                return;
            } catch (IOException notYet) {
                program.waitFor(BETWEEN_TRIES_MILLIS, TimeUnit.MILLISECONDS);
            }
        }
        throw new IOException(program.info().command().orElse("The program") + " does not listen on port " + port);
    }
}
