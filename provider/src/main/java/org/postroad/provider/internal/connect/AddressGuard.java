// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.connect;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.postroad.api.Family;
import org.postroad.api.IpAddress;

/**
 * Refuses addresses that no mail exchanger on the Internet can have. A zone may list them to make this host connect to its own network
 * (ADDR-05). Pure.
 *
 * <p>The first match decides: the operator's allow list, the NAT64 prefixes, the table of special ranges ({@link SpecialRange}), ISATAP. An
 * IPv6 address is also refused if an IPv4 address embedded in it is refused.
 */
final class AddressGuard {

    private final List<Cidr> allowed;
    private final List<Nat64Prefix> nat64;

    /**
     * Created by {@link DialRules} only, so that all connections follow the same rules.
     *
     * @param allowed exempt ranges; {@code 0.0.0.0/0} and {@code ::/0} switch the guard off
     * @param nat64 prefixes whose addresses are judged by the embedded IPv4 address; the well-known prefix always is
     */
    AddressGuard(List<Cidr> allowed, List<Nat64Prefix> nat64) {
        this.allowed = List.copyOf(allowed);
        this.nat64 = List.copyOf(nat64);
    }

    /** Returns the reason why the address is refused, human-readable: "private", "loopback inside 6to4". Empty if it may be contacted. */
    Optional<String> refusal(IpAddress address) {
        for (Cidr range : allowed) {
            if (range.contains(address)) {
                return Optional.empty();
            }
        }
        Optional<IpAddress> translated = nat64.stream()
                .flatMap(prefix -> prefix.extract(address).stream())
                .findFirst();
        if (translated.isPresent()) {
            return refusalInside("NAT64", Stream.of(translated.get()));
        }
        SpecialRange range = SpecialRange.of(address);
        return refusalInside(range.kind(), range.embeddedIn(address))
                .or(range::refusal)
                .or(() -> refusalInside("ISATAP", carriedByIsatap(address)));
    }

    private Optional<String> refusalInside(String wrapping, Stream<IpAddress> carried) {
        return carried.flatMap(inside -> refusal(inside).stream())
                .map(why -> why + " inside " + wrapping)
                .findFirst();
    }

    /** An interface identifier of {@code 0000:5efe} or {@code 0200:5efe} ends with an IPv4 address (RFC 5214 §6.1). */
    private static Stream<IpAddress> carriedByIsatap(IpAddress address) {
        boolean isatap = address.family() == Family.IPV6
                && (address.octet(8) & 0xfd) == 0
                && address.octet(9) == 0
                && address.octet(10) == 0x5e
                && address.octet(11) == 0xfe;
        return isatap ? Stream.of(EmbeddedIpv4.at(address, 12)) : Stream.empty();
    }
}
