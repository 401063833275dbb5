// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.cluster;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/** A node in a separate JVM, as seen by its parent process. */
final class NodeProcess implements AutoCloseable {

    private static final long ENDING_SECONDS = 30;

    private final String name;
    private final Process process;
    private final Thread reader;

    private NodeProcess(String name, Process process, Thread reader) {
        this.name = name;
        this.process = process;
        this.reader = reader;
    }

    /** A line printed by a node. */
    record Line(String node, String text) {}

    /** @param lines receives the lines that the node prints */
    static NodeProcess start(String name, List<String> arguments, BlockingQueue<Line> lines) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Node.class.getName(),
                name));
        command.addAll(arguments);
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        Thread reader = new Thread(() -> read(name, process, lines), "reader-of-" + name);
        reader.setDaemon(true);
        reader.start();
        return new NodeProcess(name, process, reader);
    }

    private static void read(String name, Process process, BlockingQueue<Line> lines) {
        try (BufferedReader in = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                lines.add(new Line(name, line));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String name() {
        return name;
    }

    /** Kills the process like {@code kill -9}. Returns when it is dead and all its output has been read. */
    void kill() throws InterruptedException {
        process.toHandle()
                .destroyForcibly(); // Process.destroyForcibly() would close the stream that is still being read
        process.waitFor();
        reader.join();
    }

    /**
     * Stops the node in an orderly way.
     *
     * @return its exit status
     */
    int end() throws IOException, InterruptedException {
        try (var in = process.outputWriter(StandardCharsets.UTF_8)) {
            in.write("\n");
        }
        if (!process.waitFor(ENDING_SECONDS, TimeUnit.SECONDS)) {
            throw new IOException(name + " does not end");
        }
        reader.join();
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
