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
 * A fact about our own machine, kept, and renewed when it can have changed (ADDR-03): when the addresses of the interfaces
 * are not the ones of last time, and now and then in any case, because a route can change without them.
 *
 * <p>Thread-safe without a lock: one thread renews while the others go on with what was known.
 *
 * @param <T> the fact
 */
final class Renewed<T> {

    /** The interfaces are looked at no more often than this, however much mail flows. */
    static final Duration LOOK_INTERVAL = Duration.ofSeconds(5);

    /** The fact is found anew after this time even if the interfaces look the same. */
    static final Duration MAX_AGE = Duration.ofSeconds(30);

    private static final Logger LOGGER = System.getLogger(Renewed.class.getName());

    private final RouteProbe probe;
    private final InstantSource clock;
    private final Detection<T> detection;
    private final T unknown;
    private final AtomicReference<@Nullable Known<T>> latest = new AtomicReference<>();

    /** @param unknown the answer as long as the operating system could never be asked */
    Renewed(RouteProbe probe, InstantSource clock, Detection<T> detection, T unknown) {
        this.probe = probe;
        this.clock = clock;
        this.detection = detection;
        this.unknown = unknown;
    }

    /** Finds the fact. */
    @FunctionalInterface
    interface Detection<T> {
        T detect(Set<IpAddress> interfaceAddresses) throws IOException;
    }

    T current() {
        Instant now = clock.instant();
        Known<T> known = latest.get();
        if (known == null) {
            Known<T> first = look(new Known<>(unknown, Set.of(), Instant.MIN, now), now);
            // Of several first looks any will do.
            latest.compareAndSet(null, first);
            return first.value();
        }
        if (now.isBefore(known.lookedAt().plus(LOOK_INTERVAL))) {
            return known.value();
        }
        Known<T> claimed = known.lookedAt(now);
        if (!latest.compareAndSet(known, claimed)) {
            return known.value();
        }
        Known<T> renewed = look(claimed, now);
        latest.compareAndSet(claimed, renewed);
        return renewed.value();
    }

    private Known<T> look(Known<T> known, Instant now) {
        try {
            Set<IpAddress> addresses = probe.interfaceAddresses();
            boolean young = known.detectedAt().isAfter(now.minus(MAX_AGE));
            return young && addresses.equals(known.addresses())
                    ? known
                    : new Known<>(detection.detect(addresses), addresses, now, now);
        } catch (IOException cannotAsk) {
            LOGGER.log(
                    Level.WARNING,
                    "The network of this machine could not be looked at; using " + known.value(),
                    cannotAsk);
            return known;
        }
    }

    /**
     * @param addresses of the interfaces, when the value was found
     * @param detectedAt when it was found
     * @param lookedAt when the interfaces were last looked at
     */
    private record Known<T>(T value, Set<IpAddress> addresses, Instant detectedAt, Instant lookedAt) {
        Known<T> lookedAt(Instant moment) {
            return new Known<>(value, addresses, detectedAt, moment);
        }
    }
}
