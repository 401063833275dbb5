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
 * From which address a destination would be dialled; the address orders want to know (RFC 6724 §6, "Source(D)").
 *
 * <p>A configured address is believed: there may be a route for it alone. Thread-safe; one question to the operating system
 * for each destination, no packet, and the answer kept as long as nothing can have changed (ADDR-03).
 */
public final class SourceAddresses {

    private static final Logger LOGGER = System.getLogger(SourceAddresses.class.getName());

    /** Destinations whose answer is kept; those beyond are asked for each time. */
    static final int MAX_KEPT = 10_000;

    private final LocalAddresses configured;
    private final RouteProbe probe;
    private final Renewed<Map<IpAddress, Optional<IpAddress>>> kept;

    public SourceAddresses(LocalAddresses configured, InstantSource clock) {
        this(configured, new SystemRouteProbe(), clock);
    }

    SourceAddresses(LocalAddresses configured, RouteProbe probe, InstantSource clock) {
        this.configured = configured;
        this.probe = probe;
        this.kept = new Renewed<>(probe, clock, addresses -> new ConcurrentHashMap<>(), new ConcurrentHashMap<>());
    }

    /** The source address; empty where there is no route, or none is known. */
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
            LOGGER.log(Level.WARNING, "The source address for " + destination + " could not be found out", cannotAsk);
            return Optional.empty();
        }
    }
}
