// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import java.io.IOException;
import java.io.OutputStream;

/**
 * A message on its way into DATA (RFC 5321 §4.5.2): a dot at the start of a line is doubled. This is the last gate before the wire:
 * a bare CR or LF, an unfinished last line, and a message that is not as long as it said are all refused before the final dot, so
 * that neither a smuggled end of data nor half a message ever arrives.
 */
final class DotStuffing extends OutputStream {

    private static final byte[] FINAL_DOT = {'.', '\r', '\n'};

    private final OutputStream out;
    private final long announced;
    private long written;
    private int previous = '\n';

    DotStuffing(OutputStream out, long announced) {
        this.out = out;
        this.announced = announced;
    }

    @Override
    public void write(int octet) throws IOException {
        int current = octet & 0xff;
        if ((previous == '\r') != (current == '\n')) {
            throw new IOException("the message has a bare " + (current == '\n' ? "LF" : "CR"));
        }
        if (++written > announced) {
            throw new IOException("the message is longer than the " + announced + " octets announced");
        }
        if (current == '.' && previous == '\n') {
            out.write('.');
        }
        out.write(current);
        previous = current;
    }

    @Override
    public void write(byte[] octets, int offset, int length) throws IOException {
        for (int i = offset; i < offset + length; i++) {
            write(octets[i]);
        }
    }

    /** The final dot. */
    void end() throws IOException {
        if (written < announced) {
            throw new IOException("the message ended after " + written + " of the " + announced + " octets announced");
        }
        if (previous != '\n') {
            throw new IOException("the last line of the message has no CRLF");
        }
        out.write(FINAL_DOT);
    }
}
