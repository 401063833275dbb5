// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The time by which a wait must end.
 *
 * @param at the end of the wait, according to the clock
 * @param clock the time source; {@link #MONOTONIC} if the deadline was created by {@link #after(Duration)}
 */
public record Deadline(Instant at, InstantSource clock) {

    private static final Duration LONGEST_WAIT = Duration.ofMillis(Integer.MAX_VALUE);

    /** A monotonic clock: changes of the system clock do not affect it. */
    public static final InstantSource MONOTONIC = new MonotonicClock();

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

    /**
     * Counts from the time of its first use, which is not read in the static initialiser: that may run when a native image is built, on
     * another machine.
     */
    private static final class MonotonicClock implements InstantSource {

        private final AtomicReference<@Nullable Origin> origin = new AtomicReference<>();

        private record Origin(Instant time, long nanos) {

            Instant now() {
                return time.plusNanos(System.nanoTime() - nanos);
            }
        }

        @Override
        public Instant instant() {
            Origin known = origin.get();
            return known != null ? known.now() : start();
        }

        private Instant start() {
            Origin now = new Origin(Instant.now(), System.nanoTime());
            Origin first = origin.compareAndExchange(null, now);
            return first != null ? first.now() : now.time();
        }
    }
}
