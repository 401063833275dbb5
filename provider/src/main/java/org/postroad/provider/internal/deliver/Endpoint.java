// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.deliver;

import org.postroad.api.IpAddress;
import org.postroad.api.RemoteMta;

/** One server, identified by address and port regardless of its names. */
record Endpoint(IpAddress address, int port) {

    static Endpoint of(RemoteMta remote) {
        return new Endpoint(remote.address(), remote.port());
    }
}
