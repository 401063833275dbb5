// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue.store;

import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Restricts access to the files of a queue to their owner. A file that another user may have put in place is refused. A mode that
 * is too wide is narrowed if no other user can have created the file. Does nothing on systems without POSIX permissions. Stateless.
 */
final class FileGuard {

    private static final boolean POSIX =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

    private static final Set<PosixFilePermission> OWNER =
            Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private static final Set<PosixFilePermission> OTHERS = Set.of(
            PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_WRITE, PosixFilePermission.OTHERS_EXECUTE);

    /** Suffixes of the SQLite files and of the lock file. */
    private static final List<String> ENDINGS = List.of("", "-wal", "-shm", "-journal", ".lock");

    private static final int MAX_LINKS = 40;

    private FileGuard() {}

    /** Returns the attributes of a file that only its owner can read and write. */
    static FileAttribute<?>[] ownerOnly() {
        return POSIX ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER)} : new FileAttribute<?>[0];
    }

    /** Returns the path with all links resolved. The file need not exist. */
    static Path resolveLinks(Path named) throws IOException {
        Path path = named.toAbsolutePath();
        for (int links = 0; links < MAX_LINKS; links++) {
            if (Files.exists(path)) {
                return path.toRealPath();
            }
            Path there = realDirectory(directory(path)).resolve(path.getFileName());
            if (!Files.isSymbolicLink(there)) {
                return there;
            }
            path = directory(there).resolve(Files.readSymbolicLink(there));
        }
        throw new FileSystemLoopException(named.toString());
    }

    /** Does the same for a directory, of which the last parts may be missing. */
    private static Path realDirectory(Path path) throws IOException {
        Path parent = path.getParent();
        if (Files.exists(path) || parent == null) {
            return path.toRealPath();
        }
        return realDirectory(parent).resolve(path.getFileName()).normalize();
    }

    private static Path directory(Path file) {
        return Objects.requireNonNull(file.getParent(), "a file is in a directory");
    }

    /**
     * Creates the directory for the current user alone if it is missing, and checks the existing files of the queue.
     *
     * @param named the path as configured
     * @param resolveLinks the same without links
     * @throws QueueException if another user can read a file or may have created it; the message includes the command that fixes it
     */
    static void check(Path named, Path real) throws IOException {
        Path directory = directory(real);
        if (!Files.isDirectory(directory)) {
            if (POSIX) {
                Files.createDirectories(
                        directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            } else {
                Files.createDirectories(directory);
            }
        }
        if (!POSIX) {
            return;
        }
        checkLinks(named);
        for (String ending : ENDINGS) {
            Path file = real.resolveSibling(real.getFileName() + ending);
            checkLink(file);
            if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                checkFile(file);
            }
        }
    }

    private static void checkLinks(Path named) throws IOException {
        Path path = named.toAbsolutePath();
        for (int links = 0; links < MAX_LINKS && Files.isSymbolicLink(path); links++) {
            checkLink(path);
            path = directory(path).resolve(Files.readSymbolicLink(path));
        }
    }

    private static void checkLink(Path file) throws IOException {
        if (Files.isSymbolicLink(file) && canOthersWrite(directory(file), true)) {
            throw refusal(file, "it is a symbolic link in a directory that others can write", "rm " + file);
        }
    }

    private static void checkFile(Path file) throws IOException {
        Path directory = directory(file);
        Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file);
        boolean wide = !OWNER.containsAll(mode);
        boolean others = mode.stream().anyMatch(OTHERS::contains);
        // A file that only the group can access is no additional risk in a directory that the group can write to.
        if (wide && canOthersWrite(directory, others)) {
            throw refusal(
                    file,
                    "its mode is " + PosixFilePermissions.toString(mode) + ", in a directory that others can write",
                    "chmod 600 " + file);
        }
        if (canOthersWrite(directory, true) && isOwnedByOther(file)) {
            throw refusal(file, "it belongs to another user, in a directory that others can write", "rm " + file);
        }
        if (wide) {
            narrow(file);
        }
    }

    /** Removes the permissions of all but the owner. */
    static void narrow(Path file) throws IOException {
        if (POSIX && !OWNER.containsAll(Files.getPosixFilePermissions(file))) {
            Set<PosixFilePermission> mode = EnumSet.copyOf(OWNER);
            mode.retainAll(Files.getPosixFilePermissions(file));
            Files.setPosixFilePermissions(file, mode);
            System.getLogger(FileGuard.class.getName())
                    .log(System.Logger.Level.WARNING, "Removed the access of other users to the file " + file);
        }
    }

    /** @param group whether the group counts as others */
    private static boolean canOthersWrite(Path directory, boolean group) throws IOException {
        Set<PosixFilePermission> mode = Files.getPosixFilePermissions(directory);
        return mode.contains(PosixFilePermission.OTHERS_WRITE)
                || (group && mode.contains(PosixFilePermission.GROUP_WRITE));
    }

    /** Returns whether the file is known to belong to another user. */
    private static boolean isOwnedByOther(Path file) throws IOException {
        Optional<Object> self = owner(Path.of("/proc/self"));
        return self.isPresent() && !self.equals(owner(file));
    }

    private static Optional<Object> owner(Path file) throws IOException {
        return Files.exists(file)
                        && FileSystems.getDefault()
                                .supportedFileAttributeViews()
                                .contains("unix")
                ? Optional.of(Files.getAttribute(file, "unix:uid"))
                : Optional.empty();
    }

    private static QueueException refusal(Path file, String why, String command) {
        return new QueueException("The queue cannot be in " + file + ", because " + why
                + ". Only its owner may have access to the file. To fix this, run: " + command);
    }
}
