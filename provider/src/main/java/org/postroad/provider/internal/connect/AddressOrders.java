// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.connect;

import java.util.Locale;
import org.postroad.api.Family;
import org.postroad.api.Printable;
import org.postroad.spi.AddressOrder;

/** The built-in address orders: {@code mail.mx.addressorder} (ORDER-05). */
public final class AddressOrders {

    private AddressOrders() {}

    /** RFC 6724 §6. */
    public static AddressOrder standard() {
        return new Rfc6724Order();
    }

    /**
     * The order of that name; case does not matter.
     *
     * @throws IllegalArgumentException if there is none; the message names those that there are
     */
    public static AddressOrder named(String name) {
        return switch (name.strip().toLowerCase(Locale.ROOT)) {
            case "rfc6724" -> new Rfc6724Order();
            case "ipv6" -> new FamilyFirstOrder(Family.IPV6);
            case "ipv4" -> new FamilyFirstOrder(Family.IPV4);
            case "random" -> new RandomOrder();
            default ->
                throw new IllegalArgumentException(
                        Printable.quote(name) + " is no address order; there are rfc6724, ipv6, ipv4 and random");
        };
    }
}
