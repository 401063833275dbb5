// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.peers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The directory in which a mail server of the lab stores all its mail. */
final class Maildir {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final Path arrivals;

    Maildir(Path directory, String owner) {
        try {
            for (String part : List.of("tmp", "new", "cur")) {
                Files.createDirectories(directory.resolve(part));
            }
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
        Command.run("chown", "-R", owner, directory.toString());
        this.arrivals = directory.resolve("new");
    }

    /** Waits for the message for this recipient: servers store it after the reply 250. */
    StoredMessage awaitMessageFor(String recipient) {
        try (WatchService watcher = arrivals.getFileSystem().newWatchService()) {
            arrivals.register(watcher, StandardWatchEventKinds.ENTRY_CREATE);
            long deadline = System.nanoTime() + LIMIT.toNanos();
            while (true) {
                List<StoredMessage> messages = messagesFor(recipient);
                if (!messages.isEmpty()) {
                    return messages.get(0);
                }
                WatchKey arrival = watcher.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                if (arrival == null) {
                    throw new AssertionError("No message for " + recipient + " came to " + arrivals);
                }
                arrival.reset();
            }
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /** Returns the messages that are stored for this recipient now. */
    List<StoredMessage> messagesFor(String recipient) {
        try (Stream<Path> files = Files.list(arrivals)) {
            return files.map(Maildir::read)
                    .map(StoredMessage::parse)
                    .filter(message -> message.isFor(recipient))
                    .toList();
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }
}
