// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.connect;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.postroad.api.Deadline;
import org.postroad.api.DnsAnswer;
import org.postroad.api.Family;
import org.postroad.api.HostName;
import org.postroad.api.IpAddress;
import org.postroad.api.RecordType;
import org.postroad.spi.MailDns;

/**
 * Finds the prefix of the local NAT64: the configured one, or the one that DNS64 uses for a name that has only IPv4 addresses (RFC 7050,
 * ADDR-04). Call it only if {@link #isUseful}.
 *
 * <p>Thread-safe. Blocks for DNS, up to the deadline. The answer is cached for its TTL, within limits.
 */
public final class Nat64Discovery {

    /** Minimum time for which an answer is cached; its TTL may be zero. */
    static final Duration MIN_KEPT = Duration.ofMinutes(1);

    /** Maximum time for which an answer is cached: a roaming host may have moved to another network. */
    static final Duration MAX_KEPT = Duration.ofHours(1);

    /** Time without DNS queries after a temporary failure. */
    static final Duration FAILURE_KEPT = Duration.ofSeconds(10);

    private static final HostName IPV4_ONLY = HostName.parse("ipv4only.arpa");

    /** All addresses of {@code ipv4only.arpa} (RFC 7050 §2.2). */
    private static final Set<IpAddress> WELL_KNOWN_ADDRESSES =
            Set.of(IpAddress.parse("192.0.0.170"), IpAddress.parse("192.0.0.171"));

    private static final Discovered NOTHING = new Discovered(List.of(), Optional.empty());

    private final Optional<Nat64Prefix> configured;
    private final MailDns dns;
    private final InstantSource clock;
    private volatile KeptDiscovery kept = new KeptDiscovery(NOTHING, Instant.MIN);

    /** @param configured the prefix; if present, DNS is never queried */
    public Nat64Discovery(Optional<Nat64Prefix> configured, MailDns dns, InstantSource clock) {
        this.configured = configured;
        this.dns = dns;
        this.clock = clock;
    }

    /**
     * What is known about the NAT64. No prefix and no failure means that there is none. A failure means that nothing new is known, and must
     * not be taken for "no NAT64"; the prefixes are then those of the last successful answer, if any.
     *
     * @param prefixes in the order of DNS, without duplicates
     * @param failure the DNS failure, if any
     */
    public record Discovered(List<Nat64Prefix> prefixes, Optional<DnsAnswer.Failed<IpAddress>> failure) {
        public Discovered {
            prefixes = List.copyOf(prefixes);
        }
    }

    /** Returns whether a NAT64 is needed: only if this host has IPv6 but no IPv4. */
    public static boolean isUseful(Set<Family> ours) {
        return ours.equals(Set.of(Family.IPV6));
    }

    /** Returns the prefixes as known now. Queries DNS if the cached answer has expired. */
    public Discovered prefixes(Deadline deadline) throws InterruptedException {
        if (configured.isPresent()) {
            return new Discovered(List.of(configured.get()), Optional.empty());
        }
        KeptDiscovery last = kept;
        if (clock.instant().isBefore(last.until())) {
            return last.discovered();
        }
        KeptDiscovery next = keep(dns.query(IPV4_ONLY, RecordType.AAAA, deadline), last.discovered());
        kept = next;
        return next.discovered();
    }

    private KeptDiscovery keep(DnsAnswer<IpAddress> answer, Discovered before) {
        return answer.fold(
                found -> keptFor(found.ttl(), new Discovered(prefixesIn(found.records()), Optional.empty())),
                noData -> keptFor(noData.ttl(), NOTHING),
                noSuchName -> keptFor(noSuchName.ttl(), NOTHING),
                failed -> new KeptDiscovery(
                        new Discovered(before.prefixes(), Optional.of(failed)),
                        clock.instant().plus(FAILURE_KEPT)));
    }

    private KeptDiscovery keptFor(Duration ttl, Discovered discovered) {
        Duration atLeast = ttl.compareTo(MIN_KEPT) < 0 ? MIN_KEPT : ttl;
        Duration within = atLeast.compareTo(MAX_KEPT) > 0 ? MAX_KEPT : atLeast;
        return new KeptDiscovery(discovered, clock.instant().plus(within));
    }

    private static List<Nat64Prefix> prefixesIn(List<IpAddress> answers) {
        return answers.stream()
                .filter(address -> address.family() == Family.IPV6)
                .flatMap(address -> prefixOf(address).stream())
                .distinct()
                .toList();
    }

    /**
     * Returns the only prefix that turns this address into a well-known one. Empty if several prefix lengths fit, since the address is then
     * ambiguous (RFC 7050 §3).
     */
    private static Optional<Nat64Prefix> prefixOf(IpAddress synthesized) {
        List<Nat64Prefix> fitting = Nat64Prefix.LENGTHS.stream()
                .flatMap(length -> Nat64Prefix.of(synthesized, length).stream())
                .filter(prefix -> prefix.extract(synthesized)
                        .filter(WELL_KNOWN_ADDRESSES::contains)
                        .isPresent())
                .toList();
        return fitting.size() == 1 ? Optional.of(fitting.get(0)) : Optional.empty();
    }

    private record KeptDiscovery(Discovered discovered, Instant until) {}
}
