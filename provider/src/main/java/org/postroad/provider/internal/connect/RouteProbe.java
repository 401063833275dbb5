// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.connect;

import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import org.postroad.api.IpAddress;

/** Queries the operating system for routes and interfaces. No packet leaves the host. Thread-safe. */
interface RouteProbe {

    /**
     * Returns the source address that the operating system would use for this destination.
     *
     * @return empty if there is no route, or no source address for it
     * @throws IOException if the operating system could not be queried; this does not mean "no route"
     */
    Optional<IpAddress> sourceFor(IpAddress destination) throws IOException;

    /**
     * Returns the addresses of all interfaces, including loopback.
     *
     * @throws IOException if the operating system could not be queried
     */
    Set<IpAddress> interfaceAddresses() throws IOException;
}
