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
        byte one = (byte) octet;
        if (one == '\r' || one == '\n' || afterCr || used == buffer.length) {
            single[0] = one;
            write(single, 0, 1);
        } else {
            buffer[used++] = one;
            atLineStart = false;
        }
    }

    @Override
    public void write(byte[] octets, int offset, int length) throws IOException {
        if (length == 0) {
            return;
        }
        int end = offset + length;
        int taken = offset;
        if (afterCr) {
            afterCr = false;
            put(CRLF, 0, CRLF.length);
            taken += octets[offset] == '\n' ? 1 : 0;
        }
        int i = taken;
        while (i < end) {
            i = Octets.firstLineEnd(octets, i, end);
            if (isCrlf(octets, i, end)) {
                i += CRLF.length; // goes along with what is before and behind it
            } else if (i < end) {
                put(octets, taken, i - taken);
                afterCr = octets[i] == '\r' && i + 1 == end;
                if (!afterCr) {
                    put(CRLF, 0, CRLF.length);
                }
                i++;
                taken = i;
            }
        }
        put(octets, taken, end - taken);
        atLineStart = octets[end - 1] == '\n';
    }

    private static boolean isCrlf(byte[] octets, int index, int end) {
        return index + 1 < end && octets[index] == '\r' && octets[index + 1] == '\n';
    }

    /** Ends the last line and passes on what is left. */
    void finish() throws IOException {
        if (afterCr || !atLineStart) {
            put(CRLF, 0, CRLF.length);
        }
        drain();
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
