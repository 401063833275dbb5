// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.wire;

import java.io.IOException;
import java.net.Socket;

/** Closes sockets without further messages to the peer. */
final class Sockets {

    private Sockets() {}

    /** Closes the socket. A failure only means that it is closed already. */
    static void drop(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            System.getLogger(Sockets.class.getName()).log(System.Logger.Level.DEBUG, "A socket did not close", e);
        }
    }
}
