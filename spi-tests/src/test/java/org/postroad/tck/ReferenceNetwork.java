// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import java.util.Arrays;
import org.postroad.api.Family;
import org.postroad.api.IpAddress;

/** A range of addresses: {@code 192.0.2.0/24}. */
record ReferenceNetwork(IpAddress base, int prefix) {

    static ReferenceNetwork parse(String text) {
        int slash = text.indexOf('/');
        return new ReferenceNetwork(
                IpAddress.parse(text.substring(0, slash)), Integer.parseInt(text.substring(slash + 1)));
    }

    boolean contains(IpAddress address) {
        if (address.family() != base.family()) {
            return false;
        }
        for (int bit = 0; bit < prefix; bit++) {
            int mask = 0x80 >> bit % 8;
            if ((address.octet(bit / 8) & mask) != (base.octet(bit / 8) & mask)) {
                return false;
            }
        }
        return true;
    }

    /** Embeds an IPv4 address (RFC 6052 §2.2, for prefixes of 96 bits). */
    IpAddress with(IpAddress ipv4) {
        byte[] octets = base.octets();
        System.arraycopy(ipv4.octets(), 0, octets, octets.length - 4, 4);
        return IpAddress.of(base.family(), octets);
    }

    /** Returns the IPv4 address that starts at this octet. */
    static IpAddress carried(IpAddress ipv6, int index) {
        return IpAddress.of(Family.IPV4, Arrays.copyOfRange(ipv6.octets(), index, index + 4));
    }
}
