// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.connect;

import java.util.Optional;
import org.postroad.api.Family;
import org.postroad.api.IpAddress;

/**
 * The configured source addresses, one a family, so that the family of the source follows the destination and never the
 * other way round.
 *
 * @param ipv4 {@code mail.mx.localaddress.ipv4}
 * @param ipv6 {@code mail.mx.localaddress.ipv6}
 */
public record LocalAddresses(Optional<IpAddress> ipv4, Optional<IpAddress> ipv6) {

    /** The operating system chooses. */
    public static final LocalAddresses NONE = new LocalAddresses(Optional.empty(), Optional.empty());

    /** @throws IllegalArgumentException if an address is of the wrong family */
    public LocalAddresses {
        check(ipv4, Family.IPV4);
        check(ipv6, Family.IPV6);
    }

    /** What to bind when a destination of the family is dialled. */
    public Optional<IpAddress> of(Family family) {
        return family == Family.IPV4 ? ipv4 : ipv6;
    }

    private static void check(Optional<IpAddress> address, Family family) {
        if (address.isPresent() && address.get().family() != family) {
            throw new IllegalArgumentException("The local address for " + family + " is " + address.get()
                    + ", which is " + address.get().family());
        }
    }
}
