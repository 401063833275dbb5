// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.connect;

import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import org.postroad.api.IpAddress;

/** What the operating system knows about its network. No packet leaves the machine. Thread-safe. */
interface RouteProbe {

    /**
     * The address that the operating system would send from.
     *
     * @return empty if there is no route, or no source address for it
     * @throws IOException if the operating system could not be asked: nothing is known, which is not "no route"
     */
    Optional<IpAddress> sourceFor(IpAddress destination) throws IOException;

    /**
     * The addresses of all interfaces, loopback among them.
     *
     * @throws IOException if the operating system could not be asked
     */
    Set<IpAddress> interfaceAddresses() throws IOException;
}
