// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Stream that replaces every bare CR or LF by CRLF and ends the last line with CRLF (RFC 5321 §2.3.8). Closing it closes the source. */
final class CanonicalLines extends InputStream {

    private static final int BUFFER = 8192;
    private static final byte[] CRLF = LineEnd.CRLF.octets();

    private final InputStream source;
    private final byte[] read = new byte[BUFFER];
    private final byte[] ready = new byte[2 * BUFFER + CRLF.length]; // worst case: only bare line ends
    private int start;
    private int end;
    private boolean afterCr;
    private boolean atLineStart = true;
    private boolean ended;

    CanonicalLines(InputStream source) {
        this.source = source;
    }

    @Override
    public int read() throws IOException {
        byte[] single = new byte[1];
        return read(single, 0, 1) < 0 ? -1 : single[0] & 0xff;
    }

    @Override
    public int read(byte[] octets, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (start == end && !ended) {
            fill();
        }
        if (start == end) {
            return -1;
        }
        int count = Math.min(length, end - start);
        System.arraycopy(ready, start, octets, offset, count);
        start += count;
        return count;
    }

    /** Needs no buffer besides those of this stream. */
    @Override
    public long transferTo(OutputStream out) throws IOException {
        long count = 0;
        while (start < end || !ended) {
            out.write(ready, start, end - start);
            count += end - start;
            start = end;
            if (!ended) {
                fill();
            }
        }
        return count;
    }

    @Override
    public void close() throws IOException {
        source.close();
    }

    private void fill() throws IOException {
        start = 0;
        end = 0;
        int count = source.read(read, 0, read.length);
        if (count < 0) {
            ended = true;
            if (!atLineStart) {
                put(CRLF, 0, CRLF.length);
            }
            return;
        }
        int i = 0;
        while (i < count) {
            boolean isRestOfLineEnd = afterCr && read[i] == '\n';
            afterCr = false;
            int lineEnd = isRestOfLineEnd ? i : Octets.firstLineEnd(read, i, count);
            put(read, i, lineEnd - i);
            atLineStart &= lineEnd == i;
            if (lineEnd < count && !isRestOfLineEnd) {
                afterCr = read[lineEnd] == '\r';
                put(CRLF, 0, CRLF.length);
                atLineStart = true;
            }
            i = lineEnd + 1;
        }
    }

    private void put(byte[] octets, int offset, int length) {
        System.arraycopy(octets, offset, ready, end, length);
        end += length;
    }
}
