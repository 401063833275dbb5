// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Writes a message for DATA (RFC 5321 §4.5.2): doubles a dot at the start of a line. Lines must end in CRLF, which {@link ContentCheck}
 * ensures.
 */
final class DotStuffing extends OutputStream {

    private static final byte[] FINAL_DOT = {'.', '\r', '\n'};

    private final OutputStream out;
    private byte previous = '\n';

    DotStuffing(OutputStream out) {
        this.out = out;
    }

    @Override
    public void write(int octet) throws IOException {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] octets, int offset, int length) throws IOException {
        int from = offset;
        for (int i = offset; i < offset + length; i++) {
            if (octets[i] == '.' && previous == '\n') {
                out.write(octets, from, i - from);
                out.write('.');
                from = i;
            }
            previous = octets[i];
        }
        out.write(octets, from, offset + length - from);
    }

    /** Writes the final dot. */
    void end() throws IOException {
        out.write(FINAL_DOT);
    }
}
