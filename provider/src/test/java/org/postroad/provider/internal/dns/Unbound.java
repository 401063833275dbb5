// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.xbill.DNS.DSRecord;

/** Runs the unbound of this machine as a validator that sends all queries to one server, for the duration of a test. */
final class Unbound implements AutoCloseable {

    private static final int STOP_SECONDS = 10;

    private static final String CONFIGURATION = """
            server:
                directory: "%1$s"
                chroot: ""
                username: ""
                pidfile: ""
                use-syslog: no
                logfile: ""
                verbosity: 1
                num-threads: 1
                interface: 127.0.0.1
                port: %2$d
                do-ip6: no
                do-not-query-localhost: no
                module-config: "validator iterator"
                trust-anchor: "%3$s"
                ede: yes
                aggressive-nsec: no
                local-zone: "test." nodefault
                %5$s
            remote-control:
                control-enable: no
            forward-zone:
                name: "."
                forward-addr: 127.0.0.1@%4$d
            """;

    private final Process process;
    private final InetSocketAddress address;

    private Unbound(Process process, InetSocketAddress address) {
        this.process = process;
        this.address = address;
    }

    /** The system administration directories are not on every PATH. */
    static Optional<Path> find() {
        return Stream.concat(Stream.of(System.getenv().getOrDefault("PATH", "").split(":")), Stream.of("/usr/sbin"))
                .map(directory -> Path.of(directory, "unbound"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    static Unbound start(InetSocketAddress server, DSRecord anchor, Path directory) throws IOException {
        return start(server, anchor, directory, "");
    }

    /** @param more a line for the section {@code server} */
    static Unbound start(InetSocketAddress server, DSRecord anchor, Path directory, String more) throws IOException {
        InetSocketAddress address;
        try (ServerSocket closedSoon = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            address = (InetSocketAddress) closedSoon.getLocalSocketAddress();
        }
        String digest = anchor.toString().replace('\t', ' ');
        Path file = Files.writeString(
                directory.resolve("unbound.conf"),
                CONFIGURATION.formatted(directory, address.getPort(), digest, server.getPort(), more));
        Process process = new ProcessBuilder(List.of(find().orElseThrow().toString(), "-d", "-c", file.toString()))
                .redirectErrorStream(true)
                .start();
        Unbound unbound = new Unbound(process, address);
        unbound.awaitStart();
        return unbound;
    }

    InetSocketAddress address() {
        return address;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for the line logged when it listens. Later output is small enough for the pipe's buffer. */
    private void awaitStart() throws IOException {
        BufferedReader output = process.inputReader();
        StringBuilder said = new StringBuilder();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.contains("start of service")) {
                return;
            }
            said.append(line).append('\n');
        }
        throw new IllegalStateException("unbound did not start: " + said);
    }
}
