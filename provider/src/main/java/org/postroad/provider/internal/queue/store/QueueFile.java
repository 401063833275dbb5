// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue.store;

import java.io.IOException;
import java.nio.channels.Channel;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Set;
import org.postroad.api.Printable;

/**
 * Locks the file of a queue for one process, whatever paths lead to it. Within the JVM, a system property marks it as open. Between
 * processes, there are two locks: one on a file next to it, which no other code opens, and one on the file itself, because it may have
 * another name in another directory (hard link).
 *
 * <p>A process loses all its POSIX locks on a file when it closes any channel to it. So no channel is opened if this JVM has one already,
 * and the lock is released only after SQLite closed the file.
 */
final class QueueFile implements AutoCloseable {

    /** Maximum length of a class loader's description. */
    private static final int MAX_HOLDER = 300;

    /** Offset of the locked octet, far beyond the range that SQLite locks. */
    private static final long LOCKED_OCTET = Long.MAX_VALUE - 1;

    /** Prefix of the mark, a system property, because all class loaders share these. */
    private static final String OPEN_PREFIX = "org.postroad.queue.open.";

    private final Path path;
    private final Path log;
    private final Optional<Object> key;
    private final String openProperty;
    private Optional<Object> logKey = Optional.empty(); // used in check() only
    private Optional<FileLock> lockFileLock = Optional.empty();
    private Optional<FileLock> fileLock = Optional.empty();

    /**
     * Creates the file, and its directory, with access for the owner only if they are missing, and locks it.
     *
     * @throws QueueException if it is in use, or other users could read or replace it; the message describes the remedy
     */
    QueueFile(Path named) {
        try {
            this.path = FileGuard.resolveLinks(named);
            FileGuard.check(named, path);
            create(path);
            this.log = path.resolveSibling(path.getFileName() + "-wal");
            this.key = key(path);
            this.openProperty = OPEN_PREFIX + identity(path, key);
            Object holder = System.getProperties().putIfAbsent(openProperty, describeHolder());
            if (holder != null) {
                throw inUseHere(named, holder.toString());
            }
        } catch (IOException e) {
            throw cannotBeOpened(named, e);
        }
        boolean open = false;
        try {
            if (AttachedMark.isSet(identity(path, key))) {
                throw new QueueException(
                        "The queue in " + named
                                + " cannot be opened, because this JVM is attached to it (MailQueue.attach); close that handle first");
            }
            lockFileLock = Optional.of(locked(path.resolveSibling(path.getFileName() + ".lock"), 0, named));
            fileLock = Optional.of(locked(path, LOCKED_OCTET, named));
            open = true;
        } catch (IOException e) {
            throw cannotBeOpened(named, e);
        } finally {
            if (!open) {
                close();
            }
        }
    }

    private static QueueException cannotBeOpened(Path named, IOException e) {
        return new QueueException("The queue in " + named + " cannot be opened: " + Printable.describe(e), e);
    }

    private static QueueException inUse(Path named) {
        return new QueueException("The queue in " + named
                + " is in use by another process, perhaps under another name; for several, use a DataSource"
                + " (mail.mx.queue.datasource), such as one of PostgreSQL");
    }

    private static QueueException inUseHere(Path named, String holder) {
        return new QueueException(
                "The queue in " + named + " is in use in this JVM, perhaps under another name: opened " + holder
                        + ". If that is an application that was stopped or deployed again, it did not close its queue: call MailQueue.close()"
                        + " or Postroad.close() when it stops. For several applications, use a DataSource (mail.mx.queue.datasource)");
    }

    /** Describes when and by which application the file is opened, for the error of another one. A container names the application there. */
    private static String describeHolder() {
        String loader = Printable.clean(String.valueOf(Thread.currentThread().getContextClassLoader()));
        return "at " + Instant.now().truncatedTo(ChronoUnit.SECONDS) + " with the class loader "
                + loader.substring(0, Math.min(loader.length(), MAX_HOLDER));
    }

