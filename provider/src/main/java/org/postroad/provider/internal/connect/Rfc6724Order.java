// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.connect;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.postroad.api.Family;
import org.postroad.api.IpAddress;
import org.postroad.spi.AddressOrder;

/**
 * Destination address selection (RFC 6724 §6) with the default policy table (§2.1): the default order (ORDER-05).
 *
 * <p>Implements rules 1, 2, 5, 6, 8, 9 and 10. Rules 3 (deprecated source), 4 (home address) and 7 (native transport) need information that
 * Java cannot get from the operating system. Each rule is a separate sort key, which makes a total order. The sort is stable, so ties keep
 * the order of DNS (rule 10).
 *
 * <p>Rule 9 applies to IPv6 only, as in glibc: IPv4 prefixes do not indicate proximity, and the rule would undo the load balancing by the
 * order of DNS.
 */
final class Rfc6724Order implements AddressOrder {

    /** The interface identifier after it does not count towards the common prefix (RFC 6724 §2.2). */
    private static final int MAX_COMMON_PREFIX = 64;

    private static final Comparator<Ranked> RULES = Comparator.comparing(Ranked::usable, yesFirst())
            .thenComparing(Ranked::scopeMatches, yesFirst())
            .thenComparing(Ranked::labelMatches, yesFirst())
            .thenComparing(Ranked::precedence, Comparator.reverseOrder())
            .thenComparing(Ranked::scope)
            .thenComparing(Ranked::commonPrefix, Comparator.reverseOrder());

    @Override
    public List<Candidate> order(List<Candidate> candidates, RandomGenerator random) {
        return candidates.stream()
                .map(Rfc6724Order::rank)
                .sorted(RULES)
                .map(Ranked::candidate)
                .toList();
    }

    /** The values that the rules compare, in the order of the rules. */
    private record Ranked(
            Candidate candidate,
            boolean usable,
            boolean scopeMatches,
            boolean labelMatches,
            int precedence,
            int scope,
            int commonPrefix) {}

    private static Ranked rank(Candidate candidate) {
        IpAddress destination = asIpv6(candidate.address());
        Optional<IpAddress> source = candidate.source().map(Rfc6724Order::asIpv6);
        PolicyTableRow policy = PolicyTableRow.of(destination);
        int scope = scopeOf(destination);
        return new Ranked(
                candidate,
                source.isPresent(),
                source.map(Rfc6724Order::scopeOf).filter(of -> of == scope).isPresent(),
                source.map(of -> PolicyTableRow.of(of).label())
                        .filter(label -> label == policy.label())
                        .isPresent(),
                policy.precedence(),
                scope,
                source.filter(of -> !PolicyTableRow.MAPPED.contains(destination))
                        .map(of -> Math.min(Cidr.commonPrefix(of, destination), MAX_COMMON_PREFIX))
                        .orElse(0));
    }

    /** Policy table (RFC 6724 §2.1). */
    private record PolicyTableRow(Cidr prefix, int precedence, int label) {

        static final Cidr MAPPED = Cidr.parse("::ffff:0:0/96");

        private static final List<PolicyTableRow> LONGEST_PREFIX_FIRST = List.of(
                new PolicyTableRow(Cidr.parse("::1/128"), 50, 0),
                new PolicyTableRow(MAPPED, 35, 4),
                new PolicyTableRow(Cidr.parse("::/96"), 1, 3),
                new PolicyTableRow(Cidr.parse("2001::/32"), 5, 5),
                new PolicyTableRow(Cidr.parse("2002::/16"), 30, 2),
                new PolicyTableRow(Cidr.parse("3ffe::/16"), 1, 12),
                new PolicyTableRow(Cidr.parse("fec0::/10"), 1, 11),
                new PolicyTableRow(Cidr.parse("fc00::/7"), 3, 13),
                new PolicyTableRow(Cidr.parse("::/0"), 40, 1));

        static PolicyTableRow of(IpAddress address) {
            return LONGEST_PREFIX_FIRST.stream()
                    .filter(policy -> policy.prefix.contains(address))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static final int LINK_LOCAL = 0x2;
    private static final int SITE_LOCAL = 0x5;
    private static final int GLOBAL = 0xe;

    /** RFC 6724 §3.1 to §3.3: private IPv4 and unique local IPv6 addresses count as global. */
    private static int scopeOf(IpAddress address) {
        if (PolicyTableRow.MAPPED.contains(address)) {
            boolean linkLocal = address.octet(12) == 127 || (address.octet(12) == 169 && address.octet(13) == 254);
            return linkLocal ? LINK_LOCAL : GLOBAL;
        }
        if (address.octet(0) == 0xff) {
            return address.octet(1) & 0xf;
        }
        if (LocalAddressKinds.isLoopback(address) || isIn(address, 0x80)) {
            return LINK_LOCAL;
        }
        return isIn(address, 0xc0) ? SITE_LOCAL : GLOBAL;
    }

    /** Returns whether the address is in fe80::/10 (second octet 0x80) or in fec0::/10 (0xc0). */
    private static boolean isIn(IpAddress address, int secondOctet) {
        return address.octet(0) == 0xfe && (address.octet(1) & 0xc0) == secondOctet;
    }

    private static IpAddress asIpv6(IpAddress address) {
        return address.family() == Family.IPV6 ? address : EmbeddedIpv4.mapped(address);
    }

    private static Comparator<Boolean> yesFirst() {
        return Comparator.reverseOrder();
    }
}
