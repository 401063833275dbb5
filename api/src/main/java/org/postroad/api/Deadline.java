// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * The time by which a wait must end.
 *
 * @param at the end of the wait, according to the clock
 * @param clock the time source; {@link #MONOTONIC} if the deadline was created by {@link #after(Duration)}
 */
public record Deadline(Instant at, InstantSource clock) {

    private static final Duration LONGEST_WAIT = Duration.ofMillis(Integer.MAX_VALUE);
    private static final Instant ORIGIN = Instant.now();
    private static final long ORIGIN_NANOS = System.nanoTime();

    /** A monotonic clock: changes of the system clock do not affect it. */
    public static final InstantSource MONOTONIC = () -> ORIGIN.plusNanos(System.nanoTime() - ORIGIN_NANOS);

    /** {@return a deadline this long from now, measured by {@link #MONOTONIC}} */
    public static Deadline after(Duration duration) {
        return after(duration, MONOTONIC);
    }

    /** {@return a deadline this long from now, measured by the given clock} */
    public static Deadline after(Duration duration, InstantSource clock) {
        return new Deadline(clock.instant().plus(duration), clock);
    }

    /** {@return the remaining time, or zero if the deadline has passed; never negative} */
    public Duration remaining() {
        Duration left = Duration.between(clock.instant(), at);
        return left.isNegative() ? Duration.ZERO : left;
    }

    /** {@return whether no time remains} */
    public boolean hasPassed() {
        return remaining().isZero();
    }

    /** {@return the remaining time in milliseconds, for socket options} It is at least 1, because 0 means "no limit" there. */
    public int remainingMillis() {
        Duration left = remaining();
        return left.compareTo(LONGEST_WAIT) >= 0 ? Integer.MAX_VALUE : (int) Math.max(1, left.toMillis());
    }

    /** {@return the earlier of this deadline and one this long from now} */
    public Deadline atMost(Duration duration) {
        Instant other = clock.instant().plus(duration);
        return other.isBefore(at) ? new Deadline(other, clock) : this;
    }
}
