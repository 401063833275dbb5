// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Rewraps quoted-printable text with soft breaks into lines of at most 76 characters (RFC 2045 §6.7). */
final class QuotedPrintableLines implements BodyWriter {

    private static final int MAX_LINE = 76;

    private static final byte[] HYPHEN = "=2D".getBytes(StandardCharsets.US_ASCII);

    private final OutputStream out;
    private final byte[] token = new byte[3]; // an encoded octet must not be split
    private int held;
    private int column;
    private boolean afterSoftBreak;

    QuotedPrintableLines(OutputStream out) {
        this.out = out;
    }

    @Override
    public void octets(byte[] octets, int offset, int length) throws IOException {
        for (int i = offset; i < offset + length; i++) {
            token[held++] = octets[i];
            if (token[0] != '=' || held == token.length) {
                writeToken();
            }
        }
    }

    @Override
    public void lineEnd() throws IOException {
        writeHeld();
        Line.writeLineEnd(out);
        column = 0;
    }

    @Override
    public void end(boolean delimited) throws IOException {
        writeHeld();
        if (delimited) {
            Line.writeLineEnd(out);
        }
    }

    /** Writes an incomplete token, normally the {@code =} of a soft break. That fits, because one column is left for it. */
    private void writeHeld() throws IOException {
        out.write(token, 0, held);
        held = 0;
        afterSoftBreak = false;
    }

    private void writeToken() throws IOException {
        if (column + held > MAX_LINE - 1) {
            out.write('=');
            Line.writeLineEnd(out);
            column = 0;
            afterSoftBreak = true;
        }
        // After a soft break, a hyphen at the start of a line could make it look like a delimiter.
        boolean hyphen = afterSoftBreak && token[0] == '-';
        out.write(hyphen ? HYPHEN : token, 0, hyphen ? HYPHEN.length : held);
        column += hyphen ? HYPHEN.length : held;
        held = 0;
        afterSoftBreak = false;
    }
}
