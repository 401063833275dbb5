// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.measure;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Keeps this process on one processor until it is closed. With several processors, the operating system chooses each time on
 * which one the other side of a connection wakes up; on loopback, waking an idle processor takes longer than everything else.
 */
public final class OneProcessor implements AutoCloseable {

    private static final String TASKSET = "taskset";

    private final String before;

    private OneProcessor(String before) {
        this.before = before;
    }

    /** Restricts this process to one processor. Empty if the system has no {@code taskset}, which is a Linux program. */
    public static Optional<OneProcessor> tryTake() throws IOException, InterruptedException {
        Optional<String> affinity = run("--cpu-list", "--pid", pid());
        if (affinity.isEmpty()) {
            return Optional.empty();
        }
        // output: "pid 7's current affinity list: 0,1" or "0-3"
        String all =
                affinity.get().substring(affinity.get().lastIndexOf(' ') + 1).strip();
        String last = all.replaceAll(".*[,-]", "");
        return set(last) ? Optional.of(new OneProcessor(all)) : Optional.empty();
    }

    /** Sets the processors of all threads. New threads inherit the setting of the thread that creates them. */
    private static boolean set(String processors) throws IOException, InterruptedException {
        return run("--all-tasks", "--cpu-list", "--pid", processors, pid()).isPresent();
    }

    private static String pid() {
        return String.valueOf(ProcessHandle.current().pid());
    }

    /** Returns the output of the program, or empty if it is not installed or fails. */
    private static Optional<String> run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(TASKSET));
        command.addAll(Arrays.asList(arguments));
        Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException notInstalled) {
            return Optional.empty();
        }
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor() == 0 ? Optional.of(said) : Optional.empty();
    }

    @Override
    public void close() throws IOException, InterruptedException {
        if (!set(before)) {
            throw new IOException("The processors " + before + " could not be restored");
        }
    }
}
