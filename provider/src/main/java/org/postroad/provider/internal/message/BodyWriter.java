// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

import java.io.IOException;
import java.io.OutputStream;

/** Writes the content of one leaf. */
interface BodyWriter {

    /** Writes octets of a line. */
    void octets(byte[] octets, int offset, int length) throws IOException;

    /** Writes a line end that is part of the content. */
    void lineEnd() throws IOException;

    /**
     * Completes the content, so that the output is at the start of a line.
     *
     * @param delimited whether a CRLF that is not content follows
     */
    void end(boolean delimited) throws IOException;

    /** Writes content unchanged. */
    final class Unchanged implements BodyWriter {

        private final OutputStream out;

        Unchanged(OutputStream out) {
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
}
