// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketOption;
import java.util.Optional;

/**
 * Prompt TCP acknowledgements of a server's replies. A server that answers a command group in several writes with Nagle's algorithm on, as
 * Postfix does, holds back the second write until the first is acknowledged; and without this option the operating system delays the
 * acknowledgement, by 40 ms on Linux.
 */
final class QuickAck {

    private static final String NAME = "TCP_QUICKACK";

    private QuickAck() {}

    /**
     * Acknowledges immediately what has been received so far. The system may soon go back to delayed acknowledgements. Does nothing if the
     * system does not have the option.
     */
    static void atOnce(Socket socket) throws IOException {
        Optional<SocketOption<Boolean>> option = option(socket);
        if (option.isPresent()) {
            socket.setOption(option.get(), true);
        }
    }

    /** Finds the option by name: it belongs to the JDK module jdk.net, which may be missing. */
    @SuppressWarnings("unchecked") // TCP_QUICKACK is defined as a Boolean option
    private static Optional<SocketOption<Boolean>> option(Socket socket) {
        return socket.supportedOptions().stream()
                .filter(option -> option.name().equals(NAME) && option.type() == Boolean.class)
                .map(option -> (SocketOption<Boolean>) option)
                .findFirst();
    }
}
