// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

import java.io.IOException;
import java.io.OutputStream;

/**
 * A line, or a piece of one that is too long to be held; valid only during the call that hands it over.
 *
 * @param octets a shared buffer with the octets
 * @param start of the first one
 * @param length how many of them, without CRLF
 * @param begins whether the line begins here
 * @param end how it ends here
 */
record Line(byte[] octets, int start, int length, boolean begins, LineEnd end) {

    private static final byte[] CRLF = {'\r', '\n'};

    /** Whether it ends here. */
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
        return Octets.have8bit(octets, start, start + length);
    }

    boolean hasNul() {
        return Octets.haveNul(octets, start, start + length);
    }

    /** Writes the octets, and CRLF if the line ends here. */
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
