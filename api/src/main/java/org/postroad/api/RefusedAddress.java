// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

/**
 * An address that DNS listed and the address guard refused (ADDR-05).
 *
 * @param host whose address it was
 * @param address as DNS listed it
 * @param why the kind of address, for people: "private", "loopback", "loopback inside 6to4"
 */
public record RefusedAddress(Host host, IpAddress address, String why) {

    @Override
    public String toString() {
        return host + " " + address + ": refused, " + why;
    }
}
