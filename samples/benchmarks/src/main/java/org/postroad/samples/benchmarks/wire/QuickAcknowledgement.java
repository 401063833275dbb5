// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.wire;

import java.io.IOException;
import java.net.Socket;
import jdk.net.ExtendedSocketOptions;

/**
 * Acknowledges received data immediately. With Nagle's algorithm, which Angus and Postfix leave on, the last short segment is
 * not sent before the previous one is acknowledged, and the operating system would delay that acknowledgement by 40 ms. This
 * interaction is not what the benchmark measures.
 */
public final class QuickAcknowledgement {

    private QuickAcknowledgement() {}

    /**
     * Must be called after every read, because the operating system resets the option. Does nothing if the option is not
     * supported.
     */
    public static void renew(Socket socket) throws IOException {
        if (socket.supportedOptions().contains(ExtendedSocketOptions.TCP_QUICKACK)) {
            socket.setOption(ExtendedSocketOptions.TCP_QUICKACK, true);
        }
    }
}
