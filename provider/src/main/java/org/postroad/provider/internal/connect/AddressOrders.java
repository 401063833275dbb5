// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.connect;

import java.util.Locale;
import org.postroad.api.Family;
import org.postroad.api.Printable;
import org.postroad.spi.AddressOrder;

/** Built-in address orders for {@code mail.mx.addressorder} (ORDER-05). */
public final class AddressOrders {

    private AddressOrders() {}

    /** Returns the default order, RFC 6724 §6. */
    public static AddressOrder standard() {
        return new Rfc6724Order();
    }

    /**
     * Returns the order of that name, ignoring case.
     *
     * @throws IllegalArgumentException if there is no such order; the message lists the valid names
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
