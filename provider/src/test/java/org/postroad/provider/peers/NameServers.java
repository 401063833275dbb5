// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.peers;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.postroad.api.Family;

/** NSD with the zone, and unbound in front of it. */
final class NameServers implements AutoCloseable {

    private static final int DNS_PORT = 53;
    private static final int AUTHORITATIVE_PORT = 5353;

    private final LabHost host;
    private final Path directory;
    private final LabProcess authoritative;
    private LabProcess resolver;

    NameServers(LabHost host, LabZone zone, Path directory) {
        this.host = host;
        this.directory = directory;
        Map<String, String> values = Map.of(
                "directory", directory.toString(),
                "ipv4", zone.addressOf(host.name(), Family.IPV4).toString(),
                "ipv6", zone.addressOf(host.name(), Family.IPV6).toString());
        LabFiles.write(directory.resolve("internet.zone"), List.of("internet.zone"), Map.of());
        Path nsd = LabFiles.write(directory.resolve("nsd.conf"), List.of("nsd.conf"), values);
        LabFiles.write(directory.resolve("unbound.conf"), List.of("unbound.conf"), values);
        authoritative = LabProcess.start(
                host, AUTHORITATIVE_PORT, directory.resolve("nsd.log"), List.of("nsd", "-d", "-c", nsd.toString()));
        resolver = startResolver();
    }

    /** Runs something while no resolver answers; the resolver comes back whatever happens. */
    <T> T whileResolverIsStopped(Supplier<T> action) {
        resolver.close();
        try {
            return action.get();
        } finally {
            resolver = startResolver();
        }
    }

    @Override
    public void close() {
        resolver.close();
        authoritative.close();
    }

    private LabProcess startResolver() {
        String configuration = directory.resolve("unbound.conf").toString();
        return LabProcess.start(
                host, DNS_PORT, directory.resolve("unbound.log"), List.of("unbound", "-d", "-c", configuration));
    }
}
