// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.connect;

import java.util.List;
import org.postroad.api.IpAddress;

/** Classifies this host's own addresses. For addresses listed in DNS see {@link AddressGuard}. */
final class LocalAddressKinds {

    private static final List<Cidr> UNSPECIFIED = List.of(Cidr.parse("0.0.0.0/8"), Cidr.parse("::/128"));
    private static final List<Cidr> LOOPBACK = List.of(Cidr.parse("127.0.0.0/8"), Cidr.parse("::1/128"));
    private static final List<Cidr> LOCAL = List.of(
            Cidr.parse("169.254.0.0/16"),
            Cidr.parse("fe80::/10"),
            Cidr.parse("fec0::/10"),
            Cidr.parse("fc00::/7"),
            Cidr.parse("::ffff:0:0/96"));

    private LocalAddressKinds() {}

    static boolean isUnspecified(IpAddress address) {
        return isIn(UNSPECIFIED, address);
    }

    static boolean isLoopback(IpAddress address) {
        return isIn(LOOPBACK, address);
    }

    /**
     * Returns whether replies from the Internet can reach this source address. A private IPv4 address qualifies, because it is usually
     * behind NAT.
     */
    static boolean reachesTheInternet(IpAddress source) {
        return !isUnspecified(source) && !isLoopback(source) && !isIn(LOCAL, source);
    }

    private static boolean isIn(List<Cidr> ranges, IpAddress address) {
        return ranges.stream().anyMatch(range -> range.contains(address));
    }
}
