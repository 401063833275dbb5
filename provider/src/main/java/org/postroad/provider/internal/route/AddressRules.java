// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.route;

import java.util.Optional;
import org.postroad.api.IpAddress;

/** What is to be known of an address before it is used. Pure: no IO, no waiting. */
public interface AddressRules {

    /** Why the address is not to be used as MX address (ADDR-05); empty where it may be. */
    Optional<String> refusal(IpAddress address);

    /** The IPv6 address through which a v6-only host reaches this IPv4 address (ADDR-04); empty where there is no NAT64. */
    Optional<IpAddress> translated(IpAddress ipv4);

    /** Whether {@link #translated} has answers at all. */
    boolean hasNat64();

    /** Why it is not known for now whether there is NAT64 (RFC 7050); empty where it is known, or of no interest. */
    Optional<String> nat64Failure();
}
