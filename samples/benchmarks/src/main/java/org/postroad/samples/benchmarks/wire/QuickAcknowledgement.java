// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.wire;

import java.io.IOException;
import java.net.Socket;
import jdk.net.ExtendedSocketOptions;

/**
 * Acknowledges what was read at once. Who leaves Nagle's algorithm on, as Angus and Postfix do, waits with the last short segment
 * of what it says for the acknowledgement of the one before, and the operating system would delay that by 40 ms: a stall between
 * two habits, which is not what the benchmark is about.
 */
public final class QuickAcknowledgement {

    private QuickAcknowledgement() {}

    /** To be called after every read: the operating system falls back into its habit. Does nothing where it has no such option. */
    public static void renew(Socket socket) throws IOException {
        if (socket.supportedOptions().contains(ExtendedSocketOptions.TCP_QUICKACK)) {
            socket.setOption(ExtendedSocketOptions.TCP_QUICKACK, true);
        }
    }
}
