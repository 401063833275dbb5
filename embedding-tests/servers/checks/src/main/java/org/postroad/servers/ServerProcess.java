// SPDX-License-Identifier: Apache-2.0
package org.postroad.servers;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.postroad.fixtures.Transcript;

/** The Java process of a server. Its output is in a file, and a check can wait for lines of it. Not thread-safe. */
public final class ServerProcess implements AutoCloseable {

    /** For a boot on a busy machine. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private static final Duration STOP_LIMIT = Duration.ofSeconds(60);

    private static final String ENDED = "(the process has ended)";

    private final Process process;
    private final Transcript log = new Transcript();
    private final Map<String, Integer> awaited = new HashMap<>();
    private final Thread reader;

    /**
     * Starts a JVM.
     *
     * @param directory the working directory; the output is in {@code output.txt} there
     * @param arguments the arguments of {@code java}
     */
    public static ServerProcess start(Path directory, Map<String, String> environment, List<String> arguments)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(tool("java"));
        command.add("-Xmx384m");
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
        builder.redirectErrorStream(true).environment().putAll(environment);
        return new ServerProcess(builder.start(), directory.resolve("output.txt"));
    }

    private ServerProcess(Process process, Path output) {
        this.process = process;
        this.reader = new Thread(() -> read(output), "postroad-test-output");
        reader.setDaemon(true);
        reader.start();
    }

    private static String tool(String name) {
        return Path.of(System.getProperty("java.home"), "bin", name).toString();
    }

    /** Returns a loopback port that is free now. */
    public static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void read(Path output) {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
                BufferedWriter file = Files.newBufferedWriter(output)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                file.write(line);
                file.newLine();
                file.flush();
                log.add(line);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            log.add(ENDED);
        }
    }

    /** Writes a line to the standard input. */
    public void tell(String line) throws IOException {
        BufferedWriter input = process.outputWriter(StandardCharsets.UTF_8);
        input.write(line);
        input.newLine();
        input.flush();
    }

    /**
     * Waits for a line of the output that contains the text. A line that was awaited before does not count.
     *
     * @param failures texts of lines after which that line will not come
     */
    public void await(String text, String... failures) throws InterruptedException {
        int before = awaited.merge(text, 1, Integer::sum) - 1;
        AtomicInteger found = new AtomicInteger();
        String line = log.await(
                next -> (next.contains(text) && found.getAndIncrement() == before) || isFailure(next, failures),
                PATIENCE);
        if (isFailure(line, failures)) {
            throw new AssertionError("The server did not write \"" + text + "\":\n" + log);
        }
    }

    private static boolean isFailure(String line, String... failures) {
        return line.equals(ENDED) || Stream.of(failures).anyMatch(line::contains);
    }

    /** Returns the lines of the output with this text. */
    public List<String> linesWith(String text) {
        return log.lines().stream().filter(line -> line.contains(text)).toList();
    }

    /** Waits until the process has ended. Returns its exit code. */
    public int awaitEnd() throws InterruptedException {
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("The server did not end:\n" + log);
        }
        return process.exitValue();
    }

    /** Returns the names of the live threads that begin like this. */
    public List<String> threads(String prefix) throws IOException, InterruptedException {
        return diagnose("Thread.print").stream()
                .filter(line -> line.startsWith("\"" + prefix))
                .map(line -> line.substring(1, line.indexOf('"', 1)))
                .toList();
    }

    /** Returns the number of reachable instances of the class of this name, in all class loaders. */
    public long instances(String className) throws IOException, InterruptedException {
        return diagnose("GC.class_histogram").stream()
                .map(line -> line.strip().split("\\s+"))
                .filter(columns -> columns.length > 3 && columns[3].equals(className))
                .mapToLong(columns -> Long.parseLong(columns[1]))
                .sum();
    }

    private List<String> diagnose(String command) throws IOException, InterruptedException {
        Process jcmd = new ProcessBuilder(tool("jcmd"), String.valueOf(process.pid()), command)
                .redirectErrorStream(true)
                .start();
        List<String> lines = jcmd.inputReader(StandardCharsets.UTF_8).lines().toList();
        if (jcmd.waitFor() != 0) {
            throw new AssertionError("jcmd " + command + " failed: " + lines);
        }
        return lines;
    }

    /** Ends the process as an administrator does (SIGTERM); kills it if it does not end in time. */
    @Override
    public void close() throws InterruptedException {
        process.toHandle().destroy(); // destroy() of the process would close the output, too
        if (!process.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
        reader.join();
    }
}
