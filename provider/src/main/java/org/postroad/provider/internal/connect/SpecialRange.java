// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.connect;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.postroad.api.IpAddress;

/**
 * One row of the IANA registries of special-purpose addresses (RFC 6890) or of the address space registries, as needed by
 * {@link AddressGuard}.
 *
 * @param range the addresses of this row
 * @param kind human-readable name
 * @param refused whether no mail exchanger can have such an address
 * @param embedded extracts the embedded IPv4 addresses; none for most rows
 */
record SpecialRange(Cidr range, String kind, boolean refused, Function<IpAddress, Stream<IpAddress>> embedded) {

    /** The first row that contains an address applies: narrower ranges come first, the remaining address space last. */
    private static final List<SpecialRange> TABLE = List.of(
            refused("0.0.0.0/32", "unspecified"),
            refused("0.0.0.0/8", "this network"),
            refused("10.0.0.0/8", "private"),
            refused("100.64.0.0/10", "shared"),
            refused("127.0.0.0/8", "loopback"),
            refused("169.254.0.0/16", "link-local"),
            refused("172.16.0.0/12", "private"),
            refused("192.0.0.0/24", "protocol assignment"),
            refused("192.0.2.0/24", "documentation"),
            refused("192.88.99.0/24", "6to4 relay"),
            refused("192.168.0.0/16", "private"),
            refused("198.18.0.0/15", "benchmarking"),
            refused("198.51.100.0/24", "documentation"),
            refused("203.0.113.0/24", "documentation"),
            refused("224.0.0.0/4", "multicast"),
            refused("255.255.255.255/32", "broadcast"),
            refused("240.0.0.0/4", "reserved"),
            unicast("0.0.0.0/0"),
            refused("::/128", "unspecified"),
            refused("::1/128", "loopback"),
            refused("::ffff:0:0/96", "IPv4-mapped", address -> Stream.of(EmbeddedIpv4.at(address, 12))),
            refused("::/96", "IPv4-compatible", address -> Stream.of(EmbeddedIpv4.at(address, 12))),
            refused("::ffff:0:0:0/96", "IPv4-translated", address -> Stream.of(EmbeddedIpv4.at(address, 12))),
            embedding("64:ff9b::/96", "NAT64", address -> Stream.of(EmbeddedIpv4.at(address, 12))),
            refused("64:ff9b:1::/48", "local-use NAT64"),
            refused("100::/64", "discard"),
            refused("100:0:0:1::/64", "dummy"),
            embedding(
                    "2001::/32",
                    "Teredo",
                    address -> Stream.of(EmbeddedIpv4.at(address, 4), EmbeddedIpv4.invertedAt(address, 12))),
            refused("2001:2::/48", "benchmarking"),
            refused("2001:10::/28", "ORCHID"),
            refused("2001:20::/28", "ORCHID"),
            refused("2001:30::/28", "drone remote ID"),
            refused("2001::/23", "protocol assignment"),
            refused("2001:db8::/32", "documentation"),
            embedding("2002::/16", "6to4", address -> Stream.of(EmbeddedIpv4.at(address, 2))),
            refused("3fff::/20", "documentation"),
            refused("5f00::/16", "segment routing"),
            refused("fc00::/7", "unique local"),
            refused("fe80::/10", "link-local"),
            refused("fec0::/10", "site-local"),
            refused("ff00::/8", "multicast"),
            unicast("2000::/3"),
            refused("::/0", "reserved"));

    /** Returns the row for an address; every address has one. */
    static SpecialRange of(IpAddress address) {
        return TABLE.stream()
                .filter(row -> row.range.contains(address))
                .findFirst()
                .orElseThrow();
    }

    /** Returns the IPv4 addresses embedded in an address of this row. */
    Stream<IpAddress> embeddedIn(IpAddress address) {
        return embedded.apply(address);
    }

    /** Returns the reason why every address of this row is refused; empty if they are not. */
    Optional<String> refusal() {
        return refused ? Optional.of(kind) : Optional.empty();
    }

    private static SpecialRange refused(String range, String kind) {
        return refused(range, kind, address -> Stream.empty());
    }

    private static SpecialRange refused(String range, String kind, Function<IpAddress, Stream<IpAddress>> embedded) {
        return new SpecialRange(Cidr.parse(range), kind, true, embedded);
    }

    /** Creates a row whose addresses are judged by the IPv4 addresses embedded in them. */
    private static SpecialRange embedding(String range, String kind, Function<IpAddress, Stream<IpAddress>> embedded) {
        return new SpecialRange(Cidr.parse(range), kind, false, embedded);
    }

    private static SpecialRange unicast(String range) {
        return new SpecialRange(Cidr.parse(range), "global unicast", false, address -> Stream.empty());
    }
}
