// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.wire;

import java.io.IOException;
import java.net.Socket;

/** Closing where nothing is left to be said. */
final class Sockets {

    private Sockets() {}

    /** Closes; that it fails can only mean that it is closed. */
    static void drop(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            System.getLogger(Sockets.class.getName()).log(System.Logger.Level.DEBUG, "A socket did not close", e);
        }
    }
}
