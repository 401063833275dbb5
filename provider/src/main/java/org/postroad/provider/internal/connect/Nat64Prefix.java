// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.connect;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.postroad.api.Family;
import org.postroad.api.IpAddress;

/**
 * Prefix of a NAT64: each IPv4 destination has an IPv6 address in it (RFC 6052 §2.2, ADDR-04).
 *
 * @param range of length 32, 40, 48, 56, 64 or 96
 */
public record Nat64Prefix(Cidr range) {

    /** Prefix lengths of RFC 6052 §2.2. */
    static final List<Integer> LENGTHS = List.of(32, 40, 48, 56, 64, 96);

    /** The well-known prefix, {@code 64:ff9b::/96}. */
    public static final Nat64Prefix WELL_KNOWN = parse("64:ff9b::/96");

    /** Index of the octet of bits 64 to 71, which is zero in every such address. */
    private static final int RESERVED_OCTET = 8;

    private static final int IPV4_OCTETS = 4;

    /** @throws IllegalArgumentException if the range cannot be a NAT64 prefix */
    public Nat64Prefix {
        if (range.network().family() != Family.IPV6 || !LENGTHS.contains(range.prefixLength())) {
            throw new IllegalArgumentException(
                    range
                            + " is not a NAT64 prefix; allowed are IPv6 prefixes with a prefix length of 32, 40, 48, 56, 64 or 96");
        }
        if (range.network().octet(RESERVED_OCTET) != 0) {
            throw new IllegalArgumentException(range + " is not a NAT64 prefix; its bits 64 to 71 must be zero");
        }
    }

    /**
     * Parses {@code 2001:db8:64::/96}.
     *
     * @throws IllegalArgumentException if the text is not a NAT64 prefix
     */
    public static Nat64Prefix parse(String text) {
        return new Nat64Prefix(Cidr.parse(text));
    }

    /** Returns the IPv6 address through which the NAT64 reaches the IPv4 address. */
    public IpAddress synthesize(IpAddress ipv4) {
        byte[] octets = range.network().octets();
        for (int i = 0; i < IPV4_OCTETS; i++) {
            octets[position(i)] = (byte) ipv4.octet(i);
        }
        return IpAddress.of(Family.IPV6, octets);
    }

    /** Returns the IPv4 address embedded in an address of this prefix. Empty for any other address. */
    public Optional<IpAddress> extract(IpAddress address) {
        if (!range.contains(address) || address.octet(RESERVED_OCTET) != 0) {
            return Optional.empty();
        }
        byte[] octets = new byte[IPV4_OCTETS];
        for (int i = 0; i < IPV4_OCTETS; i++) {
            octets[i] = (byte) address.octet(position(i));
        }
        return Optional.of(IpAddress.of(Family.IPV4, octets));
    }

    /** Returns the position of an octet of the IPv4 address: directly after the prefix, skipping the reserved octet. */
    private int position(int ipv4Index) {
        int position = range.prefixLength() / Byte.SIZE + ipv4Index;
        boolean skips = range.prefixLength() / Byte.SIZE <= RESERVED_OCTET && position >= RESERVED_OCTET;
        return skips ? position + 1 : position;
    }

    /** Returns the prefix of that length containing the address, if it is a valid NAT64 prefix. */
    static Optional<Nat64Prefix> of(IpAddress address, int prefixLength) {
        byte[] octets = address.octets();
        Arrays.fill(octets, prefixLength / Byte.SIZE, octets.length, (byte) 0);
        return octets[RESERVED_OCTET] == 0
                ? Optional.of(new Nat64Prefix(new Cidr(IpAddress.of(Family.IPV6, octets), prefixLength)))
                : Optional.empty();
    }

    @Override
    public String toString() {
        return range.toString();
    }
}
