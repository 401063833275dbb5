// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.peers;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** NSD with the zones, and two resolvers in front of it: an unbound that does not validate, and one that does. */
final class NameServers implements AutoCloseable {

    private static final int DNS_PORT = 53;

    private final SignedZones zones;
    private final LabProcess authoritative;
    private final LabProcess validating;
    private final LabHost plainHost;
    private final Path plainDirectory;
    private LabProcess plain;

    /** @param published the values for the templates of the zone files */
    NameServers(LabNetwork network, LabFiles files, Map<String, String> published) {
        LabHost host = network.plug("auth");
        Path directory = files.directory("auth");
        zones = new SignedZones(directory, published);
        Path nsd = LabFiles.write(
                directory.resolve("nsd.conf"),
                List.of("nsd.conf"),
                Map.of("directory", directory.toString(), "zones", zones.configuration()));
        authoritative = LabProcess.start(
                host, DNS_PORT, directory.resolve("nsd.log"), List.of("nsd", "-d", "-c", nsd.toString()));
        plainHost = network.plug("ns");
        plainDirectory = files.directory("ns");
        configure(plainHost, plainDirectory, host, "module-config: \"iterator\"");
        plain = start(plainHost, plainDirectory);
        LabHost validatingHost = network.plug("validating");
        Path validatingDirectory = files.directory("validating");
        configure(
                validatingHost,
                validatingDirectory,
                host,
                "module-config: \"validator iterator\"\n    trust-anchor-file: \"" + trustAnchor() + "\"");
        validating = start(validatingHost, validatingDirectory);
    }

    /** Returns a file with the root's key. */
    Path trustAnchor() {
        return zones.trustAnchor();
    }

    /** Runs a task while the resolver that does not validate is stopped, and starts it again afterwards in any case. */
    <T> T whileResolverIsStopped(Supplier<T> action) {
        plain.close();
        try {
            return action.get();
        } finally {
            plain = start(plainHost, plainDirectory);
        }
    }

    @Override
    public void close() {
        plain.close();
        validating.close();
        authoritative.close();
    }

    private static void configure(LabHost host, Path directory, LabHost authoritative, String validation) {
        String interfaces = host.addresses().stream()
                .map(address -> "    interface: " + address)
                .collect(Collectors.joining("\n"));
        LabFiles.write(
                directory.resolve("unbound.conf"),
                List.of("unbound.conf"),
                Map.of(
                        "directory",
                        directory.toString(),
                        "interfaces",
                        interfaces,
                        "validation",
                        "    " + validation,
                        "authoritative",
                        authoritative.addresses().get(0).toString()));
    }

    private static LabProcess start(LabHost host, Path directory) {
        String configuration = directory.resolve("unbound.conf").toString();
        return LabProcess.start(
                host, DNS_PORT, directory.resolve("unbound.log"), List.of("unbound", "-d", "-c", configuration));
    }
}
