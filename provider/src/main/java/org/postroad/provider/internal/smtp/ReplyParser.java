// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.postroad.api.Printable;
import org.postroad.api.Reply;

/**
 * Turns octets into replies (RFC 5321 §4.2). Lines may end in CRLF or bare LF, whatever number of CRs stands before it; the text is
 * UTF-8, with replacement characters for what is not, and for a bare CR. Everything else that is no reply, or too much of one, is a
 * broken connection.
 */
final class ReplyParser {

    /** Octets in a line with its end. RFC 5321 §4.5.3.1.5 says 512; servers with long URLs in their texts say more. */
    static final int MAX_LINE_OCTETS = 4096;

    /** Lines in a reply. */
    static final int MAX_LINES = 256;

    /** Octets in a reply. */
    static final int MAX_REPLY_OCTETS = 65_536;

    /** Octets in most lines. */
    private static final int ORDINARY_LINE = 128;

    private static final int CODE_DIGITS = 3;

    /** What UTF-8 decoding puts for octets that are no text. */
    private static final char REPLACEMENT = '\ufffd';

    private byte[] line = new byte[ORDINARY_LINE];
    private int lineLength;
    private final List<String> lines = new ArrayList<>();
    private int code;
    private int octets;

    /**
     * Takes octets up to the end of a reply.
     *
     * @return the reply, what follows it left in the buffer; or empty: all was taken and more is needed
     * @throws BadReplyException after which the connection is of no use
     */
    Optional<Reply> feed(ByteBuffer input) throws BadReplyException {
        while (input.hasRemaining()) {
            byte octet = input.get();
            octets++;
            if (octet == 0) {
                throw new BadReplyException("a reply with a NUL");
            }
            if (octets > MAX_REPLY_OCTETS) {
                throw new BadReplyException("a reply of more than " + MAX_REPLY_OCTETS + " octets");
            }
            if (lineLength == MAX_LINE_OCTETS) {
                throw new BadReplyException("a reply line of more than " + MAX_LINE_OCTETS + " octets");
            }
            if (lineLength == line.length) {
                line = Arrays.copyOf(line, 2 * lineLength);
            }
            line[lineLength++] = octet;
            if (octet == '\n' && endLine()) {
                return Optional.of(endReply());
            }
        }
        return Optional.empty();
    }

    /** Whether a reply has begun and not ended. */
    boolean isWithinReply() {
        return octets > 0;
    }

    /** Whether this line was the reply's last. */
    private boolean endLine() throws BadReplyException {
        String text = new String(line, 0, lengthWithoutLineEnd(), StandardCharsets.UTF_8).replace('\r', REPLACEMENT);
        lineLength = 0;
        int lineCode = code(text);
        if (!lines.isEmpty() && lineCode != code) {
            throw new BadReplyException("a reply with the codes " + code + " and " + lineCode);
        }
        if (lines.size() == MAX_LINES) {
            throw new BadReplyException("a reply of more than " + MAX_LINES + " lines");
        }
        code = lineCode;
        char separator = text.length() == CODE_DIGITS ? ' ' : text.charAt(CODE_DIGITS);
        if (separator != ' ' && separator != '-') {
            throw notAReply(text);
        }
        lines.add(text.length() == CODE_DIGITS ? "" : text.substring(CODE_DIGITS + 1));
        return separator == ' ';
    }

    private int lengthWithoutLineEnd() {
        int end = lineLength - 1;
        while (end > 0 && line[end - 1] == '\r') {
            end--;
        }
        return end;
    }

    private Reply endReply() {
        Reply reply = new Reply(code, lines);
        lines.clear();
        octets = 0;
        return reply;
    }

    private static int code(String text) throws BadReplyException {
        if (text.length() < CODE_DIGITS) {
            throw notAReply(text);
        }
        int code = 0;
        for (int i = 0; i < CODE_DIGITS; i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                throw notAReply(text);
            }
            code = code * 10 + (c - '0');
        }
        if (code < 200 || code > 599) {
            throw notAReply(text);
        }
        return code;
    }

    private static BadReplyException notAReply(String text) {
        return new BadReplyException("a line that is no reply: " + Printable.quote(text));
    }
}
