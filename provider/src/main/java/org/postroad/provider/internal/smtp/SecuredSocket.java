// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import java.net.Socket;
import org.postroad.api.TlsSummary;

/**
 * A connection, in the clear or after its TLS handshake.
 *
 * @param raw the connection itself; closing it ends everything at once
 * @param socket what to speak through: the same, or TLS on top of it
 * @param tls how it is protected; only over {@link TlsSummary.Level#VERIFIED} are credentials sent (RELAY-04)
 */
public record SecuredSocket(Socket raw, Socket socket, TlsSummary tls) {

    /** Without TLS. */
    public static SecuredSocket plain(Socket socket) {
        return new SecuredSocket(socket, socket, TlsSummary.NONE);
    }
}
