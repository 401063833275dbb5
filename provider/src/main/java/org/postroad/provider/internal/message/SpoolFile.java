// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Temporary file of a large message. Its name is deleted as soon as the file is open, so that nothing remains, however the process ends.
 * Where the system cannot do that (Windows), the file is deleted when the message is closed, and {@link #tidy} deletes files of processes
 * that crashed. A process holds a lock on each of its files that still has a name; one without a lock is abandoned.
 *
 * <p>All readers share one {@link RandomAccessFile}. With a channel, an interrupt of one reader would close the file for all. Thread-safe.
 */
final class SpoolFile {

    /** Maximum number of files that one call of {@link #tidy} examines. */
    static final int MAX_TIDIED = 10_000;

    /** A file is locked immediately after it is created. One that is older than this and has no lock is abandoned. */
    static final Duration LOCKED_AFTER = Duration.ofHours(1);

    private static final String FILE_PREFIX = "postroad-";
    private static final String FILE_SUFFIX = ".eml";

    /** Position of the lock, beyond the end of every message: Windows forbids reading a locked region. */
    private static final long LOCK_POSITION = Long.MAX_VALUE - 1;

    private static final Logger LOGGER = System.getLogger(SpoolFile.class.getName());

    /**
     * Files of this process that still have a name. {@link #tidy} must not open them: on POSIX, closing any handle of a file releases the
     * locks that the process holds on it.
     */
    private static final Set<Path> OWN_NAMED_FILES = ConcurrentHashMap.newKeySet();

    private final RandomAccessFile file;
    private final Optional<Path> name;

    @GuardedBy("this")
    private long size;

    /** The number of open readers, plus one until this file is closed. */
    @GuardedBy("this")
    private int users = 1;

    private SpoolFile(RandomAccessFile file, Optional<Path> name) {
        this.file = file;
        this.name = name;
    }

    /** Creates an empty file. Only the owner can access it, if the system supports such permissions. */
    static SpoolFile create(Optional<Path> directory) throws IOException {
        return create(directory, Files::delete);
    }

    static SpoolFile create(Optional<Path> directory, Unlinking unlinking) throws IOException {
        Path path = directory.isPresent()
                ? Files.createTempFile(directory.get(), FILE_PREFIX, FILE_SUFFIX)
                : Files.createTempFile(FILE_PREFIX, FILE_SUFFIX);
        path = path.toAbsolutePath();
        OWN_NAMED_FILES.add(path);
        RandomAccessFile file;
        try {
            file = new RandomAccessFile(path.toFile(), "rw");
        } catch (IOException e) {
            remove(path);
            throw e;
        }
        try {
            unlinking.unlink(path);
        } catch (IOException openFilesKeepTheirNames) {
            lock(file, path);
            return new SpoolFile(file, Optional.of(path));
        }
        OWN_NAMED_FILES.remove(path);
        return new SpoolFile(file, Optional.empty());
    }

    /** Deletes the name of an open file. */
    @FunctionalInterface
    interface Unlinking {

        /** @throws IOException if the system cannot do that; the file keeps its name */
        void unlink(Path path) throws IOException;
    }

    /** Locks a file until it is closed. On a file system without locks, {@link #tidy} cannot identify abandoned files and leaves them. */
    private static void lock(RandomAccessFile file, Path path) {
        try {
            file.getChannel().tryLock(LOCK_POSITION, 1, false);
        } catch (IOException e) {
            LOGGER.log(Level.DEBUG, path + " cannot be locked", e);
        }
    }

    /** Deletes the files that ended processes left in the directory. Logs a failure. */
    static void tidy(Optional<Path> directory, Instant now) {
        Path looked = directory.orElseGet(() -> Path.of(System.getProperty("java.io.tmpdir")));
        try (DirectoryStream<Path> listing = Files.newDirectoryStream(looked, FILE_PREFIX + "*" + FILE_SUFFIX)) {
            Iterator<Path> files = listing.iterator();
            for (int i = 0; i < MAX_TIDIED && files.hasNext(); i++) {
                Path path = files.next().toAbsolutePath();
                if (!OWN_NAMED_FILES.contains(path) && isOld(path, now) && isAbandoned(path)) {
                    Files.deleteIfExists(path);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            LOGGER.log(Level.WARNING, "Old temporary files of messages could not be removed from " + looked, e);
        }
    }

    private static boolean isOld(Path path, Instant now) {
        try {
            BasicFileAttributes attributes =
                    Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return attributes.isRegularFile()
                    && attributes.lastModifiedTime().toInstant().isBefore(now.minus(LOCKED_AFTER));
        } catch (IOException gone) {
            return false;
        }
    }

    /** Returns whether no process has the file open. Returns false for another user's file, which cannot be opened. */
    private static boolean isAbandoned(Path path) {
        try (FileChannel channel = FileChannel.open(
                        path, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
                FileLock free = channel.tryLock(LOCK_POSITION, 1, false)) {
            return free != null;
        } catch (IOException | OverlappingFileLockException notOurs) {
            LOGGER.log(Level.DEBUG, path + " is left alone", notOurs);
            return false;
        }
    }

    /** Returns a stream that appends to the file. */
    OutputStream writer() {
        return new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
                write(new byte[] {(byte) octet}, 0, 1);
            }

            @Override
            public void write(byte[] octets, int offset, int length) throws IOException {
                append(octets, offset, length);
            }
        };
    }

    private synchronized void append(byte[] octets, int offset, int length) throws IOException {
        file.seek(size);
        file.write(octets, offset, length);
        size += length;
    }

    private synchronized int read(long position, byte[] octets, int offset, int length) throws IOException {
        file.seek(position);
        return file.read(octets, offset, length);
    }

    /**
     * Opens a stream over all octets, independent of every other stream. It can be read to the end even if this file is closed in the
     * meantime.
     */
    synchronized InputStream open() throws IOException {
        if (users == 0) {
            throw new IOException("The temporary file of the message is closed");
        }
        users++;
        return new FileInput();
    }

    /** Closes the file, and deletes its name if it has one, after the last reader has closed its stream. Must be called only once. */
    void close() throws IOException {
        release();
    }

    private synchronized void release() throws IOException {
        users--;
        if (users > 0) {
            return;
        }
        try {
            file.close();
        } finally {
            if (name.isPresent()) {
                remove(name.get());
            }
        }
    }

    private static void remove(Path path) throws IOException {
        try {
            Files.deleteIfExists(path);
        } finally {
            OWN_NAMED_FILES.remove(path);
        }
    }

    /** Not thread-safe. */
    private final class FileInput extends InputStream {

        private long position;
        private boolean closed;

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] octets, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, octets.length);
            if (closed) {
                throw new IOException("The stream is closed");
            }
            int count = SpoolFile.this.read(position, octets, offset, length);
            position += Math.max(count, 0);
            return count;
        }

        @Override
        public void close() throws IOException {
            if (!closed) {
                closed = true;
                release();
            }
        }
    }
}
