// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Last check of the content before the network. Rejects a bare CR or LF, an unfinished last line, and a message whose size differs from the
 * announced one, before the end of the message is sent. So neither a smuggled end of data nor a truncated message arrives. Valid content
 * passes unchanged.
 */
final class ContentCheck extends OutputStream {

    private final OutputStream next;
    private final long announced;
    private long written;
    private byte previous = '\n';

    private ContentCheck(OutputStream next, long announced) {
        this.next = next;
        this.announced = announced;
    }

    /** Writes the whole message, or throws an exception without writing its end. */
    static void pass(MessageContent content, OutputStream out) throws IOException {
        ContentCheck gate = new ContentCheck(out, content.size());
        content.writeTo(gate);
        gate.end();
    }

    @Override
    public void write(int octet) throws IOException {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    /** Writes nothing of this array if any part of it is invalid. */
    @Override
    public void write(byte[] octets, int offset, int length) throws IOException {
        written += length;
        if (written > announced) {
            throw new IOException("the message is longer than the " + announced + " octets announced");
        }
        byte before = previous;
        for (int i = offset; i < offset + length; i++) {
            byte current = octets[i];
            if ((before == '\r') != (current == '\n')) {
                throw new IOException("the message has a bare " + (current == '\n' ? "LF" : "CR"));
            }
            before = current;
        }
        previous = before;
        next.write(octets, offset, length);
    }

    private void end() throws IOException {
        if (written < announced) {
            throw new IOException("the message ended after " + written + " of the " + announced + " octets announced");
        }
        if (previous != '\n') {
            throw new IOException("the last line of the message has no CRLF");
        }
    }
}
