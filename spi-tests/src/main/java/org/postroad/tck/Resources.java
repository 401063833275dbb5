// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.postroad.api.Deadline;

/** What this process holds: threads and sockets. */
final class Resources {

    private static final Path OPEN_FILES = Path.of("/proc/self/fd");
    private static final long LOOK_AGAIN_MILLIS = 5;

    private Resources() {}

    /** The live threads but those of the suites, of the fixtures and of the JDK's common pool. */
    static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> Stream.of("postroad-fake-", "postroad-tck-", "ForkJoinPool.commonPool-")
                        .noneMatch(thread.getName()::startsWith))
                .collect(Collectors.toSet());
    }

    /** How many sockets are open; always none where the system has no {@code /proc} to tell. */
    static int sockets() {
        if (!Files.isDirectory(OPEN_FILES)) {
            return 0;
        }
        try (Stream<Path> links = Files.list(OPEN_FILES)) {
            return (int) links.filter(Resources::isSocket).count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isSocket(Path link) {
        try {
            return Files.readSymbolicLink(link).toString().startsWith("socket:");
        } catch (NoSuchFileException closedMeanwhile) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Looks until it is so, or patience ends; whether it became so. */
    static boolean await(Duration patience, BooleanSupplier holds) throws InterruptedException {
        Deadline end = Deadline.after(patience);
        CountDownLatch never = new CountDownLatch(1);
        while (!holds.getAsBoolean()) {
            if (end.hasPassed() || never.await(LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS)) {
                return false;
            }
        }
        return true;
    }
}
