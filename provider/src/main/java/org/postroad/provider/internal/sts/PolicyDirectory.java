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
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.postroad.api.HostName;
import org.postroad.api.Printable;
import org.postroad.provider.internal.sts.CachedPolicy.FetchedPolicy;

/**
 * Stores policies across restarts, each in a file: the domain, the TXT record that announced it, the time of the fetch, and its lines. The
 * file name is a hash of the domain, because some domains are not valid file names: they are too long or are Windows device names.
 *
 * <p>Thread-safe. Several processes may share a directory, because files are replaced atomically. Read and write errors are logged, and the
 * policy is treated as not stored.
 */
public final class PolicyDirectory {

    /** The permitted values, human-readable. */
    public static final String ALLOWED = "a directory that is there and can be written to";

    /**
     * Maximum number of policies stored, and of files scanned for removal. When the directory is full, policies of further domains are not
     * stored and none is removed for them, so that announcing many policies cannot evict those of other domains.
     */
    static final int MAX_FILES = 10_000;

    /** Interval at which a full directory is scanned for expired policies, and a warning is logged if it stays full. */
    static final Duration SCAN_INTERVAL = Duration.ofHours(1);

    static final String SUFFIX = ".mta-sts";

    /** Suffix of a file being written. */
    static final String UNFINISHED = SUFFIX + ".tmp";

    /** An unfinished file older than this is abandoned. */
    static final Duration WRITTEN_AFTER = Duration.ofHours(1);

    /** Maximum size of a file, in octets: a policy and the three lines before it. */
    private static final int MAX_OCTETS = StsPolicy.MAX_OCTETS + 1280;

    private static final String SETTING = "MTA-STS policies (mail.mx.mtasts.directory): ";

    private static final Logger LOGGER = System.getLogger(PolicyDirectory.class.getName());

    private final Path directory;
    private final int maxFiles;
    private final AtomicInteger files = new AtomicInteger(); // approximate: other processes add files too
    private volatile Instant scannedAt = Instant.MIN;

    private PolicyDirectory(Path directory, int maxFiles) {
        this.directory = directory;
        this.maxFiles = maxFiles;
    }

