// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import java.net.Socket;
import org.postroad.api.TlsSummary;

/**
 * A connection, without TLS or after its TLS handshake.
 *
 * @param raw the underlying TCP connection; closing it stops all reading and writing immediately
 * @param socket the socket to read and write: {@code raw}, or TLS on top of it
 * @param tls how the connection is protected; credentials are sent only over {@link TlsSummary.Level#VERIFIED} (RELAY-04)
 */
public record SecuredSocket(Socket raw, Socket socket, TlsSummary tls) {

    /** Returns a connection without TLS. */
    public static SecuredSocket plain(Socket socket) {
        return new SecuredSocket(socket, socket, TlsSummary.NONE);
    }
}
