// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.route;

import org.postroad.spi.AddressOrder;

/**
 * What configuration says about routing.
 *
 * @param addressOrder the order within one host (ORDER-05)
 * @param a6 whether A6 is looked up too (LOOKUP-05)
 * @param limits bounds on what DNS can make us do
 * @param relay how external relays are used
 */
public record RoutingSettings(AddressOrder addressOrder, boolean a6, Limits limits, RelayUse relay) {

    /** The same with another order. */
    public RoutingSettings with(AddressOrder other) {
        return new RoutingSettings(other, a6, limits, relay);
    }

    /**
     * Bounds.
     *
     * @param maxMx mail exchangers considered, 1 or more; those of higher preference value are not looked at
     * @param maxAddresses addresses contacted at one host, 2 or more, so that both families fit (ORDER-07)
     */
    public record Limits(int maxMx, int maxAddresses) {
        public Limits {
            if (maxMx < 1 || maxAddresses < 2) {
                throw new IllegalArgumentException(
                        "At least 1 mail exchanger and 2 addresses are needed, not " + maxMx + " and " + maxAddresses);
            }
        }
    }

    /**
     * How relays are used.
     *
     * @param attempts how often an unreachable relay is tried in one send, 1 or more (RELAY-05)
     * @param fallback whether relays are also asked for after END-01 (RELAY-08)
     */
    public record RelayUse(int attempts, boolean fallback) {
        public RelayUse {
            if (attempts < 1) {
                throw new IllegalArgumentException("A relay is attempted at least once, not " + attempts + " times");
            }
        }
    }
}
