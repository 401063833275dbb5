// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

import java.io.IOException;
import java.io.OutputStream;

/**
 * A line, or a piece of one that is too long to be held; valid only during the call that hands it over.
 *
 * @param octets a shared buffer that begins with the octets, without CRLF
 * @param length how many of them
 * @param begins whether the line begins here
 * @param ends whether it ends here
 */
record Line(byte[] octets, int length, boolean begins, boolean ends) {

    private static final byte[] CRLF = {'\r', '\n'};

    boolean isEmpty() {
        return begins && ends && length == 0;
    }

    boolean has8bit() {
        for (int i = 0; i < length; i++) {
            if (octets[i] < 0) {
                return true;
            }
        }
        return false;
    }

    boolean hasNul() {
        for (int i = 0; i < length; i++) {
            if (octets[i] == 0) {
                return true;
            }
        }
        return false;
    }

    /** Writes the octets, and CRLF if the line ends here. */
    void writeTo(OutputStream out) throws IOException {
        out.write(octets, 0, length);
        if (ends) {
            writeLineEnd(out);
        }
    }

    static void writeLineEnd(OutputStream out) throws IOException {
        out.write(CRLF);
    }
}
