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

/** The threads and sockets of this process. */
final class Resources {

    private static final Path OPEN_FILES = Path.of("/proc/self/fd");
    private static final long LOOK_AGAIN_MILLIS = 5;

    private Resources() {}

    /** Returns the live threads, except those of the suites, of the fixtures and of the JDK's common pool. */
    static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> Stream.of("postroad-fake-", "postroad-tck-", "ForkJoinPool.commonPool-")
                        .noneMatch(thread.getName()::startsWith))
                .collect(Collectors.toSet());
    }

    /**
     * Returns the open sockets, identified by names that are unique until the system restarts. Always empty if there is no
     * {@code /proc}.
     */
    static Set<String> sockets() {
        if (!Files.isDirectory(OPEN_FILES)) {
            return Set.of();
        }
        try (Stream<Path> links = Files.list(OPEN_FILES)) {
            return links.flatMap(Resources::target)
                    .filter(target -> target.startsWith("socket:"))
                    .collect(Collectors.toSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<String> target(Path link) {
        try {
            return Stream.of(Files.readSymbolicLink(link).toString());
        } catch (NoSuchFileException closedMeanwhile) {
            return Stream.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the number of elements that were not there before. Elements that have disappeared do not offset them. */
    static <T> int more(Set<T> now, Set<T> before) {
        return (int) now.stream().filter(one -> !before.contains(one)).count();
    }

    /**
     * Polls until the condition holds or the time is over.
     *
     * @return whether the condition holds
     */
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
