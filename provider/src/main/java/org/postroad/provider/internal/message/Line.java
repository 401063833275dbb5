// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

import java.io.IOException;
import java.io.OutputStream;

/**
 * A line, or a piece of a line that is too long to be buffered. Valid only during the call that passes it.
 *
 * @param octets a shared buffer
 * @param start the index of the first octet
 * @param length the number of octets, without the line end
 * @param begins whether the line begins with this piece
 * @param end the line end after this piece
 * @param ordinary whether no octet is zero or above 127, so that several visitors need not look
 */
record Line(byte[] octets, int start, int length, boolean begins, LineEnd end, boolean ordinary) {

    private static final byte[] CRLF = {'\r', '\n'};

    Line(byte[] octets, int start, int length, boolean begins, LineEnd end) {
        this(octets, start, length, begins, end, Octets.areOrdinary(octets, start, start + length));
    }

    /** Returns whether the line ends with this piece. */
    boolean ends() {
        return end != LineEnd.NONE;
    }

    boolean isEmpty() {
        return begins && ends() && length == 0;
    }

    byte octet(int index) {
        return octets[start + index];
    }

    boolean has8bit() {
        return !ordinary && Octets.have8bit(octets, start, start + length);
    }

    boolean hasNul() {
        return !ordinary && Octets.haveNul(octets, start, start + length);
    }

    /** Writes the octets, followed by CRLF if the line ends here. */
    void writeTo(OutputStream out) throws IOException {
        out.write(octets, start, length);
        if (ends()) {
            writeLineEnd(out);
        }
    }

    static void writeLineEnd(OutputStream out) throws IOException {
        out.write(CRLF);
    }
}
