// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.sts;

import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.postroad.api.HostName;
import org.postroad.api.Printable;
import org.postroad.provider.internal.sts.KnownDomain.Kept;

/**
 * Keeps policies over a restart, each in a file with the name of its domain: the TXT record that announced it, when it was fetched, and
 * its lines.
 *
 * <p>Thread-safe, and several processes may share a directory: a file is replaced as a whole. What cannot be read or written is logged,
 * and as good as not kept.
 */
public final class PolicyDirectory {

    /** What may be named, for people. */
    public static final String ALLOWED = "a directory that is there and can be written to";

    /** Files that are looked at when a directory is opened, to remove those that nobody needs any more. */
    static final int MAX_TIDIED = 10_000;

    static final String SUFFIX = ".mta-sts";

    /** Of a file that is being written. */
    static final String UNFINISHED = SUFFIX + ".tmp";

    /** What is still being written after so long never will be. */
    static final Duration WRITTEN_AFTER = Duration.ofHours(1);

    /** Octets of a file: a policy, and the two lines before it. */
    private static final int MAX_OCTETS = StsPolicy.MAX_OCTETS + 1024;

    private static final Logger LOGGER = System.getLogger(PolicyDirectory.class.getName());

    private final Path directory;

    private PolicyDirectory(Path directory) {
        this.directory = directory;
    }

    /**
     * Names a directory.
     *
     * @throws IllegalArgumentException if it is none that is allowed; the message says why
     */
    public static Path named(String text) {
        Path directory = Path.of(text).toAbsolutePath();
        if (!Files.isDirectory(directory)) {
            throw new IllegalArgumentException("it is no directory");
        }
        if (!Files.isWritable(directory)) {
            throw new IllegalArgumentException("it cannot be written to");
        }
        if (canAnybodyWrite(directory)) {
            throw new IllegalArgumentException(
                    "anybody can write to it, and so could make policies of other domains; this mends it: chmod 700 "
                            + directory);
        }
        return directory;
    }

    private static boolean canAnybodyWrite(Path directory) {
        try {
            return Files.getFileStore(directory).supportsFileAttributeView(PosixFileAttributeView.class)
                    && Files.getPosixFilePermissions(directory).contains(PosixFilePermission.OTHERS_WRITE);
        } catch (IOException e) {
            throw new IllegalArgumentException("its permissions cannot be read: " + Printable.describe(e), e);
        }
    }

    /** Opens a directory, and removes what is over by then. */
    public static PolicyDirectory open(Path directory, Instant now) {
        return open(directory, now, MAX_TIDIED);
    }

    static PolicyDirectory open(Path directory, Instant now, int maxTidied) {
        PolicyDirectory opened = new PolicyDirectory(directory);
        opened.tidy(now, maxTidied);
        return opened;
    }

    private void tidy(Instant now, int most) {
        try (DirectoryStream<Path> listing =
                Files.newDirectoryStream(directory, "*{" + SUFFIX + "," + UNFINISHED + "}")) {
            Iterator<Path> files = listing.iterator();
            for (int i = 0; i < most && files.hasNext(); i++) {
                Path file = files.next();
                if (file.toString().endsWith(SUFFIX)) {
                    read(file, now);
                } else if (isOlder(file, now.minus(WRITTEN_AFTER))) {
                    remove(file);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            warn(directory + " cannot be looked through", e);
        }
    }

    private static boolean isOlder(Path file, Instant time) throws IOException {
        try {
            return Files.getLastModifiedTime(file).toInstant().isBefore(time);
        } catch (NoSuchFileException finished) {
            return false;
        }
    }

    /** What is kept of a domain, while it is not over. */
    Optional<Kept> read(HostName domain, Instant now) {
        return read(file(domain), now);
    }

    private Optional<Kept> read(Path file, Instant now) {
        Optional<Kept> kept = Optional.empty();
        try (InputStream in = Files.newInputStream(file)) {
            kept = Optional.of(parse(in.readNBytes(MAX_OCTETS), now)).filter(policy -> policy.holds(now));
        } catch (NoSuchFileException nothing) {
            return Optional.empty();
        } catch (BadPolicyException e) {
            warn(file + " is removed, for it has none", e);
        } catch (IOException e) {
            warn(file + " cannot be read", e);
            return Optional.empty();
        }
        if (kept.isEmpty()) {
            remove(file);
        }
        return kept;
    }

    private static Kept parse(byte[] octets, Instant now) throws BadPolicyException {
        String[] parts = new String(octets, StandardCharsets.UTF_8).split("\n", 3);
        try {
            if (parts.length < 3) {
                throw new IllegalArgumentException("It ends too early");
            }
            StsRecord record = StsRecord.parse(List.of(parts[0]))
                    .orElseThrow(() -> new IllegalArgumentException("It does not begin with a record"));
            Instant fetchedAt = Instant.parse(parts[1]);
            // Where the clock was put back, a policy does not last the longer for it.
            Instant notLater = fetchedAt.isAfter(now) ? now : fetchedAt;
            return new Kept(StsPolicy.parse(parts[2].getBytes(StandardCharsets.UTF_8)), record.id(), notLater);
        } catch (IllegalArgumentException e) {
            throw new BadPolicyException(e);
        } catch (DateTimeParseException e) {
            throw new BadPolicyException(new IllegalArgumentException("It has no time in its second line", e));
        }
    }

    /** Keeps it instead of what was kept of the domain. */
    void write(HostName domain, Kept kept) {
        String text = new StsRecord(kept.id()) + "\n" + kept.fetchedAt() + "\n"
                + String.join("\n", kept.policy().lines()) + "\n";
        try {
            Path unfinished = Files.createTempFile(directory, "", UNFINISHED);
            Files.writeString(unfinished, text, StandardOpenOption.WRITE, StandardOpenOption.DSYNC);
            Files.move(unfinished, file(domain), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            warn("The policy of " + domain + " could not be written to " + directory, e);
        }
    }

    private Path file(HostName domain) {
        return directory.resolve(domain.text() + SUFFIX);
    }

    private static void remove(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            warn(file + " cannot be removed", e);
        }
    }

    private static void warn(String what, Exception e) {
        LOGGER.log(Level.WARNING, "MTA-STS policies (mail.mx.mtasts.directory): " + what, e);
    }
}
