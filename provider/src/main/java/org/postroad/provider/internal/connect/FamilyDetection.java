// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.connect;

import java.io.IOException;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.postroad.api.Family;
import org.postroad.api.IpAddress;

/**
 * Our families: in which we can reach the Internet (ADDR-01, ADDR-03).
 *
 * <p>A family is ours if the operating system has a route to a far address of it and a source address that can be answered
 * there: for IPv6 a global one, for IPv4 also a private one, because there NAT is normal. Whoever has NAT66 or a prefix
 * translator in front of unique local addresses says {@code families=both}.
 *
 * <p>Thread-safe; costs a look at the interfaces every {@link Renewed#LOOK_INTERVAL} at most.
 */
public final class FamilyDetection {

    /**
     * A root name server (a.root-servers.net) in each family: far enough that only the default route leads there. Nothing
     * is ever sent to it.
     */
    private static final List<IpAddress> FAR_AWAY =
            List.of(IpAddress.parse("198.41.0.4"), IpAddress.parse("2001:503:ba3e::2:30"));

    private final Optional<Set<Family>> fixed;
    private final RouteProbe probe;
    private final Renewed<Set<Family>> detected;

    /** Detects, or follows the setting. */
    public FamilyDetection(FamiliesSetting setting, InstantSource clock) {
        this(setting, clock, new SystemRouteProbe());
    }

    FamilyDetection(FamiliesSetting setting, InstantSource clock, RouteProbe probe) {
        this.fixed = setting.fixed();
        this.probe = probe;
        // An operating system that cannot be asked (no file descriptor left) has not said "no": let the dial find out.
        this.detected = new Renewed<>(probe, clock, addresses -> detect(), Set.of(Family.values()));
    }

    /**
     * Our families now. The set is empty if this machine has no network at all: then no address is usable, and the caller
     * must take that for a temporary state of ours, never for something the destination lacks.
     */
    public Set<Family> current() {
        return fixed.orElseGet(detected::current);
    }

    private Set<Family> detect() throws IOException {
        Set<Family> found = EnumSet.noneOf(Family.class);
        for (IpAddress destination : FAR_AWAY) {
            Optional<IpAddress> source = probe.sourceFor(destination);
            if (source.isPresent() && AddressKinds.reachesTheInternet(source.get())) {
                found.add(destination.family());
            }
        }
        return Set.copyOf(found);
    }
}
