// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.postroad.api.DestinationPace.Limit;

/** Limits the concurrent deliveries to a destination and their rate. Keeps no entries for destinations that are not in use. Thread-safe. */
final class Throttle {

    /** How soon to try again if all slots are in use. */
    static final Duration BUSY = Duration.ofSeconds(1);

    private final QueueSettings.DestinationLimits limits;
    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Map<String, DestinationUse> uses = new HashMap<>();

    /** Guarded by lock. */
    private static final class DestinationUse {
        private int running;
        private Instant next = Instant.MIN;
    }

    Throttle(QueueSettings.DestinationLimits limits, InstantSource clock) {
        this.limits = limits;
        this.clock = clock;
    }

    /**
     * Why no slot was acquired.
     *
     * @param cause {@link Limit#CONCURRENCY} or {@link Limit#RATE}
     * @param pause how long to wait before the next try
     */
    record Refusal(Limit cause, Duration pause) {

        /** Returns whether to use the thread elsewhere until then: the slots may be in use for long. */
        boolean isLong() {
            return pause.compareTo(BUSY) >= 0;
        }
    }

    /** Acquires a slot, to be released; or returns why there is none. */
    Optional<Refusal> acquire(String destination) {
        lock.lock();
        try {
            Instant now = clock.instant();
            DestinationUse use = uses.computeIfAbsent(destination, key -> new DestinationUse());
            if (use.running >= limits.concurrency()) {
                return Optional.of(new Refusal(Limit.CONCURRENCY, BUSY));
            }
            Duration interval = limits.rate().map(Rate::interval).orElse(Duration.ZERO);
            Duration wait = now.isBefore(use.next) ? Duration.between(now, use.next) : Duration.ZERO;
            // A longer wait than the interval means that the clock was set back: do not wait.
            if (!wait.isZero() && wait.compareTo(interval) <= 0) {
                return Optional.of(new Refusal(Limit.RATE, wait));
            }
            use.next = now.plus(interval);
            use.running++;
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    void release(String destination) {
        lock.lock();
        try {
            Instant now = clock.instant();
            DestinationUse own = uses.get(destination);
            if (own == null || own.running == 0) {
                throw new IllegalStateException("No delivery to " + destination + " is in progress");
            }
            own.running--;
            uses.values().removeIf(use -> use.running == 0 && !now.isBefore(use.next));
        } finally {
            lock.unlock();
        }
    }
}
