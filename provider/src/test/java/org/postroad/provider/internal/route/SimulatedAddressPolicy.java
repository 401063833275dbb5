// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.route;

import java.util.Optional;
import java.util.Set;
import org.postroad.api.Family;
import org.postroad.api.IpAddress;

/**
 * The rules of a simulated network.
 *
 * @param families of this host
 * @param refused addresses of a kind that is refused
 * @param nat64 whether IPv4 addresses are reached through NAT64 with the well-known prefix
 * @param nat64Failure why NAT64 is not known
 */
public record SimulatedAddressPolicy(
        Set<Family> families, Set<IpAddress> refused, boolean nat64, Optional<String> nat64Failure)
        implements AddressPolicy {

    @Override
    public Optional<String> refusal(IpAddress address) {
        return refused.contains(address) ? Optional.of("private") : Optional.empty();
    }

    @Override
    public Optional<IpAddress> dialled(IpAddress address) {
        if (families.contains(address.family())) {
            return Optional.of(address);
        }
        return nat64 && address.family() == Family.IPV4
                ? Optional.of(IpAddress.parse("64:ff9b::" + address))
                : Optional.empty();
    }

    @Override
    public boolean hasNat64() {
        return nat64;
    }
}
