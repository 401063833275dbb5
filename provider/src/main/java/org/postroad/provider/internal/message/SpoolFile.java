// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

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
 * The temporary file of a big message. It loses its name as soon as it is open, so that nothing remains of it when the process ends,
 * however that happens. A system that cannot do that (Windows) removes it when the message is closed; what a dead process left there is
 * removed by {@link #tidy}. A process holds a lock on each of its files: a file without one belongs to nobody.
 *
 * <p>One handle serves all readers. It is not a channel, which an interrupt of one reader would close for all. Thread-safe.
 */
final class SpoolFile {

    /** Files of a directory that are looked at by one {@link #tidy}. */
    static final int MAX_TIDIED = 10_000;

    /** A file is locked a moment after it was made; one that is older than this, and has no lock, never will be. */
    static final Duration LOCKED_AFTER = Duration.ofHours(1);

    private static final String FILE_PREFIX = "postroad-";
    private static final String FILE_SUFFIX = ".eml";

    /** Beyond every message, since Windows lets nobody read what is locked. */
    private static final long LOCK_POSITION = Long.MAX_VALUE - 1;

    private static final Logger LOGGER = System.getLogger(SpoolFile.class.getName());

    /** Files of this process that still have names: to look at one's own lock could end it (POSIX). */
    private static final Set<Path> NAMED = ConcurrentHashMap.newKeySet();

    private final RandomAccessFile file;
    private final Optional<Path> name;
    private long size; // this and the following, under the lock of this object
    private int users = 1;

    private SpoolFile(RandomAccessFile file, Optional<Path> name) {
        this.file = file;
        this.name = name;
    }

    /** Makes an empty one, readable and writable by the owner alone where the system has such permissions. */
    static SpoolFile create(Optional<Path> directory) throws IOException {
        return create(directory, Files::delete);
    }

    static SpoolFile create(Optional<Path> directory, Unlinking unlinking) throws IOException {
        Path path = directory.isPresent()
                ? Files.createTempFile(directory.get(), FILE_PREFIX, FILE_SUFFIX)
                : Files.createTempFile(FILE_PREFIX, FILE_SUFFIX);
        path = path.toAbsolutePath();
        NAMED.add(path);
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
        NAMED.remove(path);
        return new SpoolFile(file, Optional.empty());
    }

    /** Takes the name of an open file away. */
    @FunctionalInterface
    interface Unlinking {

        /** @throws IOException if the system cannot do that; the file keeps its name */
        void unlink(Path path) throws IOException;
    }

    /** Held until the file is closed. A file system without locks has files that {@link #tidy} cannot judge, and leaves alone. */
    private static void lock(RandomAccessFile file, Path path) {
        try {
            file.getChannel().tryLock(LOCK_POSITION, 1, false);
        } catch (IOException e) {
            LOGGER.log(Level.DEBUG, path + " cannot be locked", e);
        }
    }

    /** Removes the files that processes which are gone have left in the directory. What cannot be removed is logged. */
    static void tidy(Optional<Path> directory, Instant now) {
        Path looked = directory.orElseGet(() -> Path.of(System.getProperty("java.io.tmpdir")));
        try (DirectoryStream<Path> listing = Files.newDirectoryStream(looked, FILE_PREFIX + "*" + FILE_SUFFIX)) {
            Iterator<Path> files = listing.iterator();
            for (int i = 0; i < MAX_TIDIED && files.hasNext(); i++) {
                Path path = files.next().toAbsolutePath();
                if (!NAMED.contains(path) && isOld(path, now) && isDead(path)) {
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

    /** Whether no process has it open. Another user's file cannot be opened, and is not ours to judge. */
    private static boolean isDead(Path path) {
        try (FileChannel channel = FileChannel.open(
                        path, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
                FileLock free = channel.tryLock(LOCK_POSITION, 1, false)) {
            return free != null;
        } catch (IOException | OverlappingFileLockException notOurs) {
            LOGGER.log(Level.DEBUG, path + " is left alone", notOurs);
            return false;
        }
    }

    /** Appends. */
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

    /** A new stream over all octets, independent of every other; it can be read to its end even if the file is closed before. */
    synchronized InputStream open() throws IOException {
        if (users == 0) {
            throw new IOException("The temporary file of the message is closed");
        }
        users++;
        return new Reader();
    }

    /** Ends it, once the last reader has closed its stream. To be called once. */
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
            NAMED.remove(path);
        }
    }

    /** For one thread. */
    private final class Reader extends InputStream {

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
