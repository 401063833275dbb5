// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

import java.io.IOException;
import java.io.OutputStream;

/** Writes content unchanged. */
final class UnchangedBody implements BodyWriter {

    private final OutputStream out;

    UnchangedBody(OutputStream out) {
        this.out = out;
    }

    @Override
    public void octets(byte[] octets, int offset, int length) throws IOException {
        out.write(octets, offset, length);
    }

    @Override
    public void lineEnd() throws IOException {
        Line.writeLineEnd(out);
    }

    @Override
    public void end(boolean delimited) throws IOException {
        if (delimited) {
            Line.writeLineEnd(out);
        }
    }
}
