// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

/**
 * An address listed in DNS that the address guard refused (ADDR-05).
 *
 * @param host the host that the address belongs to
 * @param address as listed in DNS
 * @param reason the kind of address, human-readable: "private", "loopback", "loopback inside 6to4"; cleaned
 */
public record RefusedAddress(Host host, IpAddress address, String reason) {

    public RefusedAddress {
        reason = Printable.clean(reason);
    }

    @Override
    public String toString() {
        return host + " " + address + ": refused, " + reason;
    }
}
