// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dsn;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Encodes canonical lines as quoted-printable (RFC 2045 §6.7). Must be completed by {@link #finish}; does not close the target. */
final class QuotedPrintable extends FilterOutputStream {

    /** Maximum octets of an output line, including the soft break. */
    static final int MAX_LINE = 76;

    private static final byte[] HEX = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);
    private static final int NOTHING = -1;

    private int column;
    // White space must be encoded before a line end, so white space and CR are held until the next octet is known.
    private int held = NOTHING;
    private boolean afterCr;

    QuotedPrintable(OutputStream out) {
        super(out);
    }

    @Override
    public void write(int octet) throws IOException {
        int value = octet & 0xff;
        if (afterCr && value == '\n') {
            endLine();
        } else {
            releaseCr();
            if (value == '\r') {
                afterCr = true;
            } else {
                takeOrdinary(value);
            }
        }
    }

    @Override
    public void write(byte[] octets, int offset, int length) throws IOException {
        for (int i = offset; i < offset + length; i++) {
            write(octets[i]);
        }
    }

    /** Writes the octets held back. */
    void finish() throws IOException {
        releaseCr();
        releaseSpace(true);
    }

    private void endLine() throws IOException {
        afterCr = false;
        releaseSpace(true);
        out.write('\r');
        out.write('\n');
        column = 0;
    }

    private void takeOrdinary(int octet) throws IOException {
        releaseSpace(false);
        if (octet == ' ' || octet == '\t') {
            held = octet;
        } else {
            put(octet, octet < '!' || octet > '~' || octet == '=');
        }
    }

    /** Writes a CR that does not end a line as an ordinary octet. */
    private void releaseCr() throws IOException {
        if (afterCr) {
            afterCr = false;
            releaseSpace(false);
            put('\r', true);
        }
    }

    private void releaseSpace(boolean atLineEnd) throws IOException {
        if (held != NOTHING) {
            int space = held;
            held = NOTHING;
            put(space, atLineEnd);
        }
    }

    private void put(int octet, boolean encode) throws IOException {
        int width = encode ? 3 : 1;
        // Leaves one column for the soft break.
        if (column + width > MAX_LINE - 1) {
            out.write('=');
            out.write('\r');
            out.write('\n');
            column = 0;
        }
        if (encode) {
            out.write('=');
            out.write(HEX[octet >> 4]);
            out.write(HEX[octet & 0xf]);
        } else {
            out.write(octet);
        }
        column += width;
    }
}
