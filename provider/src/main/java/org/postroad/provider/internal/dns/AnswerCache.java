// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Optional;
import org.postroad.api.DnsAnswer;
import org.postroad.api.HostName;
import org.postroad.api.RecordType;

/**
 * Cache of DNS answers with their expiry. A returned answer carries its remaining TTL. When full, the cache drops the least recently used
 * answer; a dropped answer is simply queried again, so filling the cache gains an attacker nothing. Not thread-safe.
 */
final class AnswerCache {

    /** Approximate limit for all cached answers together, in octets. */
    static final int MAX_OCTETS = 8 * 1024 * 1024;

    /** Approximate limit for one cached answer, in octets: about a hundred mail exchangers. Larger answers are not cached. */
    static final int MAX_ANSWER = 16 * 1024;

    /** Approximate size of an answer without its records and aliases, and of one of these without its text, in octets. */
    private static final int OVERHEAD = 256;

    private static final int RECORD_OVERHEAD = 96;

    /** Maximum time for which records are cached, whatever their TTL. */
    static final Duration MAX_POSITIVE = Duration.ofDays(1);

    /** Maximum time for which a negative answer is cached (RFC 2308 §5 allows more). */
    static final Duration MAX_NEGATIVE = Duration.ofMinutes(15);

    /** How long a failure is cached: long enough for the recipients of one message (RFC 9520 §3.2). */
    static final Duration FAILED = Duration.ofSeconds(5);

    private final InstantSource clock;
    private final int maxOctets;
    private final LinkedHashMap<CacheKey, CachedAnswer> entries = new LinkedHashMap<>(16, 0.75f, true);
    private long octets;

    AnswerCache(InstantSource clock, int maxOctets) {
        this.clock = clock;
        this.maxOctets = maxOctets;
    }

    /** A query by which an answer is found again. */
    record CacheKey(HostName name, RecordType<?> type) {}

    private record CachedAnswer(DnsAnswer<?> answer, Instant expires, int octets) {}

    /** Returns the same answer with its TTL limited to the time for which it may be cached. */
    static <R> DnsAnswer<R> capped(DnsAnswer<R> answer) {
        return answer.fold(
                found -> withTtl(found, min(found.ttl(), MAX_POSITIVE)),
                noData -> withTtl(noData, min(noData.ttl(), MAX_NEGATIVE)),
                noSuchName -> withTtl(noSuchName, min(noSuchName.ttl(), MAX_NEGATIVE)),
                failed -> failed);
    }

    Optional<DnsAnswer<?>> get(CacheKey question) {
        CachedAnswer entry = entries.get(question);
        if (entry == null) {
            return Optional.empty();
        }
        Duration left = Duration.between(clock.instant(), entry.expires());
        if (left.isNegative() || left.isZero()) {
            remove(question);
            return Optional.empty();
        }
        return Optional.of(withTtl(entry.answer(), left));
    }

    /**
     * Caches a capped answer in place of an earlier one. An answer with TTL zero, or one that is too large, only removes the earlier one.
     */
    void put(CacheKey question, DnsAnswer<?> answer) {
        remove(question);
        Duration ttl = lifetime(answer);
        int weight = weight(question, answer);
        if (ttl.isZero() || weight > MAX_ANSWER) {
            return;
        }
        entries.put(question, new CachedAnswer(answer, clock.instant().plus(ttl), weight));
        octets += weight;
        Iterator<CachedAnswer> eldest = entries.values().iterator();
        while (octets > maxOctets) {
            octets -= eldest.next().octets();
            eldest.remove();
        }
    }

    /** Returns the approximate size of all cached answers, in octets. */
    long octets() {
        return octets;
    }

    /** Returns the number of cached answers, including expired ones that were not asked for since. */
    int size() {
        return entries.size();
    }

    void clear() {
        entries.clear();
        octets = 0;
    }

    private void remove(CacheKey question) {
        CachedAnswer removed = entries.remove(question);
        if (removed != null) {
            octets -= removed.octets();
        }
    }

    /** Returns the approximate heap size of a cached answer, in octets. */
    static int weight(CacheKey question, DnsAnswer<?> answer) {
        int weight = OVERHEAD + question.name().text().length();
        for (Object record : answer.recordsOrNone()) {
            weight += RECORD_OVERHEAD + record.toString().length();
        }
        for (DnsAnswer.Alias alias : answer.aliases()) {
            weight += RECORD_OVERHEAD + alias.toString().length();
        }
        return weight + answer.failure().map(failed -> failed.detail().length()).orElse(0);
    }

    private static <R> Duration lifetime(DnsAnswer<R> answer) {
        return answer.fold(DnsAnswer.Found::ttl, DnsAnswer.NoData::ttl, DnsAnswer.NoSuchName::ttl, failed -> FAILED);
    }

    private static <R> DnsAnswer<R> withTtl(DnsAnswer<R> answer, Duration ttl) {
        return answer.fold(
                found -> new DnsAnswer.Found<>(found.records(), found.canonicalName(), ttl, found.security())
                        .withAliases(found.aliases()),
                noData -> new DnsAnswer.NoData<R>(ttl, noData.security()).withAliases(noData.aliases()),
                noSuchName -> new DnsAnswer.NoSuchName<R>(ttl, noSuchName.security()).withAliases(noSuchName.aliases()),
                failed -> failed);
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
