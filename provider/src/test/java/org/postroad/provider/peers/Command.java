// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.peers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.postroad.provider.ChildJvm;

/** Runs programs of the machine. */
final class Command {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** The directories of administrative programs, which are not in every PATH. */
    private static final List<String> DIRECTORIES = Stream.concat(
                    Stream.of(System.getenv().getOrDefault("PATH", "").split(":")),
                    Stream.of("/usr/sbin", "/sbin", "/usr/local/sbin"))
            .toList();

    private Command() {}

    static Optional<Path> find(String program) {
        return DIRECTORIES.stream()
                .map(directory -> Path.of(directory, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Returns the command for a program of these tests, without its arguments. */
    static List<String> java(Class<?> main, String... options) {
        return ChildJvm.command(
                main,
                Stream.concat(Stream.of("-XX:TieredStopAtLevel=1"), Stream.of(options))
                        .toArray(String[]::new));
    }

    /** Runs a program to its end. Returns its output; if it fails, the exception contains the output. */
    static String run(String... command) {
        return run(new ProcessBuilder(command));
    }

    static String run(ProcessBuilder builder) {
        try {
            Path output = Files.createTempFile("postroad-command-", ".out");
            try {
                Process process = builder.redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
                process.getOutputStream().close();
                boolean ended = process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS);
                String text = Files.readString(output, StandardCharsets.ISO_8859_1);
                if (!ended) {
                    process.destroyForcibly();
                    throw new IllegalStateException(builder.command() + " took more than " + LIMIT + ": " + text);
                }
                if (process.exitValue() != 0) {
                    throw new IllegalStateException(
                            builder.command() + " ended with " + process.exitValue() + ": " + text);
                }
                return text;
            } finally {
                Files.delete(output);
            }
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }
}
