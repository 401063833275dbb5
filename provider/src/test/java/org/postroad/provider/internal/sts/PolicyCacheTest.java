// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.sts;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.postroad.api.HostName;
import org.postroad.api.TlsFailure;
import org.postroad.fixtures.VirtualClock;
import org.postroad.provider.internal.sts.CachedPolicy.FailedFetch;
import org.postroad.provider.internal.sts.CachedPolicy.FetchedPolicy;

/** Eviction from a full cache. */
class PolicyCacheTest {

    private static final HostName VICTIM = HostName.parse("victim.test");
    private static final Duration MAX_AGE = Duration.ofDays(300);

    private final VirtualClock clock = new VirtualClock();

    private CachedPolicy known(String... exchangers) {
        List<MxPattern> patterns =
                List.of(exchangers).stream().map(MxPattern::parse).toList();
        StsPolicy policy = new StsPolicy(StsPolicy.Mode.ENFORCE, patterns, MAX_AGE);
        return new CachedPolicy(Optional.of(new FetchedPolicy(policy, "1", clock.instant())), Optional.empty());
    }

    private static HostName evil(int number) {
        return HostName.parse("evil" + number + ".test");
    }

    private static String[] exchangers(int count, int length) {
        return IntStream.range(0, count)
                .mapToObj(i -> "x".repeat(length) + i + ".test")
                .toArray(String[]::new);
    }

    @Test
    void sts_theCacheReturnsWhatWasPut() {
        PolicyCache cache = new PolicyCache(clock, PolicyCache.MAX_OCTETS);
        CachedPolicy whole = new CachedPolicy(
                known("mx.test", "*.mx.test").kept(),
                Optional.of(new FailedFetch(
                        "2",
                        new TlsFailure(TlsFailure.Type.STS_POLICY_FETCH_ERROR, "gone"),
                        clock.instant(),
                        Duration.ofSeconds(3))));
        cache.put(VICTIM, whole);
        assertThat(cache.get(VICTIM)).isEqualTo(whole);
        assertThat(cache.get(evil(1))).isEqualTo(CachedPolicy.NOTHING);
    }

    /** Regardless of the number and size of the other entries. */
    @Test
    void sts_domainsMailedInFewerHoursAreDroppedFirst() {
        PolicyCache cache = new PolicyCache(clock, PolicyCache.MAX_OCTETS);
        cache.put(VICTIM, known("mx.test"));
        clock.advance(PolicyCache.USE);
        cache.use(VICTIM);
        CachedPolicy large = known(exchangers(StsPolicy.MAX_MX, 60));
        for (int i = 0; i < 3_000; i++) {
            cache.put(evil(i), large);
            for (int mail = 0; mail < 3; mail++) {
                cache.use(evil(i)); // several uses within an hour count once
            }
        }
        assertThat(cache.get(VICTIM)).isNotEqualTo(CachedPolicy.NOTHING);
        assertThat(cache.get(evil(0))).isEqualTo(CachedPolicy.NOTHING);
        assertThat(cache.get(evil(2_999))).isNotEqualTo(CachedPolicy.NOTHING);
    }

    @Test
    void sts_ofDomainsMailedInEquallyManyHoursTheLeastRecentlyMailedIsDropped() {
        PolicyCache cache = new PolicyCache(clock, StsTesting.ROOM_FOR_TWO);
        cache.put(evil(1), known("mx.test"));
        cache.put(evil(2), known("mx.test"));
        cache.use(evil(1));
        cache.put(evil(3), known("mx.test"));
        assertThat(IntStream.rangeClosed(1, 3).filter(i -> cache.has(evil(i)))).containsExactly(1, 3);
    }

    @Test
    void sts_expiredPoliciesAreDroppedFirst() {
        PolicyCache cache = new PolicyCache(clock, StsTesting.ROOM_FOR_TWO);
        cache.put(evil(1), known("mx.test"));
        for (int hour = 0; hour < 10; hour++) {
            clock.advance(PolicyCache.USE);
            cache.use(evil(1));
        }
        clock.advance(MAX_AGE);
        cache.put(evil(2), known("mx.test"));
        cache.put(evil(3), known("mx.test"));
        assertThat(IntStream.rangeClosed(1, 3).filter(i -> cache.has(evil(i)))).containsExactly(2, 3);
    }

    @Test
    void limit_octetsOfACachedPolicy() {
        PolicyCache cache = new PolicyCache(clock, PolicyCache.MAX_OCTETS);
        for (int more = -1; more <= 1; more++) {
            CachedPolicy known = ofOctets(PolicyCache.MAX_POLICY + more);
            cache.put(evil(more + 1), known);
            assertThat(cache.get(evil(more + 1)).kept().isPresent()).isEqualTo(more <= 0);
        }
    }

    /** Returns a policy of this size with a hundred names, lengthened as needed. */
    private CachedPolicy ofOctets(int octets) {
        String[] names = exchangers(StsPolicy.MAX_MX, 60);
        int left = octets - octets(known(names));
        for (int i = 0; left > 0; i++) {
            int label = left <= 42 ? left - 1 : 40;
            names[i] = "y".repeat(label) + "." + names[i];
            left -= label + 1;
        }
        assertThat(octets(known(names))).isEqualTo(octets);
        return known(names);
    }

    private static int octets(CachedPolicy known) {
        return String.join("\n", known.kept().orElseThrow().policy().lines()).length() + 1;
    }
}
