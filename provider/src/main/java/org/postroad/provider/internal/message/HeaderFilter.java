// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/**
 * Buffers the header until it is complete, edits it, then passes on everything that follows. The header is written in canonical lines,
 * whatever its original line ends; the body is not changed.
 *
 * <p>Only an empty line ends the header: a line that is not a field is passed on, and a Bcc after it is still dropped.
 */
final class HeaderFilter extends OutputStream {

    /** Maximum size of a header in octets. */
    static final int MAX_HEADER = 1 << 20;

    private static final int ORDINARY_HEADER = 1024;

    /** Fields that hold envelope data, or that are wrong once line ends have changed. */
    private static final Set<String> DROPPED = Set.of("bcc", "resent-bcc", "return-path", "content-length");

    private final OutputStream next;
    private final HeaderDefaults defaults;
    private final ByteArrayOutputStream header = new ByteArrayOutputStream(ORDINARY_HEADER);
    private boolean inHeader = true;
    private boolean atLineStart = true;
    private boolean afterCr; // an LF that follows belongs to the same line end

    HeaderFilter(OutputStream next, HeaderDefaults defaults) {
        this.next = next;
        this.defaults = defaults;
    }

    @Override
    public void write(int octet) throws IOException {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] octets, int offset, int length) throws IOException {
        int end = offset + length;
        int i = offset;
        while (i < end && (inHeader || afterCr)) {
            boolean isRestOfLineEnd = afterCr && octets[i] == '\n';
            afterCr = false;
            if (isRestOfLineEnd) {
                i++;
            } else if (inHeader) {
                i = takeLine(octets, i, end);
            }
        }
        next.write(octets, i, end - i);
    }

    /** Ends the message. A header without an empty line is the whole message. */
    void finish() throws IOException {
        if (inHeader) {
            if (!atLineStart) {
                takeLineEnd();
            }
            endHeader();
        }
    }

    /** Reads part of a line, or its end, and returns the index of what follows. */
    private int takeLine(byte[] octets, int start, int end) throws IOException {
        int lineEnd = Octets.firstLineEnd(octets, start, end);
        if (lineEnd > start) {
            header.write(octets, start, lineEnd - start);
            atLineStart = false;
        } else {
            afterCr = octets[start] == '\r';
            lineEnd++;
            if (atLineStart) {
                endHeader();
            } else {
                takeLineEnd();
            }
        }
        if (header.size() > MAX_HEADER) {
            throw new MessageTooLargeException("The header of the message", MAX_HEADER);
        }
        return lineEnd;
    }

    private void takeLineEnd() {
        header.write('\r');
        header.write('\n');
        atLineStart = true;
    }

    private void endHeader() throws IOException {
        inHeader = false;
        byte[] original = header.toByteArray();
        header.reset();
        boolean[] found = new boolean[2];
        HeaderFields.forEach(original, (name, start, end) -> {
            found[0] |= name.equals("date");
            found[1] |= name.equals("message-id");
            if (!DROPPED.contains(name)) {
                header.write(original, start, end - start);
            }
        });
        if (!found[0]) {
            next.write(line(defaults.date()));
        }
        if (!found[1]) {
            next.write(line(defaults.messageId()));
        }
        header.writeTo(next);
        next.write(line(""));
        header.reset();
    }

    private static byte[] line(String text) {
        return (text + "\r\n").getBytes(StandardCharsets.US_ASCII);
    }
}
