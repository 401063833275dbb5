// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What this process holds at a moment.
 *
 * @param threads those that live
 * @param sockets those that are open, by their number; none where the system has no {@code /proc}
 */
record Holdings(Set<Thread> threads, Set<String> sockets) {

    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    /** What there is now. */
    static Holdings now() throws IOException {
        return new Holdings(Set.copyOf(Thread.getAllStackTraces().keySet()), openSockets());
    }

    private static Set<String> openSockets() throws IOException {
        Set<String> sockets = new HashSet<>();
        if (!Files.isDirectory(DESCRIPTORS)) {
            return sockets;
        }
        List<Path> links;
        try (Stream<Path> listing = Files.list(DESCRIPTORS)) {
            links = listing.toList();
        }
        for (Path link : links) {
            try {
                String target = Files.readSymbolicLink(link).toString();
                if (target.startsWith("socket:")) {
                    sockets.add(target);
                }
            } catch (NoSuchFileException closedMeanwhile) {
                continue;
            }
        }
        return sockets;
    }

    /** The threads of now that were not there then; fewer than the limit, if that comes true within so many milliseconds. */
    Set<Thread> threadsSince(Holdings then, int limit, long millis) throws InterruptedException {
        Set<Thread> added = new HashSet<>(threads);
        added.removeAll(then.threads);
        long end = System.nanoTime() + millis * 1_000_000;
        while (added.size() >= limit && System.nanoTime() < end) {
            added.iterator().next().join(Math.max(1, millis / 10));
            added.removeIf(thread -> !thread.isAlive());
        }
        return added;
    }

    /** The sockets of now that were not open then. */
    Set<String> socketsSince(Holdings then) {
        Set<String> added = new HashSet<>(sockets);
        added.removeAll(then.sockets);
        return added;
    }
}
