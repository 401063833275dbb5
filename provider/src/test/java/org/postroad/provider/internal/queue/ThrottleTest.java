// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.postroad.api.DestinationPace.Limit;
import org.postroad.fixtures.VirtualClock;
import org.postroad.provider.internal.queue.Throttle.Refusal;

/** Limits of concurrent deliveries and of the rate, in virtual time. */
class ThrottleTest {

    private final VirtualClock clock = new VirtualClock();

    private Throttle throttle(int concurrency, Optional<Rate> rate) {
        return new Throttle(new QueueSettings.DestinationLimits(concurrency, rate), clock);
    }

    @Test
    void limits_concurrentDeliveriesToADestinationHaveALimit() {
        Throttle throttle = throttle(2, Optional.empty());
        assertThat(throttle.acquire("mx.one.test")).isEmpty();
        assertThat(throttle.acquire("mx.one.test")).isEmpty();
        assertThat(throttle.acquire("mx.one.test")).contains(new Refusal(Limit.CONCURRENCY, Throttle.BUSY));
        assertThat(throttle.acquire("mx.other.test")).isEmpty();
        throttle.release("mx.one.test");
        assertThat(throttle.acquire("mx.one.test")).isEmpty();
    }

    @Test
    void limits_theRateIsEvenlySpread() {
        Throttle throttle = throttle(10, Optional.of(new Rate(60, Duration.ofMinutes(1))));
        assertThat(throttle.acquire("mx.test")).isEmpty();
        clock.advance(Duration.ofMillis(400));
        assertThat(throttle.acquire("mx.test")).contains(new Refusal(Limit.RATE, Duration.ofMillis(600)));
        clock.advance(Duration.ofMillis(600));
        assertThat(throttle.acquire("mx.test")).isEmpty();
        assertThat(throttle.acquire("mx.test")).contains(new Refusal(Limit.RATE, Duration.ofSeconds(1)));
    }

    @Test
    void limits_theRateAppliesAfterAnIdlePeriod() {
        Throttle throttle = throttle(10, Optional.of(new Rate(1, Duration.ofMinutes(1))));
        assertThat(throttle.acquire("mx.test")).isEmpty();
        throttle.release("mx.test");
        assertThat(throttle.acquire("mx.test")).contains(new Refusal(Limit.RATE, Duration.ofMinutes(1)));
        clock.advance(Duration.ofMinutes(1));
        assertThat(throttle.acquire("mx.test")).isEmpty();
    }

    @Test
    void limits_onlyAnAcquiredSlotCanBeReleased() {
        Throttle throttle = throttle(1, Optional.empty());
        assertThatThrownBy(() -> throttle.release("mx.test"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("No delivery to mx.test is in progress");
    }
}
