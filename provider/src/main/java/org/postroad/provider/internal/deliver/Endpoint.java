// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.deliver;

import org.postroad.api.Family;
import org.postroad.api.IpAddress;
import org.postroad.api.RemoteMta;

/** One server, identified by address and port regardless of its names. */
record Endpoint(IpAddress address, int port) {

    /** {@return {@code 192.0.2.1:25} or {@code [2001:db8::1]:25}} */
    @Override
    public String toString() {
        return (address.family() == Family.IPV6 ? "[" + address + "]" : address.toString()) + ":" + port;
    }

    static Endpoint of(RemoteMta remote) {
        return new Endpoint(remote.address(), remote.port());
    }
}
