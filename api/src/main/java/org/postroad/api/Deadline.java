// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * A moment after which a wait must have ended.
 *
 * @param at the moment, by the clock
 * @param clock what tells the time; one that never goes back where it was made by {@link #after(Duration)}
 */
public record Deadline(Instant at, InstantSource clock) {

    private static final Duration LONGEST_WAIT = Duration.ofMillis(Integer.MAX_VALUE);
    private static final Instant ORIGIN = Instant.now();
    private static final long ORIGIN_NANOS = System.nanoTime();

    /** A clock that goes forward steadily, whatever happens to the wall clock. */
    public static final InstantSource STEADY = () -> ORIGIN.plusNanos(System.nanoTime() - ORIGIN_NANOS);

    /** So long from now. */
    public static Deadline after(Duration duration) {
        return after(duration, STEADY);
    }

    /** So long from now, by the given clock. */
    public static Deadline after(Duration duration, InstantSource clock) {
        return new Deadline(clock.instant().plus(duration), clock);
    }

    /** The time that is left; zero when it is over, never negative. */
    public Duration remaining() {
        Duration left = Duration.between(clock.instant(), at);
        return left.isNegative() ? Duration.ZERO : left;
    }

    public boolean hasPassed() {
        return remaining().isZero();
    }

    /** The remaining time in milliseconds for socket options, where 0 would mean forever: at least 1. */
    public int remainingMillis() {
        Duration left = remaining();
        return left.compareTo(LONGEST_WAIT) >= 0 ? Integer.MAX_VALUE : (int) Math.max(1, left.toMillis());
    }

    /** The nearer of this deadline and one that is so far from now. */
    public Deadline orAfter(Duration duration) {
        Instant other = clock.instant().plus(duration);
        return other.isBefore(at) ? new Deadline(other, clock) : this;
    }
}
