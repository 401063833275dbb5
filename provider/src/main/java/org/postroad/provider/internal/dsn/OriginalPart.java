// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dsn;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import org.postroad.provider.internal.dsn.NoticeEncoding.TransferEncoding;
import org.postroad.provider.internal.dsn.NoticePart.Content;

/** The part that returns the message, in full or only its header. */
final class OriginalPart {

    /** Maximum octets of a returned header. Only whole lines are returned. */
    static final int MAX_HEADER = 64 * 1024;

    /** Maximum octets in a line, without its end (RFC 5322 §2.1.1). */
    private static final int MAX_LINE = 998;

    private OriginalPart() {}

    static Optional<NoticePart> of(OriginalMessage original, ReturnedContent returned, NoticeEncoding form) {
        return switch (returned) {
            case FULL -> Optional.of(whole(original, form));
            case HEADERS -> Optional.of(header(original, form));
            case NOTHING -> Optional.empty();
        };
    }

    private static NoticePart whole(OriginalMessage original, NoticeEncoding form) {
        Content content = out -> {
            try (InputStream in = original.open()) {
                in.transferTo(out);
            }
        };
        if (original.facts().hasUtf8Header()) {
            // Unlike message/rfc822, message/global may be encoded (RFC 6532 §3.7), so it does not require SMTPUTF8 in
            // transit.
            return new NoticePart("message/global", "Your message", form.encoding(false), content);
        }
        TransferEncoding encoding =
                original.facts().has8bitBody() ? TransferEncoding.EIGHT_BIT : TransferEncoding.SEVEN_BIT;
        return new NoticePart("message/rfc822", "Your message", encoding, content);
    }

    private static NoticePart header(OriginalMessage original, NoticeEncoding form) {
        boolean ascii = !original.facts().hasUtf8Header();
        String type = ascii ? "text/rfc822-headers" : "message/global-headers";
        return new NoticePart(
                type, "The header of your message", form.encoding(ascii), out -> copyHeader(original, out));
    }

    /** Copies up to the empty line that ends the header, the end of the message, or the limit. */
    private static void copyHeader(OriginalMessage original, OutputStream out) throws IOException {
        try (InputStream in = new BufferedInputStream(original.open())) {
            int left = MAX_HEADER;
            byte[] line = line(in, left);
            while (line.length > 0 && !isEmpty(line)) {
                writeFolded(line, out);
                left -= line.length;
                line = line(in, left);
            }
        }
    }

    /**
     * Returns the next line with its end; empty at the end of the message or if the line is longer than the limit. A last line without an
     * end gets one.
     */
    private static byte[] line(InputStream in, int maxOctets) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int octet = in.read();
        while (octet >= 0 && octet != '\n' && line.size() < maxOctets) {
            line.write(octet);
            octet = in.read();
        }
        if (octet < 0 && line.size() > 0) {
            line.write('\r');
        }
        if (line.size() > 0) {
            line.write('\n');
        }
        return line.size() > maxOctets ? new byte[0] : line.toByteArray();
    }

    private static boolean isEmpty(byte[] line) {
        return line.length == 2 && line[0] == '\r';
    }

    /** Writes a line. One that is too long to be sent is folded even where it has no space: the copy is for display, not for parsing. */
    private static void writeFolded(byte[] line, OutputStream out) throws IOException {
        int content = line.length - 2;
        int start = Math.min(content, MAX_LINE);
        out.write(line, 0, start);
        while (start < content) {
            int length = Math.min(content - start, MAX_LINE - 1);
            out.write('\r');
            out.write('\n');
            out.write(' ');
            out.write(line, start, length);
            start += length;
        }
        out.write('\r');
        out.write('\n');
    }
}
