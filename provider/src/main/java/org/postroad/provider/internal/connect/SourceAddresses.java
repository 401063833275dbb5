// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.connect;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.postroad.api.IpAddress;

/**
 * Finds the source address from which a destination would be dialled. The address orders need it (RFC 6724 §6, "Source(D)").
 *
 * <p>A configured address is used without checking, since it may have a route of its own. Otherwise the operating system is queried once
 * per destination, without sending a packet, and its answer is cached until the network may have changed (ADDR-03). Thread-safe.
 */
public final class SourceAddresses {

    private static final Logger LOGGER = System.getLogger(SourceAddresses.class.getName());

    /** Maximum number of destinations cached; further ones are queried each time. */
    static final int MAX_KEPT = 10_000;

    private final LocalAddresses configured;
    private final RouteProbe probe;
    private final CachedDetection<Map<IpAddress, Optional<IpAddress>>> kept;

    public SourceAddresses(LocalAddresses configured, InstantSource clock) {
        this(configured, new SystemRouteProbe(), clock);
    }

    SourceAddresses(LocalAddresses configured, RouteProbe probe, InstantSource clock) {
        this.configured = configured;
        this.probe = probe;
        this.kept =
                new CachedDetection<>(probe, clock, addresses -> new ConcurrentHashMap<>(), new ConcurrentHashMap<>());
    }

    /** Returns the source address; empty if there is no route, or none is known. */
    public Optional<IpAddress> sourceFor(IpAddress destination) {
        return configured.of(destination.family()).or(() -> detected(destination));
    }

    private Optional<IpAddress> detected(IpAddress destination) {
        Map<IpAddress, Optional<IpAddress>> now = kept.current();
        if (now.containsKey(destination)) {
            return now.getOrDefault(destination, Optional.empty());
        }
        try {
            Optional<IpAddress> found = probe.sourceFor(destination);
            if (now.size() < MAX_KEPT) {
                now.put(destination, found);
            }
            return found;
        } catch (IOException cannotAsk) {
            LOGGER.log(Level.WARNING, "The source address for " + destination + " could not be determined", cannotAsk);
            return Optional.empty();
        }
    }
}
