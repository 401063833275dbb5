// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import java.io.IOException;
import java.net.Socket;
import org.postroad.api.Deadline;

/**
 * Performs the TLS handshake after the server accepted STARTTLS. Implemented outside this package, which does not depend on the TLS
 * package.
 */
@FunctionalInterface
public interface TlsStarter {

    /**
     * Performs the handshake over the connection.
     *
     * @throws IOException if the handshake fails or takes too long; the connection is then unusable
     */
    SecuredSocket secure(Socket plain, Deadline deadline) throws IOException;
}
