// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** Writes a message as BDAT chunks (RFC 3030): before each chunk a command with its size, marked LAST before the last one. */
final class Chunks extends OutputStream {

    /** Size of a chunk in octets. The last chunk may be smaller. */
    static final int CHUNK = 1 << 20;

    private final OutputStream out;
    private final ChunkStart start;
    private long left;
    private int leftInChunk;
    private boolean begun;

    /** Called before the command of each chunk is written. */
    @FunctionalInterface
    interface ChunkStart {
        void of(Command bdat) throws IOException;
    }

    /** Starts the first chunk, since even an empty message has one. */
    Chunks(OutputStream out, long size, ChunkStart start) throws IOException {
        this.out = out;
        this.start = start;
        this.left = size;
        begin();
    }

    /** Returns the number of chunks of a message of this size. */
    static long count(long size) {
        return Math.max(1, (size + CHUNK - 1) / CHUNK);
    }

    @Override
    public void write(int octet) throws IOException {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] octets, int offset, int length) throws IOException {
        int done = 0;
        while (done < length) {
            if (leftInChunk == 0) {
                begin();
            }
            int now = Math.min(length - done, leftInChunk);
            out.write(octets, offset + done, now);
            done += now;
            leftInChunk -= now;
        }
    }

    private void begin() throws IOException {
        if (begun && left == 0) {
            throw new IllegalStateException("The message is longer than announced");
        }
        begun = true;
        leftInChunk = (int) Math.min(CHUNK, left);
        left -= leftInChunk;
        Command bdat = Command.bdat(leftInChunk, left == 0);
        start.of(bdat);
        out.write(Command.octets(List.of(bdat)));
    }
}
