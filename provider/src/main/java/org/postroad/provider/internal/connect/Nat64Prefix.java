// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.connect;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.postroad.api.Family;
import org.postroad.api.IpAddress;

/**
 * A prefix behind which a NAT64 stands: IPv4 destinations get IPv6 addresses in it (RFC 6052 §2.2, ADDR-04).
 *
 * @param range of length 32, 40, 48, 56, 64 or 96
 */
public record Nat64Prefix(Cidr range) {

    /** The prefix lengths of RFC 6052 §2.2. */
    static final List<Integer> LENGTHS = List.of(32, 40, 48, 56, 64, 96);

    /** {@code 64:ff9b::/96}. */
    public static final Nat64Prefix WELL_KNOWN = parse("64:ff9b::/96");

    /** The octet of bits 64 to 71, zero in every such address. */
    private static final int RESERVED_OCTET = 8;

    private static final int IPV4_OCTETS = 4;

    /** @throws IllegalArgumentException if the range cannot be a NAT64 prefix */
    public Nat64Prefix {
        if (range.network().family() != Family.IPV6 || !LENGTHS.contains(range.prefixLength())) {
            throw new IllegalArgumentException(
                    range + " is no NAT64 prefix; it must be IPv6, with a prefix length of 32, 40, 48, 56, 64 or 96");
        }
        if (range.network().octet(RESERVED_OCTET) != 0) {
            throw new IllegalArgumentException(range + " is no NAT64 prefix; its bits 64 to 71 must be zero");
        }
    }

    /**
     * Reads {@code 2001:db8:64::/96}.
     *
     * @throws IllegalArgumentException if the text is no NAT64 prefix
     */
    public static Nat64Prefix parse(String text) {
        return new Nat64Prefix(Cidr.parse(text));
    }

    /** The IPv6 address under which the NAT64 reaches the IPv4 address. */
    public IpAddress synthesize(IpAddress ipv4) {
        byte[] octets = range.network().octets();
        for (int i = 0; i < IPV4_OCTETS; i++) {
            octets[position(i)] = (byte) ipv4.octet(i);
        }
        return IpAddress.of(Family.IPV6, octets);
    }

    /** The IPv4 address within an address of this prefix; empty for every other address. */
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

    /** Where an octet of the IPv4 address stands: right behind the prefix, the reserved octet skipped. */
    private int position(int ipv4Index) {
        int position = range.prefixLength() / Byte.SIZE + ipv4Index;
        boolean skips = range.prefixLength() / Byte.SIZE <= RESERVED_OCTET && position >= RESERVED_OCTET;
        return skips ? position + 1 : position;
    }

    /** The prefix of that length in which the address lies, if there can be one. */
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
