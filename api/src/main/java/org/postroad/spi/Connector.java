// SPDX-License-Identifier: Apache-2.0
package org.postroad.spi;

import java.io.IOException;
import java.net.Socket;
import java.util.Optional;
import org.postroad.api.Deadline;
import org.postroad.api.IpAddress;
import org.postroad.api.RemoteMta;

/**
 * Opens a connection to one address. A tunnel, a proxy or a test harness may stand behind it.
 *
 * <p>Thread-safe: many threads dial at once, also several addresses of one host (RFC 8305). Blocking, up to the deadline. A dial that
 * nobody wants any more is interrupted; it may go on, and what it returns is closed.
 */
@FunctionalInterface
public interface Connector {

    /**
     * Connects, or throws.
     *
     * @return a connected socket; it belongs to the caller, who closes it. Never null
     * @throws IOException if no connection came about in time; whatever was opened is closed
     */
    Socket connect(Dial dial) throws IOException;

    /**
     * What to connect to.
     *
     * @param remote host, address and port
     * @param source the local address to bind; empty: the operating system's choice
     * @param deadline when the connection must stand
     */
    record Dial(RemoteMta remote, Optional<IpAddress> source, Deadline deadline) {}
}
