// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Takes a header apart into fields, each with the lines that continue it. */
final class HeaderFields {

    private HeaderFields() {}

    /** Is told of one field. */
    interface FieldVisitor {

        /**
         * @param name in lower case; empty for a line that is no field
         * @param start of the field's first line
         * @param end behind its last CRLF
         */
        void field(String name, int start, int end) throws IOException;
    }

    /** Goes through all fields of a header of canonical lines. */
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

    /** The name of the field that a line begins, in lower case; empty if it begins none. */
    static String name(byte[] octets, int start, int end) {
        int colon = start;
        while (colon < end && octets[colon] != ':') {
            if (octets[colon] == '\n') {
                return "";
            }
            colon++;
        }
        if (colon == end) {
            return "";
        }
        // RFC 5322 §4.5 still has to read white space in front of the colon.
        return new String(octets, start, colon - start, StandardCharsets.ISO_8859_1)
                .stripTrailing()
                .toLowerCase(Locale.ROOT);
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
