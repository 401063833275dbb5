// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.route;

import java.util.Optional;
import org.postroad.api.IpAddress;

/** What is to be known of an address before it is used. Pure: no IO, no waiting. */
public interface AddressRules {

    /** Why the address is not to be used as MX address (ADDR-05); empty where it may be. */
    Optional<String> refusal(IpAddress address);

    /**
     * What to dial to reach the address: itself if it is of our families (ADDR-02), or through NAT64 (ADDR-04); empty where it cannot be
     * reached.
     */
    Optional<IpAddress> dialled(IpAddress address);

    /** Whether {@link #dialled} has answers for IPv4 addresses where we have IPv6 only. */
    boolean hasNat64();

    /** Why it is not known for now whether there is NAT64 (RFC 7050); empty where it is known, or of no interest. */
    Optional<String> nat64Failure();
}
