// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.sts;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.postroad.api.HostName;
import org.postroad.provider.internal.sts.CachedPolicy.FailedFetch;
import org.postroad.provider.internal.sts.CachedPolicy.FetchedPolicy;

/**
 * Cache of policies by domain, limited to a number of octets. Not thread-safe.
 *
 * <p>Policies are stored as text, a fifth of the size of the parsed form. Policies larger than {@link #MAX_POLICY} are not stored. There is
 * room for 2,000 policies of that size, or some 30,000 of the usual size.
 *
 * <p>When the cache is full, it drops the domain used in the fewest hours; among equals, the least recently used. An attacker could try to
 * evict the policy of another domain, in order to suppress it afterwards, by having mail sent to many domains of his own. But he displaces
 * only these, unless mail was sent to all of them in more hours than to the other domain.
 *
 * <p>Why not Caffeine: its W-TinyLFU admits by estimated frequency, which is almost as robust against this attack. But a burst of mail
 * counts as much as a year of mail, domains with the same hash share the estimate, and it adds a jar of a megabyte to replace 150 lines.
 */
final class PolicyCache {

    /** Maximum size of all entries, in octets. */
    static final int MAX_OCTETS = 16 * 1024 * 1024;

    /** Maximum size of a policy as text, in octets. Those of big providers have 300; a hundred names of 70 octets fit. */
    static final int MAX_POLICY = 8 * 1024 - PolicyCache.OVERHEAD;

    /** Size of an entry without its texts, in octets. */
    private static final int OVERHEAD = 512;

    /** Further uses within this time do not count. */
    static final Duration USE = Duration.ofHours(1);

    private final InstantSource clock;
    private final int maxOctets;
    private final Map<HostName, CacheEntry> entries = new HashMap<>();
    private final TreeSet<CacheEntry> byUse = new TreeSet<>(
            Comparator.<CacheEntry>comparingInt(entry -> entry.uses).thenComparingLong(entry -> entry.lastUse));
    private long octets;
    private long useCounter;
    private Instant scannedAt;

    PolicyCache(InstantSource clock, int maxOctets) {
        this.clock = clock;
        this.maxOctets = maxOctets;
        this.scannedAt = clock.instant();
    }

    /** Must not change while it is in {@link #byUse}. */
    private static final class CacheEntry {
        private final HostName domain;
        private Packed packed = new Packed(Optional.empty(), Optional.empty());
        private int uses;
        private long lastUse;
        private Instant countedAt = Instant.MIN;

        CacheEntry(HostName domain) {
            this.domain = domain;
        }

        long octets() {
            return OVERHEAD + 2L * domain.text().length() + packed.octets();
        }
    }

    /** Compact form of a {@link CachedPolicy}. */
    private record Packed(Optional<PackedPolicy> kept, Optional<FailedFetch> failed) {

        static Packed of(CachedPolicy known) {
            return new Packed(
                    known.kept().map(PackedPolicy::of).filter(policy -> policy.text().length <= MAX_POLICY),
                    known.failed());
        }

        CachedPolicy unpacked() {
            return new CachedPolicy(kept.map(PackedPolicy::unpacked), failed);
        }

        int octets() {
            return kept.map(policy -> policy.text().length).orElse(0)
                    + failed.map(fetch -> 2 * fetch.why().detail().length()).orElse(0);
        }
    }

    private record PackedPolicy(byte[] text, String id, Instant fetchedAt) {

        static PackedPolicy of(FetchedPolicy kept) {
            return new PackedPolicy(PolicyCache.text(kept.policy()), kept.id(), kept.fetchedAt());
        }

        FetchedPolicy unpacked() {
            try {
                return new FetchedPolicy(PolicyReader.read(text), id, fetchedAt);
            } catch (BadPolicyException e) {
                throw new IllegalStateException("A policy cannot be read as it was written", e);
            }
        }
    }

    /** Returns whether a policy is too large to be stored. */
    static boolean isTooLarge(StsPolicy policy) {
        return text(policy).length > MAX_POLICY;
    }

    private static byte[] text(StsPolicy policy) {
        return (String.join("\n", policy.lines()) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** Returns what is cached for a domain. */
    CachedPolicy get(HostName domain) {
        return Optional.ofNullable(entries.get(domain))
                .map(entry -> entry.packed.unpacked())
                .orElse(CachedPolicy.NOTHING);
    }

    boolean has(HostName domain) {
        return entries.containsKey(domain);
    }

    /** Counts a delivery to a cached domain. */
    void use(HostName domain) {
        CacheEntry entry = entries.get(domain);
        if (entry != null) {
            byUse.remove(entry);
            count(entry);
            byUse.add(entry);
        }
    }

    /** Stores or replaces the entry of a domain. */
    void put(HostName domain, CachedPolicy known) {
        CacheEntry entry = entries.get(domain);
        if (entry == null) {
            entry = new CacheEntry(domain);
            count(entry);
        } else {
            remove(entry);
        }
        entry.packed = Packed.of(known);
        entries.put(domain, entry);
        byUse.add(entry);
        octets += entry.octets();
        if (octets > maxOctets) {
            removeExpired();
        }
        while (octets > maxOctets) {
            remove(byUse.first());
        }
    }

    private void count(CacheEntry entry) {
        Instant now = clock.instant();
        if (!now.isBefore(entry.countedAt.plus(USE))) {
            entry.uses++;
            entry.countedAt = now;
        }
        entry.lastUse = ++useCounter;
    }

    private void remove(CacheEntry entry) {
        entries.remove(entry.domain);
        byUse.remove(entry);
        octets -= entry.octets();
    }

    /** Removes expired entries, however often they were used. Runs rarely, because it scans all entries. */
    private void removeExpired() {
        Instant now = clock.instant();
        if (now.isBefore(scannedAt.plus(USE))) {
            return;
        }
        scannedAt = now;
        entries.values().stream()
                .filter(entry -> entry.packed.unpacked().isExpired(now))
                .toList()
                .forEach(this::remove);
    }
}
