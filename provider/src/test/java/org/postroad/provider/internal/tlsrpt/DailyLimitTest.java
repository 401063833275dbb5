// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.tlsrpt;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.postroad.fixtures.VirtualClock;

/** The limit of reports to one destination in a day. */
class DailyLimitTest {

    private final VirtualClock clock = new VirtualClock(); // starts at midnight UTC

    @Test
    void limit_appliesToEachDestinationUntilMidnight() {
        assertThat(clock.instant()).isEqualTo(Instant.parse("2030-01-01T00:00:00Z"));
        DailyLimit limit = new DailyLimit(2, clock);
        assertThat(limit.tryCount("a")).isTrue();
        assertThat(limit.tryCount("a")).isTrue();
        assertThat(limit.tryCount("a")).isFalse();
        assertThat(limit.tryCount("b")).isTrue();
        clock.advance(Duration.ofDays(1).minusNanos(1));
        assertThat(limit.tryCount("a")).isFalse();
        clock.advance(Duration.ofNanos(1));
        assertThat(limit.tryCount("a")).isTrue();
    }

    @Test
    void limit_appliesToTheNumberOfDestinations() {
        DailyLimit limit = new DailyLimit(2, clock);
        for (int i = 0; i < DailyLimit.MAX_DESTINATIONS; i++) {
            assertThat(limit.tryCount("d" + i)).isTrue();
        }
        assertThat(limit.tryCount("one more")).isFalse();
        assertThat(limit.tryCount("d0")).isTrue();
    }
}
