// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.wire;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.TimeUnit;

/** Servers of others, in processes of their own. They want to be told a port of 127.0.0.1. */
public final class Programs {

    private static final int TRIES = 200;
    private static final long BETWEEN_TRIES_MILLIS = 50;

    private Programs() {}

    /** A port where nobody listens. Another program could take it meanwhile; then what it was for fails, and is run again. */
    public static int freePort() throws IOException {
        try (ServerSocket probe = Loopback.listen()) {
            return probe.getLocalPort();
        }
    }

    /**
     * Waits until the program takes connections.
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
