// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;

/**
 * Stream that a source writes to. Buffered, because transfer encoders write single octets. After the first write failure, every later
 * attempt to pass on octets throws the same exception, so that a message with a gap is never completed.
 */
final class SourceOutput extends OutputStream {

    private static final int BUFFER = 8192;

    private final OutputStream next;
    private final byte[] buffer = new byte[BUFFER];
    private int used;
    private Optional<IOException> failure = Optional.empty();

    SourceOutput(OutputStream next) {
        this.next = next;
    }

    @Override
    public void write(int octet) throws IOException {
        if (used == buffer.length) {
            drain();
        }
        buffer[used++] = (byte) octet;
    }

    @Override
    public void write(byte[] octets, int offset, int length) throws IOException {
        int done = 0;
        while (done < length) {
            if (used == buffer.length) {
                drain();
            }
            int now = Math.min(length - done, buffer.length - used);
            System.arraycopy(octets, offset + done, buffer, used, now);
            used += now;
            done += now;
        }
    }

    /** Passes on the rest of the buffer. */
    void finish() throws IOException {
        drain();
    }

    private void drain() throws IOException {
        if (failure.isPresent()) {
            throw failure.get();
        }
        try {
            next.write(buffer, 0, used);
            used = 0;
        } catch (IOException e) {
            failure = Optional.of(e);
            throw e;
        }
    }
}
