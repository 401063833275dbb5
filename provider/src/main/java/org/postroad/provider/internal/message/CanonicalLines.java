// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;

/**
 * Passes octets on with every lone CR or LF made CRLF (RFC 5321 §2.3.8). Keeps a buffer, because transfer encoders write
 * octet by octet. The first failure to pass on is repeated by each later call: a message with a hole must not be finished.
 */
final class CanonicalLines extends OutputStream {

    private static final int BUFFER = 8192;

    private final OutputStream next;
    private final byte[] buffer = new byte[BUFFER];
    private int used;
    private boolean afterCr;
    private boolean atLineStart = true;
    private Optional<IOException> failure = Optional.empty();

    CanonicalLines(OutputStream next) {
        this.next = next;
    }

    @Override
    public void write(int octet) throws IOException {
        take((byte) octet);
    }

    @Override
    public void write(byte[] octets, int offset, int length) throws IOException {
        for (int i = offset; i < offset + length; i++) {
            take(octets[i]);
        }
    }

    /** Ends the last line and passes on what is left. */
    void finish() throws IOException {
        if (afterCr || !atLineStart) {
            endLine();
        }
        drain();
    }

    private void take(byte octet) throws IOException {
        if (octet == '\n') {
            endLine();
            return;
        }
        if (afterCr) {
            endLine();
        }
        if (octet == '\r') {
            afterCr = true;
            return;
        }
        put(octet);
        atLineStart = false;
    }

    private void endLine() throws IOException {
        put((byte) '\r');
        put((byte) '\n');
        afterCr = false;
        atLineStart = true;
    }

    private void put(byte octet) throws IOException {
        if (used == buffer.length) {
            drain();
        }
        buffer[used++] = octet;
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
