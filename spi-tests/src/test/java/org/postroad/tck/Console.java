// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A separate JVM that runs tests with the console launcher of JUnit 5.10, without newer versions on the class path.
 *
 * @param status the exit status
 * @param said everything that it printed
 */
record Console(int status, String said) {

    /** Copied there by the build. */
    private static final Path LAUNCHER = Path.of("target", "oldest-junit", "junit-platform-console-standalone.jar");

    /** Runs the JVM until it exits. */
    static Console run(List<String> jvmOptions, String... selectors) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        Optional.ofNullable(System.getProperty(Options.PATIENCE))
                .ifPresent(factor -> command.add("-D" + Options.PATIENCE + "=" + factor));
        command.addAll(jvmOptions);
        command.addAll(List.of(
                "-jar",
                LAUNCHER.toString(),
                "execute",
                "--disable-banner",
                "--details=summary",
                "--class-path=" + classPathWithoutJUnit()));
        command.addAll(List.of(selectors));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Console(process.waitFor(), said);
    }

    private static String classPathWithoutJUnit() {
        String junit = File.separator + "org" + File.separator + "junit" + File.separator;
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.contains(junit))
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** Returns the result lines of the conformance tests. */
    List<String> verdicts() {
        return said.lines().filter(line -> line.startsWith("postroad-tck: ")).toList();
    }
}
