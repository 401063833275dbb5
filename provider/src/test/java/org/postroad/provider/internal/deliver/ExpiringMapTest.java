// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.postroad.fixtures.VirtualClock;

/** Expiry, combination and capacity of the entries. */
class ExpiringMapTest {

    private static final Duration LASTING = Duration.ofMinutes(10);

    private final VirtualClock clock = new VirtualClock();
    private final ExpiringMap<String, Integer> map = new ExpiringMap<>(LASTING, 2, clock);

    private void set(String key, int value) {
        map.merge(key, value, Math::min);
    }

    @Test
    void aValueLastsForItsTime() {
        set("a", 1);
        clock.advance(LASTING);
        assertThat(map.get("a")).contains(1);
        clock.advance(Duration.ofNanos(1));
        assertThat(map.get("a")).isEmpty();
    }

    @Test
    void aSecondValueIsCombinedAndItsTimeBeginsAgain() {
        set("a", 2);
        clock.advance(LASTING);
        set("a", 3);
        clock.advance(LASTING);
        assertThat(map.get("a")).contains(2);
    }

    @Test
    void anExpiredValueIsNotCombined() {
        set("a", 2);
        clock.advance(LASTING.plusNanos(1));
        set("a", 3);
        assertThat(map.get("a")).contains(3);
    }

    @Test
    void beyondItsCapacityTheOldestEntryIsDropped() {
        set("a", 1);
        set("b", 2);
        set("a", 1);
        set("c", 3);
        assertThat(map.get("b")).isEmpty();
        assertThat(map.get("a")).contains(1);
        assertThat(map.get("c")).contains(3);
    }

    @Test
    void aRemovedValueIsGone() {
        set("a", 1);
        map.remove("a");
        assertThat(map.get("a")).isEmpty();
    }

    @Test
    void aMapIsSharedByThreads() throws Exception {
        set("a", 1);
        map.get("a");
        map.remove("b");
        FutureTask<Optional<Integer>> other = new FutureTask<>(() -> map.get("a"));
        new Thread(other).start();
        assertThat(other.get()).contains(1);
    }
}
