// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;

/**
 * The octets of one message on their way into the spool: in memory while they are few, then in a file. Closed before
 * {@link #finish}, it leaves nothing behind.
 */
final class SpoolStorage extends OutputStream {

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

    /** The file of a message that outgrew the memory. */
    private record Overflow(SpoolFile file, OutputStream out) {}

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
