// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Splits a header into fields, each including its continuation lines. */
final class HeaderFields {

    private HeaderFields() {}

    /** Receives each field of a header. */
    interface FieldVisitor {

        /**
         * @param name in lower case; empty for a line that is not a field
         * @param start the start of the field's first line
         * @param end the index after its last CRLF
         */
        void field(String name, int start, int end) throws IOException;
    }

    /** Passes each field of a header in canonical lines to the visitor. */
    static void forEach(byte[] header, FieldVisitor visitor) throws IOException {
        int start = 0;
        while (start < header.length) {
            int end = endOfLine(header, start);
            while (end < header.length && isContinuation(header[end])) {
                end = endOfLine(header, end);
            }
            visitor.field(name(header, start, end), start, end);
            start = end;
        }
    }

    /**
     * Returns the name of a field in lower case; empty if it has none. Reads the name as Jakarta Mail does, so that anything Jakarta Mail
     * reads as a Bcc is one here too: everything before the first colon, on several lines if necessary, without surrounding spaces and
     * control characters.
     *
     * @param end the end of the octets, which may hold only the start of the field
     */
    static String name(byte[] octets, int start, int end) {
        int colon = colon(octets, start, end);
        return colon == end ? "" : name(new String(octets, start, colon - start, StandardCharsets.ISO_8859_1));
    }

    /** Returns the field name for the text before a colon. */
    static String name(String text) {
        return text.trim().toLowerCase(Locale.ROOT);
    }

    /**
     * Returns whether every reader recognises the octets as a field: a name of visible ASCII characters, optional white space (RFC 5322
     * §4.5), a colon, and no line of white space alone. Some readers end the header at anything else.
     */
    static boolean isPlain(byte[] octets, int start, int end) {
        int i = start;
        while (i < end && octets[i] > ' ' && octets[i] < 0x7f && octets[i] != ':') {
            i++;
        }
        boolean named = i > start;
        while (i < end && isContinuation(octets[i])) {
            i++;
        }
        return named && i < end && octets[i] == ':' && !hasBlankLine(octets, i + 1, end);
    }

    private static boolean hasBlankLine(byte[] octets, int start, int end) {
        int lineStart = endOfLine(octets, start);
        while (lineStart < end) {
            int lineEnd = endOfLine(octets, lineStart);
            if (new String(octets, lineStart, lineEnd - lineStart, StandardCharsets.ISO_8859_1).isBlank()) {
                return true;
            }
            lineStart = lineEnd;
        }
        return false;
    }

    private static int colon(byte[] octets, int start, int end) {
        int colon = start;
        while (colon < end && octets[colon] != ':') {
            colon++;
        }
        return colon;
    }

    static boolean isContinuation(byte first) {
        return first == ' ' || first == '\t';
    }

    private static int endOfLine(byte[] header, int start) {
        int i = start;
        while (i < header.length && header[i] != '\n') {
            i++;
        }
        return Math.min(i + 1, header.length);
    }
}
