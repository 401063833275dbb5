// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.connect;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.postroad.api.IpAddress;

/**
 * Caches a fact about this host and detects it again when it may have changed (ADDR-03): when the addresses of the interfaces have changed,
 * and periodically, because a route can change without them.
 *
 * <p>Thread-safe without a lock: one thread refreshes while the others use the previous value.
 *
 * @param <T> the fact
 */
final class CachedDetection<T> {

    /** Minimum time between two checks of the interfaces, however much mail is sent. */
    static final Duration CHECK_INTERVAL = Duration.ofSeconds(5);

    /** The fact is detected again after this time even if the interfaces have not changed. */
    static final Duration MAX_AGE = Duration.ofSeconds(30);

    private static final Logger LOGGER = System.getLogger(CachedDetection.class.getName());

    private final RouteProbe probe;
    private final InstantSource clock;
    private final Detection<T> detection;
    private final T unknown;
    private final AtomicReference<@Nullable Detected<T>> latest = new AtomicReference<>();

    /** @param unknown the value to use until the operating system has answered for the first time */
    CachedDetection(RouteProbe probe, InstantSource clock, Detection<T> detection, T unknown) {
        this.probe = probe;
        this.clock = clock;
        this.detection = detection;
        this.unknown = unknown;
    }

    /** Detects the fact. */
    @FunctionalInterface
    interface Detection<T> {
        T detect(Set<IpAddress> interfaceAddresses) throws IOException;
    }

    T current() {
        Instant now = clock.instant();
        Detected<T> known = latest.get();
        if (known == null) {
            Detected<T> first = refresh(new Detected<>(unknown, Set.of(), Instant.MIN, now), now);
            // If several threads detect it for the first time, any of the results will do.
            latest.compareAndSet(null, first);
            return first.value();
        }
        if (now.isBefore(known.checkedAt().plus(CHECK_INTERVAL))) {
            return known.value();
        }
        Detected<T> claimed = known.checkedAt(now);
        if (!latest.compareAndSet(known, claimed)) {
            return known.value();
        }
        Detected<T> renewed = refresh(claimed, now);
        latest.compareAndSet(claimed, renewed);
        return renewed.value();
    }

    private Detected<T> refresh(Detected<T> known, Instant now) {
        try {
            Set<IpAddress> addresses = probe.interfaceAddresses();
            boolean young = known.detectedAt().isAfter(now.minus(MAX_AGE));
            return young && addresses.equals(known.addresses())
                    ? known
                    : new Detected<>(detection.detect(addresses), addresses, now, now);
        } catch (IOException cannotAsk) {
            LOGGER.log(
                    Level.WARNING,
                    "The network of this machine could not be examined; using " + known.value(),
                    cannotAsk);
            return known;
        }
    }

    /**
     * @param addresses the addresses of the interfaces when the value was detected
     * @param detectedAt when the value was detected
     * @param checkedAt when the interfaces were last checked
     */
    private record Detected<T>(T value, Set<IpAddress> addresses, Instant detectedAt, Instant checkedAt) {
        Detected<T> checkedAt(Instant moment) {
            return new Detected<>(value, addresses, detectedAt, moment);
        }
    }
}
