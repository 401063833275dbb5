// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * When a delivery that failed softly is tried again (RETRY-01, RFC 5321 §4.5.4.1). Pure.
 *
 * @param delays the wait after each attempt; the last one holds for all further attempts
 */
public record RetrySchedule(List<Duration> delays) {

    /** The shortest delay: below, a busy server would be asked before it can have changed its mind. */
    public static final Duration MIN_DELAY = Duration.ofSeconds(1);

    /** Soon at first, for greylisting and short outages; then rarely. */
    public static final RetrySchedule STANDARD = new RetrySchedule(List.of(
            Duration.ofMinutes(5),
            Duration.ofMinutes(10),
            Duration.ofMinutes(20),
            Duration.ofMinutes(40),
            Duration.ofHours(1),
            Duration.ofHours(2),
            Duration.ofHours(4)));

    /** Steps in a schedule. */
    public static final int MAX_DELAYS = 100;

    /** Up to so much is added to a delay, so that what failed together is not tried again together. */
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
     * How long to wait after an attempt; never less than the schedule says, as greylisting counts from its first refusal.
     *
     * @param attempts how many there were, at least 1
     */
    public Duration after(int attempts, RandomGenerator random) {
        Duration delay = delays.get(Math.min(attempts, delays.size()) - 1);
        return delay.plusMillis(random.nextLong(delay.toMillis() * JITTER_PERCENT / 100 + 1));
    }

    /** No wait is longer. */
    Duration longest() {
        Duration longest = delays.stream().max(Comparator.naturalOrder()).orElseThrow();
        return longest.plusMillis(longest.toMillis() * JITTER_PERCENT / 100);
    }
}
