// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.postroad.api.DnsAnswer;
import org.postroad.provider.internal.dns.CachingMailDns.Question;

/**
 * Answers and how long they may still be kept. What is handed out says the time that remains. Full, it drops the answer that was
 * not asked for the longest. Not thread-safe.
 */
final class AnswerCache {

    /** The most answers that are kept. */
    static final int MAX_ENTRIES = 10_000;

    /** The longest that records are kept, whatever their TTL. */
    static final Duration MAX_POSITIVE = Duration.ofDays(1);

    /** The longest that the absence of records is kept (RFC 2308 §5 allows more). */
    static final Duration MAX_NEGATIVE = Duration.ofMinutes(15);

    /** How long a failure is kept: enough for the recipients of one message (RFC 9520 §3.2). */
    static final Duration FAILED = Duration.ofSeconds(5);

    private final InstantSource clock;
    private final Map<Question, Kept> entries;

    AnswerCache(InstantSource clock, int maxEntries) {
        this.clock = clock;
        this.entries = new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<Question, Kept> eldest) {
                return size() > maxEntries;
            }
        };
    }

    private record Kept(DnsAnswer<?> answer, Instant expires) {}

    /** The same answer with no longer TTL than it is kept. */
    static <R> DnsAnswer<R> capped(DnsAnswer<R> answer) {
        return answer.fold(
                found -> withTtl(found, min(found.ttl(), MAX_POSITIVE)),
                noData -> withTtl(noData, min(noData.ttl(), MAX_NEGATIVE)),
                noSuchName -> withTtl(noSuchName, min(noSuchName.ttl(), MAX_NEGATIVE)),
                failed -> failed);
    }

    Optional<DnsAnswer<?>> get(Question question) {
        Kept entry = entries.get(question);
        if (entry == null) {
            return Optional.empty();
        }
        Duration left = Duration.between(clock.instant(), entry.expires());
        if (left.isNegative() || left.isZero()) {
            entries.remove(question);
            return Optional.empty();
        }
        return Optional.of(withTtl(entry.answer(), left));
    }

    /** Keeps a capped answer in place of an older one; one of TTL zero only ends the older one. */
    void put(Question question, DnsAnswer<?> answer) {
        Duration ttl = lifetime(answer);
        if (ttl.isZero()) {
            entries.remove(question);
        } else {
            entries.put(question, new Kept(answer, clock.instant().plus(ttl)));
        }
    }

    void clear() {
        entries.clear();
    }

    private static <R> Duration lifetime(DnsAnswer<R> answer) {
        return answer.fold(DnsAnswer.Found::ttl, DnsAnswer.NoData::ttl, DnsAnswer.NoSuchName::ttl, failed -> FAILED);
    }

    private static <R> DnsAnswer<R> withTtl(DnsAnswer<R> answer, Duration ttl) {
        return answer.fold(
                found -> new DnsAnswer.Found<>(found.records(), found.canonicalName(), ttl, found.security()),
                noData -> new DnsAnswer.NoData<>(ttl, noData.security()),
                noSuchName -> new DnsAnswer.NoSuchName<>(ttl, noSuchName.security()),
                failed -> failed);
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
