// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.peers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.postroad.api.Family;
import org.postroad.api.IpAddress;

/**
 * A host of the lab: a network namespace on the switch.
 *
 * @param name its name under {@code example}
 * @param namespace the name of its namespace
 * @param addresses at least one
 */
record LabHost(String name, String namespace, List<IpAddress> addresses) {

    LabHost {
        addresses = List.copyOf(addresses);
    }

    boolean has(Family family) {
        return addresses.stream().anyMatch(address -> address.family() == family);
    }

    /** Returns the command that runs a program with the network and {@code /etc/resolv.conf} of this host. */
    ProcessBuilder command(List<String> command) {
        List<String> inside = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
        inside.addAll(command);
        return new ProcessBuilder(inside);
    }

    /**
     * Returns whether the process is in the namespace already. Before {@code ip netns exec} has moved it, its sockets are the machine's.
     */
    boolean contains(Process process) {
        try {
            Object inode = Files.getAttribute(Path.of("/run/netns", namespace), "unix:ino");
            return Files.readSymbolicLink(Path.of("/proc", Long.toString(process.pid()), "ns/net"))
                    .toString()
                    .equals("net:[" + inode + "]");
        } catch (IOException problem) {
            throw new UncheckedIOException("Cannot compare namespaces for " + name, problem);
        }
    }
}
