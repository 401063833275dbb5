// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Writes content as quoted-printable (RFC 2045 §6.7). */
final class QuotedPrintableBody implements BodyWriter {

    /** Maximum octets of an output line, including the soft break. */
    private static final int MAX_LINE = 76;

    private static final byte[] HEX = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);

    private final OutputStream out;
    private int column;
    // White space must be encoded at the end of a line, so it is held until the next octet is known.
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
            softBreak(); // the message ends with a line end, the content does not
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
        // Leaves one column for the soft break.
        if (column + (mustEncode ? 3 : 1) > MAX_LINE - 1) {
            softBreak();
        }
        // After a soft break, a hyphen at the start of a line could make it look like a delimiter.
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
