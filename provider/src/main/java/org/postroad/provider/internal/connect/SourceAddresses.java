// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.connect;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;
import org.postroad.api.IpAddress;

/**
 * From which address a destination would be dialled; the address orders want to know (RFC 6724 §6, "Source(D)").
 *
 * <p>A configured address is believed: there may be a route for it alone. Thread-safe; one question to the operating system
 * for each destination, no packet.
 */
public final class SourceAddresses {

    private static final Logger LOGGER = System.getLogger(SourceAddresses.class.getName());

    private final LocalAddresses configured;
    private final RouteProbe probe;

    public SourceAddresses(LocalAddresses configured) {
        this(configured, new SystemRouteProbe());
    }

    SourceAddresses(LocalAddresses configured, RouteProbe probe) {
        this.configured = configured;
        this.probe = probe;
    }

    /** The source address; empty where there is no route, or none is known. */
    public Optional<IpAddress> sourceFor(IpAddress destination) {
        return configured.of(destination.family()).or(() -> detected(destination));
    }

    private Optional<IpAddress> detected(IpAddress destination) {
        try {
            return probe.sourceFor(destination);
        } catch (IOException cannotAsk) {
            LOGGER.log(Level.WARNING, "The source address for " + destination + " could not be found out", cannotAsk);
            return Optional.empty();
        }
    }
}