    private static void create(Path path) throws IOException {
        try {
            Files.createFile(path, FileGuard.ownerOnly());
        } catch (FileAlreadyExistsException present) {
            FileGuard.narrow(path);
        }
    }

    /** Locks one octet of a file. The lock lasts as long as the channel is open. */
    private static FileLock locked(Path file, long octet, Path named) throws IOException {
        FileAttribute<?>[] attributes = FileGuard.ownerOnly();
        Set<OpenOption> options =
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
        FileChannel channel = FileChannel.open(file, options, attributes);
        boolean locked = false;
        try {
            FileLock lock = channel.tryLock(octet, 1, false);
            if (lock == null) {
                throw inUse(named);
            }
            locked = true;
            return lock;
        } catch (OverlappingFileLockException sameProcess) {
            throw inUseHere(named, "by other code");
        } finally {
            if (!locked) {
                channel.close();
            }
        }
    }

    /** Returns what identifies the file in the marks of this JVM, whatever paths lead to it. */
    static String identity(Path path, Optional<Object> key) {
        return key.map(Object::toString).orElse(path.toString());
    }

    /** Returns whether the queue in the file is open in this JVM. */
    static boolean isOpenHere(String identity) {
        return System.getProperties().containsKey(OPEN_PREFIX + identity);
    }

    /**
     * Returns a key that identifies the file; empty if the file system has none. Such file systems do not permit replacing an open file
     * either.
     */
    static Optional<Object> key(Path path) throws IOException {
        return Optional.ofNullable(
                Files.readAttributes(path, BasicFileAttributes.class).fileKey());
    }

    /**
     * Locks the file again after SQLite opened it. Opening it released all locks of this process on it; SQLite does not do so again while a
     * connection in WAL mode is open.
     *
     * @throws QueueException if another process has it open under another name
     */
    void lockAgain(Path named) {
        try {
            FileLock lock = fileLock.orElseThrow();
            FileChannel channel = (FileChannel) lock.acquiredBy();
            lock.release();
            fileLock = Optional.ofNullable(channel.tryLock(LOCKED_OCTET, 1, false));
            if (fileLock.isEmpty()) {
                channel.close();
                throw inUse(named);
            }
        } catch (IOException e) {
            throw cannotBeOpened(named, e);
        }
    }

    /** Returns the path without symbolic links. */
    Path path() {
        return path;
    }

    /**
     * Checks that writes still go to the file of that name. Must not be called concurrently.
     *
     * @throws FileReplacedException if the file was removed, moved or replaced
     */
    void check() throws FileReplacedException {
        if (key.isEmpty()) {
            return;
        }
        if (!key.equals(present(path))) {
            throw new FileReplacedException(path);
        }
        Optional<Object> logNow = present(log);
        if (logKey.isPresent() && !logKey.equals(logNow)) {
            throw new FileReplacedException(log);
        }
        logKey = logNow;
    }

    private static Optional<Object> present(Path path) {
        try {
            return key(path);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Writes go to a file that is no longer there, and are lost. */
    static final class FileReplacedException extends SQLException {

        private static final long serialVersionUID = 1L;

        FileReplacedException(Path file) {
            super("The file " + file
                    + " was removed, moved or replaced while the queue was open. Put it back, or close the queue and open"
                    + " it again");
        }
    }

    /** Releases the locks. Must be called after the last connection to the file was closed. */
    @Override
    public void close() {
        fileLock.ifPresent(lock -> close(lock.acquiredBy()));
        lockFileLock.ifPresent(lock -> close(lock.acquiredBy()));
        System.getProperties().remove(openProperty);
    }

    private static void close(Channel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            System.getLogger(QueueFile.class.getName())
                    .log(System.Logger.Level.WARNING, "The lock of the queue could not be released", e);
        }
    }
}
