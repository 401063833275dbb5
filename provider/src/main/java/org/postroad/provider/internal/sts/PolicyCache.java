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
import org.postroad.provider.internal.sts.KnownDomain.FailedFetch;
import org.postroad.provider.internal.sts.KnownDomain.Kept;

/**
 * What is remembered of domains, within a number of octets. Not thread-safe.
 *
 * <p>Policies stand here as their text, a fifth of the size of what is read from it; one beyond {@link #MAX_POLICY} is not kept. So there is
 * room for 2,000 of the largest policies that are kept, and for some 30,000 of the usual size.
 *
 * <p>Beyond that, the domain goes that was delivered to in the fewest hours, and of those the one not delivered to for the longest. Whoever
 * has mail sent to many domains of his own, to have us forget the policy of another and then suppress it, displaces his own domains: he had
 * to have mail sent to all of them in more hours than we send to the other one.
 *
 * <p>Why not Caffeine: its W-TinyLFU admits by estimated frequency, which is nearly as good against that; but a burst of mail counts as much
 * as a year of it, the estimate is shared by domains of one hash, and it is a jar of a megabyte beside 150 lines.
 */
final class PolicyCache {

    /** Octets of everything together. */
    static final int MAX_OCTETS = 16 * 1024 * 1024;

    /** Octets of the largest policy that is kept, as text; big providers have 300, and a hundred names of 70 octets fit. */
    static final int MAX_POLICY = 8 * 1024 - PolicyCache.OVERHEAD;

    /** What an entry takes beside texts. */
    private static final int OVERHEAD = 512;

    /** In one such time, a use more does not count. */
    static final Duration USE = Duration.ofHours(1);

    private final InstantSource clock;
    private final int maxOctets;
    private final Map<HostName, Entry> entries = new HashMap<>();
    private final TreeSet<Entry> byUse = new TreeSet<>(
            Comparator.<Entry>comparingInt(entry -> entry.uses).thenComparingLong(entry -> entry.lastUse));
    private long octets;
    private long clicks;
    private Instant tidied;

    PolicyCache(InstantSource clock, int maxOctets) {
        this.clock = clock;
        this.maxOctets = maxOctets;
        this.tidied = clock.instant();
    }

    /** Never changed while it stands in {@link #byUse}. */
    private static final class Entry {
        private final HostName domain;
        private Packed packed = new Packed(Optional.empty(), Optional.empty());
        private int uses;
        private long lastUse;
        private Instant countedAt = Instant.MIN;

        Entry(HostName domain) {
            this.domain = domain;
        }

        long octets() {
            return OVERHEAD + 2L * domain.text().length() + packed.octets();
        }
    }

    /** A {@link KnownDomain} in little room. */
    private record Packed(Optional<PackedPolicy> kept, Optional<FailedFetch> failed) {

        static Packed of(KnownDomain known) {
            return new Packed(
                    known.kept().map(PackedPolicy::of).filter(policy -> policy.text().length <= MAX_POLICY),
                    known.failed());
        }

        KnownDomain unpacked() {
            return new KnownDomain(kept.map(PackedPolicy::unpacked), failed);
        }

        int octets() {
            return kept.map(policy -> policy.text().length).orElse(0)
                    + failed.map(fetch -> 2 * fetch.why().detail().length()).orElse(0);
        }
    }

    private record PackedPolicy(byte[] text, String id, Instant fetchedAt) {

        static PackedPolicy of(Kept kept) {
            return new PackedPolicy(PolicyCache.text(kept.policy()), kept.id(), kept.fetchedAt());
        }

        Kept unpacked() {
            try {
                return new Kept(StsPolicy.parse(text), id, fetchedAt);
            } catch (BadPolicyException e) {
                throw new IllegalStateException("A policy cannot be read as it was written", e);
            }
        }
    }

    /** Whether a policy is not kept, for its size. */
    static boolean isTooLarge(StsPolicy policy) {
        return text(policy).length > MAX_POLICY;
    }

    private static byte[] text(StsPolicy policy) {
        return (String.join("\n", policy.lines()) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** What is remembered of a domain. */
    KnownDomain get(HostName domain) {
        return Optional.ofNullable(entries.get(domain))
                .map(entry -> entry.packed.unpacked())
                .orElse(KnownDomain.NOTHING);
    }

    boolean has(HostName domain) {
        return entries.containsKey(domain);
    }

    /** Counts a delivery to a domain that is remembered. */
    void use(HostName domain) {
        Entry entry = entries.get(domain);
        if (entry != null) {
            byUse.remove(entry);
            count(entry);
            byUse.add(entry);
        }
    }

    /** Remembers this instead of what was. */
    void put(HostName domain, KnownDomain known) {
        Entry entry = entries.get(domain);
        if (entry == null) {
            entry = new Entry(domain);
            count(entry);
        } else {
            remove(entry);
        }
        entry.packed = Packed.of(known);
        entries.put(domain, entry);
        byUse.add(entry);
        octets += entry.octets();
        if (octets > maxOctets) {
            tidy();
        }
        while (octets > maxOctets) {
            remove(byUse.first());
        }
    }

    private void count(Entry entry) {
        Instant now = clock.instant();
        if (!now.isBefore(entry.countedAt.plus(USE))) {
            entry.uses++;
            entry.countedAt = now;
        }
        entry.lastUse = ++clicks;
    }

    private void remove(Entry entry) {
        entries.remove(entry.domain);
        byUse.remove(entry);
        octets -= entry.octets();
    }

    /** Takes out what is of no use any more, however often it was used; seldom, as it looks at everything. */
    private void tidy() {
        Instant now = clock.instant();
        if (now.isBefore(tidied.plus(USE))) {
            return;
        }
        tidied = now;
        entries.values().stream()
                .filter(entry -> entry.packed.unpacked().isOver(now))
                .toList()
                .forEach(this::remove);
    }
}