    /**
     * Checks and returns the directory of a setting.
     *
     * @throws IllegalArgumentException if it is not a permitted one; the message gives the reason
     */
    public static Path named(String text) {
        Path directory = Path.of(text).toAbsolutePath();
        if (!Files.isDirectory(directory)) {
            throw new IllegalArgumentException("it is not a directory");
        }
        if (!Files.isWritable(directory)) {
            throw new IllegalArgumentException("it cannot be written to");
        }
        if (canAnybodyWrite(directory)) {
            throw new IllegalArgumentException(
                    "anybody can write to it, and so could make policies of other domains; allowed is one of its owner"
                            + " alone, as this makes it: mkdir -m 700 "
                            + directory.resolve("mta-sts"));
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

    /** Opens a directory and removes expired policies. */
    public static PolicyDirectory open(Path directory, Instant now) {
        return open(directory, now, MAX_FILES);
    }

    static PolicyDirectory open(Path directory, Instant now, int maxFiles) {
        PolicyDirectory opened = new PolicyDirectory(directory, maxFiles);
        opened.removeExpired(now);
        return opened;
    }

    private void removeExpired(Instant now) {
        scannedAt = now;
        int kept = 0;
        try (DirectoryStream<Path> listing =
                Files.newDirectoryStream(directory, "*{" + SUFFIX + "," + UNFINISHED + "}")) {
            Iterator<Path> listed = listing.iterator();
            for (int i = 0; i < maxFiles && listed.hasNext(); i++) {
                Path file = listed.next();
                if (file.toString().endsWith(SUFFIX)) {
                    kept += read(file, Optional.empty(), now).isPresent() ? 1 : 0;
                } else if (isOlder(file, now.minus(WRITTEN_AFTER))) {
                    remove(file);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            warn(directory + " cannot be listed", e);
        }
        files.set(kept);
    }

    private static boolean isOlder(Path file, Instant time) throws IOException {
        try {
            return Files.getLastModifiedTime(file).toInstant().isBefore(time);
        } catch (NoSuchFileException finished) {
            return false;
        }
    }

    /** Returns the stored policy of a domain if it has not expired. */
    Optional<FetchedPolicy> read(HostName domain, Instant now) {
        return read(file(domain), Optional.of(domain), now);
    }

    /** @param expected the domain that the file must contain; empty: any domain that matches the file's name */
    private Optional<FetchedPolicy> read(Path file, Optional<HostName> expected, Instant now) {
        Optional<FetchedPolicy> kept = Optional.empty();
        try (InputStream in = Files.newInputStream(file)) {
            Stored stored = parse(in.readNBytes(MAX_OCTETS), now);
            if (!file(stored.domain()).equals(file)
                    || expected.filter(name -> !name.equals(stored.domain())).isPresent()) {
                throw new BadPolicyException(
                        new IllegalArgumentException("It is of another domain: " + stored.domain()));
            }
            kept = Optional.of(stored.kept()).filter(policy -> policy.isValid(now));
        } catch (NoSuchFileException nothing) {
            return Optional.empty();
        } catch (BadPolicyException e) {
            warn(file + " contains no valid policy and is removed", e);
        } catch (IOException e) {
            warn(file + " cannot be read", e);
            return Optional.empty();
        }
        if (kept.isEmpty()) {
            remove(file);
        }
        return kept;
    }

    /** The content of a file. */
    record Stored(HostName domain, FetchedPolicy kept) {}

    static Stored parse(byte[] octets, Instant now) throws BadPolicyException {
        String[] parts = new String(octets, StandardCharsets.UTF_8).split("\n", 4);
        try {
            if (parts.length < 4) {
                throw new IllegalArgumentException("It ends too early");
            }
            HostName domain = HostName.parse(parts[0]);
            StsRecord record = StsRecord.parse(List.of(parts[1]))
                    .orElseThrow(() -> new IllegalArgumentException("It has no record in its second line"));
            Instant fetchedAt = Instant.parse(parts[2]);
            // Setting the clock back must not prolong a policy.
            Instant notLater = fetchedAt.isAfter(now) ? now : fetchedAt;
            StsPolicy policy = PolicyReader.read(parts[3].getBytes(StandardCharsets.UTF_8));
            return new Stored(domain, new FetchedPolicy(policy, record.id(), notLater));
        } catch (IllegalArgumentException e) {
            throw new BadPolicyException(e);
        } catch (DateTimeParseException e) {
            throw new BadPolicyException(new IllegalArgumentException("It has no time in its third line", e));
        }
    }

    /** Stores the policy of a domain, replacing an older one, unless it is too large or the directory is full. */
    void write(HostName domain, FetchedPolicy kept) {
        if (PolicyCache.isTooLarge(kept.policy()) || !hasRoomFor(file(domain), kept.fetchedAt())) {
            return;
        }
        String text = domain.text() + "\n" + new StsRecord(kept.id()) + "\n" + kept.fetchedAt() + "\n"
                + String.join("\n", kept.policy().lines()) + "\n";
        try {
            Path unfinished = Files.createTempFile(directory, "", UNFINISHED);
            try {
                Files.writeString(unfinished, text, StandardOpenOption.WRITE, StandardOpenOption.DSYNC);
                Files.move(unfinished, file(domain), StandardCopyOption.ATOMIC_MOVE);
            } finally {
                remove(unfinished); // a no-op after a successful move
            }
        } catch (IOException e) {
            warn("The policy of " + domain + " could not be written to " + directory, e);
        }
    }

    private boolean hasRoomFor(Path file, Instant now) {
        if (Files.exists(file)) {
            return true;
        }
        if (files.get() >= maxFiles && !now.isBefore(scannedAt.plus(SCAN_INTERVAL))) {
            removeExpired(now);
            if (files.get() >= maxFiles) {
                LOGGER.log(Level.WARNING, SETTING + directory + " has " + maxFiles + " policies; no more are kept");
            }
        }
        return files.getAndUpdate(count -> Math.min(count + 1, maxFiles)) < maxFiles;
    }

    private Path file(HostName domain) {
        return directory.resolve(hash(domain) + SUFFIX);
    }

    private static String hash(HostName domain) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(domain.text().getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    private static void remove(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            warn(file + " cannot be removed", e);
        }
    }

    private static void warn(String what, Exception e) {
        LOGGER.log(Level.WARNING, SETTING + what, e);
    }
}
