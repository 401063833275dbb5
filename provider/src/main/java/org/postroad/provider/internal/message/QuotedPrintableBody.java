// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Content as quoted-printable text (RFC 2045 §6.7). */
final class QuotedPrintableBody implements BodyWriter {

    /** Octets of an output line, the soft break included. */
    private static final int MAX_LINE = 76;

    private static final byte[] HEX = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);

    private final OutputStream out;
    private int column;
    // White space is written once it is known whether it ends the line: there it must be encoded.
    private int heldSpace = -1;

    QuotedPrintableBody(OutputStream out) {
        this.out = out;
    }

    @Override
    public void octets(byte[] octets, int offset, int length) throws IOException {
        for (int i = offset; i < offset + length; i++) {
            octet(octets[i] & 0xff);
        }
    }

    @Override
    public void lineEnd() throws IOException {
        releaseSpace(true);
        Line.writeLineEnd(out);
        column = 0;
    }

    @Override
    public void end(boolean delimited) throws IOException {
        releaseSpace(true);
        if (delimited) {
            Line.writeLineEnd(out);
        } else if (column > 0) {
            softBreak(); // the message ends in a line end, its content does not
        }
    }

    private void octet(int octet) throws IOException {
        releaseSpace(false);
        if (octet == ' ' || octet == '\t') {
            heldSpace = octet;
        } else {
            put(octet, octet < '!' || octet > '~' || octet == '=');
        }
    }

    private void releaseSpace(boolean atLineEnd) throws IOException {
        if (heldSpace >= 0) {
            int space = heldSpace;
            heldSpace = -1;
            put(space, atLineEnd);
        }
    }

    private void put(int octet, boolean mustEncode) throws IOException {
        // One column is left for the soft break.
        if (column + (mustEncode ? 3 : 1) > MAX_LINE - 1) {
            softBreak();
        }
        // A soft break could put a delimiter at the beginning of a line.
        boolean encode = mustEncode || (column == 0 && octet == '-');
        if (encode) {
            out.write('=');
            out.write(HEX[octet >> 4]);
            out.write(HEX[octet & 0xf]);
        } else {
            out.write(octet);
        }
        column += encode ? 3 : 1;
    }

    private void softBreak() throws IOException {
        out.write('=');
        Line.writeLineEnd(out);
        column = 0;
    }
}
