// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.deliver;

import org.postroad.api.Host;
import org.postroad.api.RemoteMta;
import org.postroad.spi.Connector;

/**
 * Key under which a connection can be reused. The source address and all other settings belong to the engine and are the same for all its
 * connections.
 *
 * @param remote host, address and port
 * @param security the protection; a connection opened with weaker protection is never reused for stricter requirements
 * @param self the name sent in EHLO
 * @param via the connector that opened it
 */
record ConnectionKey(RemoteMta remote, ConnectionSecurity security, Host self, Connector via) {

    /** A host name and port. */
    record HostPort(Host host, int port) {}

    HostPort hostPort() {
        return new HostPort(remote.host(), remote.port());
    }

    Endpoint endpoint() {
        return Endpoint.of(remote);
    }
}
