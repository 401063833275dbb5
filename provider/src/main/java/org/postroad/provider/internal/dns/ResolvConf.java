// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.postroad.api.Printable;

/**
 * The name servers of a {@code resolv.conf(5)}, parsed by {@link ResolvConfText}. The file is checked every few seconds, and read again if
 * it has changed. Entries without effect are logged each time it is read. If the file does not exist, the server on this host is used, as
 * in glibc; if it cannot be read, there are no servers.
 */
final class ResolvConf implements ServerList.ServerListSource {

    /** Minimum time between two checks of the file. */
    static final Duration CHECK_INTERVAL = Duration.ofSeconds(5);

    /** Maximum number of octets read from the file. */
    static final int MAX_FILE = 65536;

    private final Path path;
    private final InstantSource clock;
    private volatile Snapshot current;

    ResolvConf(Path path, InstantSource clock) {
        this.path = path;
        this.clock = clock;
        this.current = new Snapshot(Optional.empty(), ResolvConfText.none(path, "not read yet"), Instant.MIN);
    }

    @Override
    public ServerList servers() {
        Snapshot known = current;
        Instant now = clock.instant();
        if (now.isBefore(known.nextCheck())) {
            return known.list();
        }
        Snapshot fresh = refresh(known, now.plus(CHECK_INTERVAL));
        current = fresh;
        return fresh.list();
    }

    /** File attributes by which a change is detected. */
    private record Stamp(FileTime modified, long size, Optional<Object> fileKey) {}

    private record Snapshot(Optional<Stamp> stamp, ServerList list, Instant nextCheck) {}

    private Snapshot refresh(Snapshot known, Instant nextCheck) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            Optional<Stamp> stamp = Optional.of(new Stamp(
                    attributes.lastModifiedTime(), attributes.size(), Optional.ofNullable(attributes.fileKey())));
            if (known.stamp().equals(stamp)) {
                return new Snapshot(stamp, known.list(), nextCheck);
            }
            try (InputStream in = Files.newInputStream(path)) {
                return new Snapshot(stamp, read(text(in), path), nextCheck);
            }
        } catch (NoSuchFileException e) {
            ServerList ownHost = ResolvConfText.loopback(path, "the file does not exist", ServerList.Options.NONE);
            return new Snapshot(Optional.empty(), ownHost, nextCheck);
        } catch (IOException e) {
            return new Snapshot(
                    Optional.empty(),
                    ResolvConfText.none(path, "the file cannot be read: " + Printable.describe(e)),
                    nextCheck);
        }
    }

    /** Returns only whole lines of a larger file: a truncated address could be a different, valid one. */
    private static String text(InputStream in) throws IOException {
        String text = new String(in.readNBytes(MAX_FILE), StandardCharsets.ISO_8859_1);
        boolean isWhole = text.length() < MAX_FILE || in.read() < 0;
        return isWhole ? text : text.substring(0, text.lastIndexOf('\n') + 1);
    }

    private static ServerList read(String text, Path path) {
        ResolvConfText.Parsed parsed = ResolvConfText.parse(text, path);
        for (String warning : parsed.warnings()) {
            System.getLogger(ResolvConf.class.getName()).log(System.Logger.Level.WARNING, path + ": " + warning);
        }
        return parsed.list();
    }
}
