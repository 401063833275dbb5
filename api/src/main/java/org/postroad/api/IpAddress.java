// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * An IP address with its family. Unlike {@link InetAddress}, an IPv4-mapped IPv6 address stays IPv6, as in the AAAA record it
 * came from. The text form follows RFC 5952. Zones ({@code %eth0}) are not part of an address.
 */
public final class IpAddress implements Host {

    private static final String IPV6_TAG = "IPv6:";

    private final Family family;
    private final byte[] bytes;

    private IpAddress(Family family, byte[] bytes) {
        this.family = family;
        this.bytes = bytes;
    }

    /**
     * {@return the address with these octets}
     *
     * @param octets 4 or 16, in network order; they are copied
     * @throws IllegalArgumentException if the number of octets does not match the family
     */
    public static IpAddress of(Family family, byte[] octets) {
        if (octets.length != family.octets()) {
            throw new IllegalArgumentException(
                    family + " addresses have " + family.octets() + " octets, these are " + octets.length);
        }
        return new IpAddress(family, octets.clone());
    }

    /** {@return the same address, without its zone} */
    public static IpAddress of(InetAddress address) {
        return of(address instanceof Inet6Address ? Family.IPV6 : Family.IPV4, address.getAddress());
    }

    /**
     * {@return the address with this text: dotted-quad, or as in RFC 4291} Never looks up a name.
     *
     * @throws IllegalArgumentException if the text is not an address
     */
    public static IpAddress parse(String text) {
        return tryParse(text)
                .orElseThrow(() -> new IllegalArgumentException(
                        Printable.quote(text) + " is not an IP address; examples: 192.0.2.1, 2001:db8::1"));
    }

    /** {@return the address with this text, as {@link #parse} does; empty if the text is not an address} */
    public static Optional<IpAddress> tryParse(String text) {
        byte[] octets = text.indexOf(':') >= 0 ? IpText.parseV6(text) : IpText.parseV4(text);
        if (octets.length == 0) {
            return Optional.empty();
        }
        return Optional.of(new IpAddress(octets.length == 4 ? Family.IPV4 : Family.IPV6, octets));
    }

    /**
     * {@return the address of an address literal: {@code [192.0.2.1]} or {@code [IPv6:2001:db8::1]} (RFC 5321 §4.1.3)} The tag
     * {@code IPv6:} is optional.
     *
     * @throws IllegalArgumentException if the text is not an address literal
     */
    public static IpAddress parseLiteral(String text) {
        if (text.length() > 2 && text.startsWith("[") && text.endsWith("]")) {
            String inner = text.substring(1, text.length() - 1);
            boolean tagged = inner.regionMatches(true, 0, IPV6_TAG, 0, IPV6_TAG.length());
            Optional<IpAddress> address = tryParse(tagged ? inner.substring(IPV6_TAG.length()) : inner);
            if (address.isPresent() && (!tagged || address.get().family == Family.IPV6)) {
                return address.get();
            }
        }
        throw new IllegalArgumentException(
                Printable.quote(text) + " is not an address literal; examples: [192.0.2.1], [IPv6:2001:db8::1]");
    }

    /** {@return the family, which decides the number of octets} */
    public Family family() {
        return family;
    }

    /** {@return a copy of the octets in network order} */
    public byte[] octets() {
        return bytes.clone();
    }

    /**
     * {@return one octet, 0 to 255}
     *
     * @param index the index in network order, from 0
     * @throws IndexOutOfBoundsException if the address has no such octet
     */
    public int octet(int index) {
        return bytes[index] & 0xff;
    }

    /** {@return the address literal of RFC 5321 §4.1.3, with brackets and tag} */
    public String literal() {
        return family == Family.IPV4 ? "[" + this + "]" : "[" + IPV6_TAG + this + "]";
    }

    /**
     * {@return the name at which DNS has the names of this address, as {@link RecordType#PTR} records: in {@code in-addr.arpa} (RFC
     * 1035 §3.5), or in {@code ip6.arpa} (RFC 3596 §2.5)}
     */
    public HostName reverseName() {
        StringBuilder name = new StringBuilder();
        for (int i = bytes.length - 1; i >= 0; i--) {
            if (family == Family.IPV4) {
                name.append(octet(i)).append('.');
            } else {
                name.append(Character.forDigit(octet(i) & 0xf, 16)).append('.');
                name.append(Character.forDigit(octet(i) >> 4, 16)).append('.');
            }
        }
        return new HostName(
                name.append(family == Family.IPV4 ? "in-addr.arpa" : "ip6.arpa").toString());
    }

    /** {@return this address for use with sockets: an {@link Inet6Address} if and only if the family is IPv6} */
    public InetAddress toInetAddress() {
        try {
            return family == Family.IPV6
                    ? Inet6Address.getByAddress(null, bytes, -1)
                    : InetAddress.getByAddress(null, bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("An address of " + bytes.length + " octets was refused", e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof IpAddress that && family == that.family && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return 31 * family.hashCode() + Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return family == Family.IPV4
                ? IpText.formatV4(bytes)
                : IpText.formatV6(bytes).toLowerCase(Locale.ROOT);
    }
}
