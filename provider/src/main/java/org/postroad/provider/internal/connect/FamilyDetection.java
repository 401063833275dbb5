// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.connect;

import java.io.IOException;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.postroad.api.Family;
import org.postroad.api.IpAddress;

/**
 * Detects our families, that is, the IP families in which this host can reach the Internet (ADDR-01, ADDR-03).
 *
 * <p>A family counts if the operating system has a route to a distant address of that family and a source address that can receive replies
 * from there: a global one for IPv6; for IPv4 also a private one, because NAT is normal there. Operators who use NAT66 or a prefix
 * translator in front of unique local addresses set {@code families=both}.
 *
 * <p>Thread-safe. Checks the network interfaces at most once every {@link CachedDetection#CHECK_INTERVAL}.
 */
public final class FamilyDetection {

    /**
     * A root name server (a.root-servers.net) in each family, far enough away that only the default route leads there. Nothing is ever sent
     * to it.
     */
    private static final Map<Family, IpAddress> FAR_AWAY =
            Map.of(Family.IPV4, IpAddress.parse("198.41.0.4"), Family.IPV6, IpAddress.parse("2001:503:ba3e::2:30"));

    private final Optional<Set<Family>> fixed;
    private final RouteProbe probe;
    private final CachedDetection<Set<Family>> detected;

    /** Uses the configured families, or detects them if the setting is {@code auto}. */
    public FamilyDetection(FamiliesSetting setting, InstantSource clock) {
        this(setting, clock, new SystemRouteProbe());
    }

    FamilyDetection(FamiliesSetting setting, InstantSource clock, RouteProbe probe) {
        this.fixed = setting.fixed();
        this.probe = probe;
        // If the operating system cannot answer (no file descriptor left), both families are tried.
        this.detected = new CachedDetection<>(probe, clock, addresses -> detect(), Set.of(Family.values()));
    }

    /**
     * Returns our families now. The set is empty if this host has no network at all. No address is usable then, and the caller must treat
     * that as a temporary local condition, never as a fault of the destination.
     */
    public Set<Family> current() {
        return fixed.orElseGet(detected::current);
    }

    private Set<Family> detect() throws IOException {
        Set<Family> found = EnumSet.noneOf(Family.class);
        for (Family family : Family.values()) {
            if (distantSource(family)
                    .filter(LocalAddressKinds::reachesTheInternet)
                    .isPresent()) {
                found.add(family);
            }
        }
        return Set.copyOf(found);
    }

    /**
     * Returns the source address that the operating system would choose for a distant destination of the family; empty if there is no
     * route.
     */
    public Optional<IpAddress> distantSource(Family family) throws IOException {
        return probe.sourceFor(Objects.requireNonNull(FAR_AWAY.get(family)));
    }
}
