// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.peers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A server of the lab, in the foreground as a child of the test, on one host. */
final class LabProcess implements AutoCloseable {

    private static final Duration START_LIMIT = Duration.ofSeconds(30);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(10);
    private static final Duration GLANCE = Duration.ofMillis(20);
    private static final String LISTENING = "0A";

    private final LabHost host;
    private final Process process;
    private final Path output;

    private LabProcess(LabHost host, Process process, Path output) {
        this.host = host;
        this.process = process;
        this.output = output;
    }

    /** Starts a server and returns when it listens on that TCP port. */
    static LabProcess start(LabHost host, int port, Path output, List<String> command) {
        try {
            Process process = host.command(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .start();
            LabProcess server = new LabProcess(host, process, output);
            server.awaitPort(port);
            return server;
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    /** Terminates the process by its id, and kills it if it does not end in time. */
    @Override
    public void close() {
        process.destroy();
        if (!endsWithin(STOP_LIMIT)) {
            process.destroyForcibly();
            endsWithin(STOP_LIMIT);
        }
    }

    private void awaitPort(int port) throws IOException {
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        while (!endsWithin(GLANCE)) {
            if (host.contains(process) && listens(port)) {
                return;
            }
            if (System.nanoTime() - deadline > 0) {
                close();
                break;
            }
        }
        throw new IllegalStateException("On " + host.name() + " nothing listens on port " + port + " after "
                + process.info().commandLine().orElse("the server") + " was started: " + Files.readString(output));
    }

    /** Reads the kernel's table of sockets, so that no connection has to be made. */
    private boolean listens(int port) throws IOException {
        String local = String.format(Locale.ROOT, ":%04X", port);
        for (String table : List.of("tcp", "tcp6")) {
            Path path = Path.of("/proc", Long.toString(process.pid()), "net", table);
            try (Stream<String> lines = Files.lines(path)) {
                if (lines.map(line -> line.strip().split("\\s+"))
                        .anyMatch(field -> field[1].endsWith(local) && field[3].equals(LISTENING))) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean endsWithin(Duration limit) {
        try {
            return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }
}
