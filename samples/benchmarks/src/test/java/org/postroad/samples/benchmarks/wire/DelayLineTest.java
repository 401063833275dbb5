// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** Delay, order and window of the delay line, with a given clock. */
@NullMarked
class DelayLineTest {

    private static final long DELAY = 25;
    private static final long WINDOW = 100;

    private final DelayLine<String> line = new DelayLine<>(DELAY, WINDOW);

    @Test
    void aChunkIsReleasedAtItsTimeAndNotBefore() {
        line.put("a", 1, 1000);
        assertThat(line.nanosUntilNext(1000)).hasValue(25);
        assertThat(line.nanosUntilNext(1024)).hasValue(1);
        assertThatThrownBy(() -> line.take(1024)).isInstanceOf(IllegalStateException.class);
        assertThat(line.nanosUntilNext(1025)).hasValue(0);
        assertThat(line.take(1025)).isEqualTo("a");
        assertThat(line.nanosUntilNext(1025)).isEmpty();
    }

    @Test
    void chunksPutTogetherAreReleasedTogether() {
        for (int i = 0; i < WINDOW; i++) {
            line.put("chunk " + i, 1, 0);
        }
        for (int i = 0; i < WINDOW; i++) {
            assertThat(line.take(DELAY)).isEqualTo("chunk " + i);
        }
    }

    @Test
    void eachChunkIsDelayedFromTheTimeItWasPut() {
        line.put("early", 1, 0);
        line.put("late", 1, 10);
        assertThat(line.take(25)).isEqualTo("early");
        assertThat(line.nanosUntilNext(25)).hasValue(10);
        assertThat(line.nanosUntilNext(99)).hasValue(0);
        assertThat(line.take(99)).isEqualTo("late");
    }

    @Test
    void theWindowLimitsTheOctetsInTransit() {
        line.put("most of it", 99, 0);
        assertThat(line.hasRoomFor(1)).isTrue();
        assertThat(line.hasRoomFor(2)).isFalse();
        line.put("the rest", 1, 0);
        assertThat(line.hasRoomFor(1)).isFalse();
        line.take(DELAY);
        assertThat(line.hasRoomFor(99)).isTrue();
        assertThat(line.hasRoomFor(100)).isFalse();
    }

    @Test
    void aChunkLargerThanTheWindowIsInTransitAlone() {
        assertThat(line.hasRoomFor(1000)).isTrue();
        line.put("large", 1000, 0);
        assertThat(line.hasRoomFor(1)).isFalse();
    }

    @Test
    void aClockMayStartAtAnyValue() {
        line.put("a", 1, Long.MAX_VALUE - 5); // System.nanoTime() wraps around
        assertThat(line.nanosUntilNext(Long.MAX_VALUE)).hasValue(20);
        assertThat(line.take(Long.MIN_VALUE + 19)).isEqualTo("a");
    }
}
