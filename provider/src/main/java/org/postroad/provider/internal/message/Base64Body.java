// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Base64;

/** Writes content as base64 (RFC 2045 §6.8). */
final class Base64Body implements BodyWriter {

    private static final int LINE = 76;
    private static final byte[] CRLF = {'\r', '\n'};

    private final OutputStream out;
    private final OutputStream encoder;
    private boolean empty = true;

    Base64Body(OutputStream out) {
        this.out = out;
        this.encoder = Base64.getMimeEncoder(LINE, CRLF).wrap(new KeepOpen(out));
    }

    @Override
    public void octets(byte[] octets, int offset, int length) throws IOException {
        empty = empty && length == 0;
        encoder.write(octets, offset, length);
    }

    @Override
    public void lineEnd() throws IOException {
        octets(CRLF, 0, CRLF.length);
    }

    @Override
    public void end(boolean delimited) throws IOException {
        encoder.close();
        if (!empty) {
            Line.writeLineEnd(out);
        }
    }

    /** Keeps the target open: the encoder writes its last characters when it is closed, and the message continues after them. */
    private static final class KeepOpen extends FilterOutputStream {

        KeepOpen(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] octets, int offset, int length) throws IOException {
            out.write(octets, offset, length);
        }

        @Override
        public void close() {}
    }
}
