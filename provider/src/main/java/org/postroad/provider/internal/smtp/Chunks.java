// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** A message on its way into BDAT (RFC 3030): before each chunk, a command with its octets, and LAST before the last one. */
final class Chunks extends OutputStream {

    /** Octets in a chunk, but for the last one, which may have fewer. */
    static final int CHUNK = 1 << 20;

    private final OutputStream out;
    private final Start start;
    private long toCome;
    private int toComeInChunk;
    private boolean begun;

    /** Is told that a chunk is about to begin, before its command is written. */
    @FunctionalInterface
    interface Start {
        void of(Command bdat) throws IOException;
    }

    /** Begins with the first chunk, for even a message without octets has one. */
    Chunks(OutputStream out, long size, Start start) throws IOException {
        this.out = out;
        this.start = start;
        this.toCome = size;
        begin();
    }

    /** How many chunks a message of that size has. */
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
            if (toComeInChunk == 0) {
                begin();
            }
            int now = Math.min(length - done, toComeInChunk);
            out.write(octets, offset + done, now);
            done += now;
            toComeInChunk -= now;
        }
    }

    private void begin() throws IOException {
        if (toComeInChunk == 0 && toCome == 0 && begun) {
            throw new IllegalStateException("The message is longer than it said");
        }
        begun = true;
        toComeInChunk = (int) Math.min(CHUNK, toCome);
        toCome -= toComeInChunk;
        Command bdat = Command.bdat(toComeInChunk, toCome == 0);
        start.of(bdat);
        out.write(Command.octets(List.of(bdat)));
    }
}
