// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.peers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.postroad.api.Family;
import org.postroad.api.IpAddress;

/**
 * A switch in its own namespace, and the hosts connected to it. The switch is also the gateway of all hosts, so that each host has a
 * default route in its families; it forwards nothing.
 */
final class LabNetwork implements AutoCloseable {

    private static final Path NAMESPACES = Path.of("/run/netns");
    private static final Path RESOLVER_FILES = Path.of("/etc/netns");

    private final LabZone zone;
    private final String hub = OwnName.PREFIX + "switch";

    LabNetwork(LabZone zone) {
        this.zone = zone;
        removeLeftovers();
        Command.run("ip", "netns", "add", hub);
        ip(hub, "link", "set", "lo", "up");
        ip(hub, "link", "add", "bridge", "type", "bridge");
        ip(hub, "link", "set", "bridge", "up");
        for (IpAddress address : zone.addressesOf("gateway")) {
            addAddress(hub, "bridge", address);
        }
    }

    /** Connects a host with exactly the addresses of the zone. It uses the resolver that does not validate. */
    LabHost plug(String name) {
        return plug(name, "ns", "");
    }

    /** Connects a host that uses the validating resolver and trusts it. */
    LabHost plugTrusting(String name) {
        return plug(name, "validating", "options edns0 trust-ad\n");
    }

    private LabHost plug(String name, String resolver, String options) {
        LabHost host = new LabHost(name, OwnName.PREFIX + name, zone.addressesOf(name));
        String namespace = host.namespace();
        Command.run("ip", "netns", "add", namespace);
        ip(hub, "link", "add", name, "type", "veth", "peer", "name", "eth0", "netns", namespace);
        ip(hub, "link", "set", name, "master", "bridge", "up");
        if (!host.has(Family.IPV6)) {
            String path = "/proc/sys/net/ipv6/conf/eth0/disable_ipv6";
            Command.run(host.command(List.of("sh", "-c", "echo 1 > " + path)));
        }
        ip(namespace, "link", "set", "lo", "up");
        ip(namespace, "link", "set", "eth0", "up");
        for (IpAddress address : host.addresses()) {
            addAddress(namespace, "eth0", address);
            IpAddress gateway = zone.addressOf("gateway", address.family());
            ip(namespace, family(address), "route", "replace", "default", "via", gateway.toString());
        }
        writeResolverFile(host, resolver, options);
        return host;
    }

    @Override
    public void close() {
        LabFiles.names(NAMESPACES).stream()
                .filter(name -> name.startsWith(OwnName.PREFIX))
                .forEach(LabNetwork::removeNamespace);
    }

    private void writeResolverFile(LabHost host, String resolver, String options) {
        String servers = zone.addressesOf(resolver).stream()
                .filter(address -> host.has(address.family()))
                .map(address -> "nameserver " + address + "\n")
                .collect(Collectors.joining());
        try {
            Path directory = Files.createDirectories(RESOLVER_FILES.resolve(host.namespace()));
            Files.writeString(directory.resolve("resolv.conf"), servers + options);
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    private static void addAddress(String namespace, String link, IpAddress address) {
        if (address.family() == Family.IPV4) {
            ip(namespace, "-4", "address", "add", address + "/24", "dev", link);
        } else {
            ip(namespace, "-6", "address", "add", address + "/64", "dev", link, "nodad");
        }
    }

    private static String family(IpAddress address) {
        return address.family() == Family.IPV4 ? "-4" : "-6";
    }

    private static void ip(String namespace, String... words) {
        Command.run(Stream.concat(Stream.of("ip", "-n", namespace), Stream.of(words))
                .toArray(String[]::new));
    }

    private static void removeLeftovers() {
        LabFiles.names(NAMESPACES).stream().filter(OwnName::isLeftover).forEach(LabNetwork::removeNamespace);
    }

    private static void removeNamespace(String name) {
        Command.run("ip", "netns", "pids", name)
                .lines()
                .map(pid -> ProcessHandle.of(Long.parseLong(pid.strip())))
                .flatMap(Optional::stream)
                .forEach(ProcessHandle::destroyForcibly);
        Command.run("ip", "netns", "delete", name);
        LabFiles.delete(RESOLVER_FILES.resolve(name));
    }
}
