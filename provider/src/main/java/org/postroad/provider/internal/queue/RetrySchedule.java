// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The delays after which a delivery is retried after a temporary failure (RETRY-01, RFC 5321 §4.5.4.1). Pure.
 *
 * @param delays the delay after each attempt; the last one applies to all further attempts
 */
public record RetrySchedule(List<Duration> delays) {

    /** The minimum delay. Below it, the state of a busy server is unlikely to have changed. */
    public static final Duration MIN_DELAY = Duration.ofSeconds(1);

    /** Short delays first, for greylisting and short outages; then long ones. */
    public static final RetrySchedule STANDARD = new RetrySchedule(List.of(
            Duration.ofMinutes(5),
            Duration.ofMinutes(10),
            Duration.ofMinutes(20),
            Duration.ofMinutes(40),
            Duration.ofHours(1),
            Duration.ofHours(2),
            Duration.ofHours(4)));

    /** Maximum number of delays in a schedule. */
    public static final int MAX_DELAYS = 100;

    /** Up to this percentage is added to a delay, so that deliveries that failed together are not retried together. */
    static final int JITTER_PERCENT = 10;

    /** @throws IllegalArgumentException if there is no delay, too many, or one that is too short; the message names it */
    public RetrySchedule {
        delays = List.copyOf(delays);
        if (delays.isEmpty() || delays.size() > MAX_DELAYS) {
            throw new IllegalArgumentException(
                    "A retry schedule has 1 to " + MAX_DELAYS + " delays, not " + delays.size());
        }
        for (Duration delay : delays) {
            if (delay.compareTo(MIN_DELAY) < 0) {
                throw new IllegalArgumentException("The retry delay " + delay + " is shorter than " + MIN_DELAY);
            }
        }
    }

    /**
     * Returns how long to wait after an attempt. Never less than the scheduled delay, because greylisting counts from its first refusal.
     *
     * @param attempts the number of attempts so far, at least 1
     */
    public Duration after(int attempts, RandomGenerator random) {
        Duration delay = delays.get(Math.min(attempts, delays.size()) - 1);
        return delay.plusMillis(random.nextLong(delay.toMillis() * JITTER_PERCENT / 100 + 1));
    }

    /** Returns the upper limit of all delays, including jitter. */
    Duration longest() {
        Duration longest = delays.stream().max(Comparator.naturalOrder()).orElseThrow();
        return longest.plusMillis(longest.toMillis() * JITTER_PERCENT / 100);
    }
}
