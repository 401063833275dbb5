// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;

/**
 * Stream that stores the octets of one message: in memory up to the threshold, then in a file. Leaves nothing behind if it is closed before
 * {@link #finish}.
 */
final class SpoolStorage extends OutputStream {

    /** Initial size of the buffer in octets. */
    private static final int ORDINARY_SIZE = 16_384;

    private final SpoolSettings settings;
    private Memory memory = new Memory(ORDINARY_SIZE);
    private Optional<Overflow> overflow = Optional.empty();
    private long size;
    private boolean finished;

    /** Gives access to its buffer without copying it. */
    private static final class Memory extends ByteArrayOutputStream {

        Memory(int room) {
            super(room);
        }

        /** Returns the buffer, which may be longer than the content. */
        byte[] octets() {
            return buf;
        }
    }

    /** The file of a message that exceeds the memory threshold. */
    private record Overflow(SpoolFile file, OutputStream out) {}

    SpoolStorage(SpoolSettings settings) {
        this.settings = settings;
    }

    /** Returns the number of octets written. */
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

    /** Completes and returns the content, which the caller then owns. */
    SpoolContent finish() {
        finished = true;
        return overflow.<SpoolContent>map(file -> new SpoolContent.InFile(file.file()))
                .orElseGet(() -> new SpoolContent.InMemory(memory.octets(), memory.size()));
    }

    @Override
    public void close() throws IOException {
        if (!finished && overflow.isPresent()) {
            finished = true;
            overflow.get().file().close();
        }
    }

    private void spill() throws IOException {
        SpoolFile file = SpoolFile.create(settings.directory());
        OutputStream out = file.writer();
        overflow = Optional.of(new Overflow(file, out));
        memory.writeTo(out);
        memory = new Memory(0);
    }
}
