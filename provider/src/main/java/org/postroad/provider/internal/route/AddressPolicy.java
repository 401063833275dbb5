// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.route;

import java.util.Optional;
import org.postroad.api.IpAddress;

/** Rules that decide whether and how an address is used. Pure: no I/O, no waiting. */
public interface AddressPolicy {

    /** Returns why the address must not be used as an MX address (ADDR-05); empty if it is permitted. */
    Optional<String> refusal(IpAddress address);

    /**
     * Returns the address to dial: the address itself if it is of our families (ADDR-02), or the one translated for NAT64 (ADDR-04); empty
     * if it cannot be reached.
     */
    Optional<IpAddress> dialled(IpAddress address);

    /** Returns whether {@link #dialled} can translate IPv4 addresses on an IPv6-only host. */
    boolean hasNat64();

    /** Returns why NAT64 discovery (RFC 7050) has no result for now; empty if it has one or is not needed. */
    Optional<String> nat64Failure();
}
