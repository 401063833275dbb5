// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketOption;
import java.util.Optional;

/**
 * TCP's acknowledgements of what a server says. A server that answers a flight in several writes, with Nagle's algorithm on, as
 * Postfix does, keeps the second until the first is acknowledged; and a system that is asked for nothing delays that, by 40 ms on
 * Linux.
 */
final class Acknowledgements {

    private static final String NAME = "TCP_QUICKACK";

    private Acknowledgements() {}

    /** Acknowledges now what has come so far. The system may fall back into its habit soon. Does nothing where it has no such option. */
    static void atOnce(Socket socket) throws IOException {
        Optional<SocketOption<Boolean>> option = option(socket);
        if (option.isPresent()) {
            socket.setOption(option.get(), true);
        }
    }

    /** It belongs to the JDK's module jdk.net, which need not be there. */
    @SuppressWarnings("unchecked") // the option is defined so
    private static Optional<SocketOption<Boolean>> option(Socket socket) {
        return socket.supportedOptions().stream()
                .filter(option -> option.name().equals(NAME) && option.type() == Boolean.class)
                .map(option -> (SocketOption<Boolean>) option)
                .findFirst();
    }
}
