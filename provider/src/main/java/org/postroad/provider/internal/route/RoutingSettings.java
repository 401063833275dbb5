// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.route;

import org.postroad.spi.AddressOrder;

/**
 * Routing settings.
 *
 * @param addressOrder the order of addresses within one host (ORDER-05)
 * @param a6 whether A6 is also looked up (LOOKUP-05)
 * @param limits limits on the work that DNS answers can cause
 * @param relay how external relays are used
 */
public record RoutingSettings(AddressOrder addressOrder, boolean a6, LookupLimits limits, RelayUse relay) {

    /** Returns these settings with another address order. */
    public RoutingSettings with(AddressOrder other) {
        return new RoutingSettings(other, a6, limits, relay);
    }

    /**
     * Limits on hosts and addresses.
     *
     * @param maxMx mail exchangers considered, at least 1; those of higher preference value are ignored
     * @param maxAddresses addresses contacted per host, at least 2, so that both families fit (ORDER-07)
     */
    public record LookupLimits(int maxMx, int maxAddresses) {
        public LookupLimits {
            if (maxMx < 1 || maxAddresses < 2) {
                throw new IllegalArgumentException(
                        "At least 1 mail exchanger and 2 addresses are needed, not " + maxMx + " and " + maxAddresses);
            }
        }
    }

    /**
     * How relays are used.
     *
     * @param attempts how often an unreachable relay is tried in one send, at least 1 (RELAY-05)
     * @param fallback whether relays are also selected after END-01 (RELAY-08)
     */
    public record RelayUse(int attempts, boolean fallback) {
        public RelayUse {
            if (attempts < 1) {
                throw new IllegalArgumentException("A relay is attempted at least once, not " + attempts + " times");
            }
        }
    }
}
