// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.connect;

import java.time.InstantSource;
import java.util.Set;
import java.util.stream.Collectors;
import org.postroad.api.IpAddress;

/**
 * The addresses of our own interfaces, by which we find ourselves among the MXes (ORDER-08). Loopback addresses are not
 * among them: they are everybody's, and the address guard refuses them (ADDR-05). A public address on the loopback interface is.
 *
 * <p>Thread-safe; renewed like the families.
 */
public final class OwnAddresses {

    private final Renewed<Set<IpAddress>> addresses;

    public OwnAddresses(InstantSource clock) {
        this(clock, new SystemRouteProbe());
    }

    OwnAddresses(InstantSource clock, RouteProbe probe) {
        this.addresses = new Renewed<>(probe, clock, OwnAddresses::identities, Set.of());
    }

    /** Our addresses now; empty if the operating system could never be asked. */
    public Set<IpAddress> current() {
        return addresses.current();
    }

    private static Set<IpAddress> identities(Set<IpAddress> interfaceAddresses) {
        return interfaceAddresses.stream()
                .filter(address -> !AddressKinds.isLoopback(address))
                .collect(Collectors.toUnmodifiableSet());
    }
}
