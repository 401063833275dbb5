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
    private static final byte[] CRLF = {'\r', '\n'};

    private final OutputStream next;
    private final byte[] buffer = new byte[BUFFER];
    private final byte[] single = new byte[1];
    private int used;
    private boolean afterCr;
    private boolean atLineStart = true;
    private Optional<IOException> failure = Optional.empty();

    CanonicalLines(OutputStream next) {
        this.next = next;
    }

    @Override
    public void write(int octet) throws IOException {
        single[0] = (byte) octet;
        write(single, 0, 1);
    }

    @Override
    public void write(byte[] octets, int offset, int length) throws IOException {
        int end = offset + length;
        int i = offset;
        while (i < end) {
            int lineEnd = LineEnds.first(octets, i, end);
            if (lineEnd > i) {
                takeOrdinary(octets, i, lineEnd - i);
            }
            if (lineEnd < end) {
                takeLineEnd(octets[lineEnd]);
            }
            i = lineEnd + 1;
        }
    }

    /** Ends the last line and passes on what is left. */
    void finish() throws IOException {
        if (afterCr || !atLineStart) {
            endLine();
        }
        drain();
    }

    private void takeOrdinary(byte[] octets, int offset, int length) throws IOException {
        if (afterCr) {
            endLine();
        }
        put(octets, offset, length);
        atLineStart = false;
    }

    private void takeLineEnd(byte octet) throws IOException {
        if (octet == '\n') {
            endLine();
            return;
        }
        if (afterCr) {
            endLine();
        }
        afterCr = true;
    }

    private void endLine() throws IOException {
        put(CRLF, 0, CRLF.length);
        afterCr = false;
        atLineStart = true;
    }

    private void put(byte[] octets, int offset, int length) throws IOException {
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
