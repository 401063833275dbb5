// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** The delays between attempts, and their jitter (RETRY-01). */
class RetryScheduleTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    /** A generator that always returns the least, or always the greatest value. */
    private static RandomGenerator always(boolean most) {
        return new Random() {
            @Override
            public long nextLong(long bound) {
                return most ? bound - 1 : 0;
            }
        };
    }

    @Test
    void RETRY_01_theDefaultScheduleStartsShortAndEndsLong() {
        List<Long> minutes = new ArrayList<>();
        for (int attempts = 1; attempts <= 9; attempts++) {
            minutes.add(RetrySchedule.STANDARD.after(attempts, always(false)).toMinutes());
        }
        assertThat(minutes).containsExactly(5L, 10L, 20L, 40L, 60L, 120L, 240L, 240L, 240L);
    }

    @Test
    void RETRY_01_jitterAddsAtMostATenth() {
        RetrySchedule schedule = new RetrySchedule(List.of(Duration.ofMinutes(10)));
        assertThat(schedule.after(1, always(false))).isEqualTo(Duration.ofMinutes(10));
        assertThat(schedule.after(1, always(true))).isEqualTo(Duration.ofMinutes(11));
    }

    @Test
    void queue_aScheduleHasOneToAHundredDelaysOfAtLeastASecond() {
        assertThat(new RetrySchedule(Collections.nCopies(100, RetrySchedule.MIN_DELAY)).delays())
                .hasSize(100);
        assertThatThrownBy(() -> new RetrySchedule(List.of())).hasMessageContaining("1 to 100 delays, not 0");
        assertThatThrownBy(() -> new RetrySchedule(Collections.nCopies(101, MINUTE)))
                .hasMessageContaining("1 to 100 delays, not 101");
        assertThatThrownBy(() -> new RetrySchedule(List.of(MINUTE, Duration.ofMillis(999))))
                .hasMessageContaining("PT0.999S is shorter than PT1S");
    }
}
