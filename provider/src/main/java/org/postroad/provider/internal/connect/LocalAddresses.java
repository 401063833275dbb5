// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.connect;

import java.util.Optional;
import org.postroad.api.Family;
import org.postroad.api.IpAddress;

/**
 * Configured source addresses, one per family, so that the destination determines the family of the source, never the reverse.
 *
 * @param ipv4 {@code mail.mx.localaddress.ipv4}
 * @param ipv6 {@code mail.mx.localaddress.ipv6}
 */
public record LocalAddresses(Optional<IpAddress> ipv4, Optional<IpAddress> ipv6) {

    /** The operating system chooses the source address. */
    public static final LocalAddresses NONE = new LocalAddresses(Optional.empty(), Optional.empty());

    /** @throws IllegalArgumentException if an address is of the wrong family */
    public LocalAddresses {
        check(ipv4, Family.IPV4);
        check(ipv6, Family.IPV6);
    }

    /** Returns the address to bind when dialling a destination of this family. */
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
