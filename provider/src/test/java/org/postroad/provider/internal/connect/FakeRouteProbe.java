// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.connect;

import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.postroad.api.Family;
import org.postroad.api.IpAddress;

/** Simulates the network of an operating system. Counts the queries. */
final class FakeRouteProbe implements RouteProbe {

    private final Map<Family, IpAddress> sources = new EnumMap<>(Family.class);
    private Set<IpAddress> interfaces = Set.of();
    private boolean broken;
    int routesAsked;
    int interfacesRead;

    /** Sets the source addresses, at most one per family. Families without one have no route. */
    FakeRouteProbe sources(String... addresses) {
        sources.clear();
        Stream.of(addresses).map(IpAddress::parse).forEach(address -> sources.put(address.family(), address));
        return this;
    }

    FakeRouteProbe interfaces(String... addresses) {
        interfaces = Stream.of(addresses).map(IpAddress::parse).collect(Collectors.toUnmodifiableSet());
        return this;
    }

    /** Sets whether the operating system can be queried. */
    FakeRouteProbe broken(boolean isBroken) {
        broken = isBroken;
        return this;
    }

    @Override
    public Optional<IpAddress> sourceFor(IpAddress destination) throws IOException {
        checkNotBroken();
        routesAsked++;
        return Optional.ofNullable(sources.get(destination.family()));
    }

    @Override
    public Set<IpAddress> interfaceAddresses() throws IOException {
        checkNotBroken();
        interfacesRead++;
        return interfaces;
    }

    private void checkNotBroken() throws IOException {
        if (broken) {
            throw new IOException("Too many open files");
        }
    }
}
