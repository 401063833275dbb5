// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import java.io.IOException;
import java.net.Socket;
import org.postroad.api.Deadline;

/** Does the TLS handshake after the server agreed to STARTTLS. The TLS room stands behind it; this room does not know it. */
@FunctionalInterface
public interface TlsStarter {

    /**
     * Shakes hands over the connection.
     *
     * @throws IOException if it did not come about in time; then the connection is of no use
     */
    SecuredSocket secure(Socket plain, Deadline deadline) throws IOException;
}
