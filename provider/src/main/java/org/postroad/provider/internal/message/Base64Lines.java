// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

import java.io.IOException;
import java.io.OutputStream;

/** Rewraps base64 into lines of 76 characters. White space is not significant in base64 (RFC 2045 §6.8). */
final class Base64Lines implements BodyWriter {

    private static final int LINE = 76;

    private final OutputStream out;
    private int column;

    Base64Lines(OutputStream out) {
        this.out = out;
    }

    @Override
    public void octets(byte[] octets, int offset, int length) throws IOException {
        for (int i = offset; i < offset + length; i++) {
            if (octets[i] > ' ') {
                if (column == LINE) {
                    breakLine();
                }
                out.write(octets[i]);
                column++;
            }
        }
    }

    @Override
    public void lineEnd() {}

    @Override
    public void end(boolean delimited) throws IOException {
        if (column > 0) {
            breakLine();
        }
    }

    private void breakLine() throws IOException {
        Line.writeLineEnd(out);
        column = 0;
    }
}
