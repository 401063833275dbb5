// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The octets of one message on their way into the spool: in memory while they are few, then in a file. Closed before
 * {@link #finish}, it leaves nothing behind.
 */
final class SpoolStorage extends OutputStream {

    private static final String FILE_PREFIX = "postroad-";
    private static final String FILE_SUFFIX = ".eml";

    /** Octets for which there is room from the start. */
    private static final int ORDINARY_SIZE = 16_384;

    private final SpoolSettings settings;
    private Memory memory = new Memory(ORDINARY_SIZE);
    private Optional<Overflow> overflow = Optional.empty();
    private long size;
    private boolean finished;

    /** Gives away what was written without copying it. */
    private static final class Memory extends ByteArrayOutputStream {

        Memory(int room) {
            super(room);
        }

        /** As many as its size, and room behind them. */
        byte[] octets() {
            return buf;
        }
    }

    /** The temporary file of a message that outgrew the memory. */
    private record Overflow(Path path, OutputStream out) {}

    SpoolStorage(SpoolSettings settings) {
        this.settings = settings;
    }

    /** How many octets there are. */
    long size() {
        return size;
    }

    @Override
    public void write(int octet) throws IOException {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] octets, int offset, int length) throws IOException {
        size += length;
        if (size > settings.maximumSize()) {
            throw new MessageTooLargeException("The message", settings.maximumSize());
        }
        if (overflow.isEmpty() && size > settings.memoryThreshold()) {
            spill();
        }
        OutputStream out = overflow.map(Overflow::out).orElse(memory);
        out.write(octets, offset, length);
    }

    /** They are complete and belong to the caller now. */
    SpoolContent finish() throws IOException {
        SpoolContent content;
        if (overflow.isPresent()) {
            overflow.get().out().close();
            content = new SpoolContent.InFile(overflow.get().path());
        } else {
            content = new SpoolContent.InMemory(memory.octets(), memory.size());
        }
        finished = true;
        return content;
    }

    @Override
    public void close() throws IOException {
        if (finished || overflow.isEmpty()) {
            return;
        }
        Overflow abandoned = overflow.get();
        finished = true;
        try {
            abandoned.out().close();
        } finally {
            Files.deleteIfExists(abandoned.path());
        }
    }

    private void spill() throws IOException {
        // Readable and writable by the owner alone: the default of createTempFile where the system has such
        // permissions.
        Path path = settings.directory().isPresent()
                ? Files.createTempFile(settings.directory().get(), FILE_PREFIX, FILE_SUFFIX)
                : Files.createTempFile(FILE_PREFIX, FILE_SUFFIX);
        OutputStream out;
        try {
            out = Files.newOutputStream(path);
        } catch (IOException e) {
            Files.deleteIfExists(path);
            throw e;
        }
        overflow = Optional.of(new Overflow(path, out));
        memory.writeTo(out);
        memory = new Memory(0);
    }
}
