// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.route;

import java.util.List;
import java.util.stream.Stream;
import org.postroad.api.IpAddress;

/** Limits the number of addresses tried per host without losing an IP family (ORDER-07). Pure. */
public final class AddressCap {

    private AddressCap() {}

    /**
     * Returns the first addresses, in the same order. No family is lost: if the cap would remove a family completely, its first address
     * takes the last place. With a cap of 1, only the first address is returned.
     *
     * @param max at least 1; settings allow 2 and more
     */
    public static List<IpAddress> apply(List<IpAddress> ordered, int max) {
        if (max < 1) {
            throw new IllegalArgumentException("The cap on addresses is " + max + "; it must be at least 1");
        }
        List<IpAddress> kept = ordered.subList(0, Math.min(max, ordered.size()));
        boolean mixed = kept.stream().map(IpAddress::family).distinct().count() == 2;
        if (max == 1 || mixed) {
            return List.copyOf(kept);
        }
        return ordered.stream()
                .skip(max)
                .filter(address -> address.family() != kept.get(0).family())
                .findFirst()
                .map(other -> Stream.concat(kept.stream().limit(max - 1L), Stream.of(other))
                        .toList())
                .orElseGet(() -> List.copyOf(kept));
    }
}
