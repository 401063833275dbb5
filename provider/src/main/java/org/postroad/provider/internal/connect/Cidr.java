// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.connect;

import java.util.Arrays;
import java.util.Optional;
import org.postroad.api.IpAddress;
import org.postroad.api.Printable;

/**
 * A range of addresses of one family (RFC 4632 §3.1).
 *
 * @param network the first address of the range
 * @param prefixLength the number of leading bits that all its addresses share
 */
public record Cidr(IpAddress network, int prefixLength) {

    /** @throws IllegalArgumentException if the length does not fit the family, or the network has bits set after the prefix */
    public Cidr {
        int bits = network.family().octets() * Byte.SIZE;
        if (prefixLength < 0 || prefixLength > bits) {
            throw new IllegalArgumentException("The prefix length of " + network + "/" + prefixLength
                    + " is not between 0 and " + bits + ", as " + network.family() + " demands");
        }
        IpAddress first = firstOf(network, prefixLength);
        if (!first.equals(network)) {
            throw new IllegalArgumentException(network + "/" + prefixLength + " has bits set after its prefix; write "
                    + first + "/" + prefixLength);
        }
    }

    /**
     * Parses {@code 192.0.2.0/24}, {@code 2001:db8::/32}, or a single address.
     *
     * @throws IllegalArgumentException if the text is not a range; the message gives the reason
     */
    public static Cidr parse(String text) {
        int slash = text.indexOf('/');
        Optional<IpAddress> network = IpAddress.tryParse(slash < 0 ? text : text.substring(0, slash));
        if (network.isPresent() && slash < 0) {
            return new Cidr(network.get(), network.get().family().octets() * Byte.SIZE);
        }
        if (network.isPresent() && text.substring(slash + 1).matches("[0-9]{1,3}")) {
            return new Cidr(network.get(), Integer.parseInt(text.substring(slash + 1)));
        }
        throw new IllegalArgumentException(Printable.quote(text)
                + " is not an address range; allowed are ranges such as 192.0.2.0/24 and 2001:db8::/32");
    }

    /** Returns whether the address is of the same family and within the range. */
    public boolean contains(IpAddress address) {
        return address.family() == network.family() && commonPrefix(address, network) >= prefixLength;
    }

    /** Returns the number of leading bits that two addresses of one family share. */
    static int commonPrefix(IpAddress one, IpAddress other) {
        int octets = one.family().octets();
        for (int i = 0; i < octets; i++) {
            int difference = one.octet(i) ^ other.octet(i);
            if (difference != 0) {
                return i * Byte.SIZE + Integer.numberOfLeadingZeros(difference) - (Integer.SIZE - Byte.SIZE);
            }
        }
        return octets * Byte.SIZE;
    }

    private static IpAddress firstOf(IpAddress address, int prefixLength) {
        byte[] octets = address.octets();
        int whole = prefixLength / Byte.SIZE;
        if (whole < octets.length) {
            octets[whole] &= (byte) (0xff00 >> prefixLength % Byte.SIZE);
            Arrays.fill(octets, whole + 1, octets.length, (byte) 0);
        }
        return IpAddress.of(address.family(), octets);
    }

    /** Returns the range as in {@code 192.0.2.0/24}. */
    @Override
    public String toString() {
        return network + "/" + prefixLength;
    }
}
