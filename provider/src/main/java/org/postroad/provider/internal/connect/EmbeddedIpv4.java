// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.connect;

import java.util.Arrays;
import org.postroad.api.Family;
import org.postroad.api.IpAddress;

/** Converts between IPv4 addresses and the IPv6 addresses that embed them. */
final class EmbeddedIpv4 {

    private static final int IPV4_OCTETS = 4;
    private static final int MAPPED_AT = 12;

    private EmbeddedIpv4() {}

    /** Returns the IPv4-mapped address, as in {@code ::ffff:192.0.2.1} (RFC 4291 §2.5.5.2). */
    static IpAddress mapped(IpAddress ipv4) {
        byte[] octets = new byte[Family.IPV6.octets()];
        octets[MAPPED_AT - 2] = (byte) 0xff;
        octets[MAPPED_AT - 1] = (byte) 0xff;
        System.arraycopy(ipv4.octets(), 0, octets, MAPPED_AT, IPV4_OCTETS);
        return IpAddress.of(Family.IPV6, octets);
    }

    /** Returns the IPv4 address in the four octets starting at this index. */
    static IpAddress at(IpAddress ipv6, int index) {
        return IpAddress.of(Family.IPV4, Arrays.copyOfRange(ipv6.octets(), index, index + IPV4_OCTETS));
    }

    /** Returns the IPv4 address in the four octets starting at this index, with all bits inverted (Teredo, RFC 4380 §4). */
    static IpAddress invertedAt(IpAddress ipv6, int index) {
        byte[] octets = at(ipv6, index).octets();
        for (int i = 0; i < octets.length; i++) {
            octets[i] = (byte) ~octets[i];
        }
        return IpAddress.of(Family.IPV4, octets);
    }
}
