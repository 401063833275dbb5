// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A media type, with the parameters that affect structure and text (RFC 2045 §5.1).
 *
 * @param type in lower case
 * @param subtype in lower case
 * @param boundary unquoted, as in the delimiters
 * @param charset as written, unquoted
 */
record ContentType(String type, String subtype, Optional<String> boundary, Optional<String> charset) {

    static final ContentType PLAIN_TEXT = new ContentType("text", "plain", Optional.empty(), Optional.empty());

    static final ContentType MESSAGE = new ContentType("message", "rfc822", Optional.empty(), Optional.empty());

    private static final byte[] CRLF = {'\r', '\n'};

    /** Charsets that use several octets even for an ASCII character. Covers charsets that the JVM does not support. */
    private static final Pattern WIDE = Pattern.compile("(?i)(cs)?(utf-?(16|32)|ucs-?[24]|iso-10646-ucs).*|unicode");

    /** Parses the value of a Content-Type field; empty if it has no type or no subtype. */
    static Optional<ContentType> tryParse(String value) {
        List<String> pieces = pieces(value);
        String[] name = pieces.get(0).strip().toLowerCase(Locale.ROOT).split("/", -1);
        if (name.length != 2 || name[0].isBlank() || name[1].isBlank()) {
            return Optional.empty();
        }
        return Optional.of(new ContentType(
                name[0].strip(), name[1].strip(), parameter(pieces, "boundary"), parameter(pieces, "charset")));
    }

    private static Optional<String> parameter(List<String> pieces, String name) {
        return pieces.stream()
                .skip(1)
                .filter(piece -> parameterName(piece).equals(name))
                .map(piece -> unquote(piece.substring(piece.indexOf('=') + 1).strip()))
                .filter(text -> !text.isEmpty())
                .findFirst();
    }

    /** Returns whether the charset is one in which the octets of CR and LF are not line ends, such as UTF-16 (RFC 2046 §4.1.1). */
    boolean hasForeignLineEnds() {
        return charset.filter(ContentType::isForeign).isPresent();
    }

    private static boolean isForeign(String charset) {
        if (WIDE.matcher(charset).matches()) {
            return true;
        }
        try {
            Charset known = Charset.forName(charset);
            return known.canEncode() && !Arrays.equals("\r\n".getBytes(known), CRLF);
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            return false; // nearly every charset used in mail is a superset of ASCII
        }
    }

    boolean is(String wantedType, String wantedSubtype) {
        return type.equals(wantedType) && subtype.equals(wantedSubtype);
    }

    @Override
    public String toString() {
        return type + "/" + subtype;
    }

    /** Returns the value without comments (RFC 5322 §3.2.2). */
    static String withoutComments(String value) {
        return String.join(";", pieces(value));
    }

    /** Removes comments and splits the value at the semicolons outside quotes. Returns at least one piece. */
    private static List<String> pieces(String value) {
        List<String> pieces = new ArrayList<>();
        StringBuilder piece = new StringBuilder();
        boolean quoted = false;
        int comments = 0;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '\\' && (quoted || comments > 0) && i + 1 < value.length()) {
                i++;
                if (comments == 0) {
                    piece.append(c).append(value.charAt(i));
                }
            } else if (comments > 0) {
                comments += c == '(' ? 1 : c == ')' ? -1 : 0;
            } else if (c == '(' && !quoted) {
                comments++;
            } else if (c == ';' && !quoted) {
                pieces.add(piece.toString());
                piece.setLength(0);
            } else {
                quoted ^= c == '"';
                piece.append(c);
            }
        }
        pieces.add(piece.toString());
        return pieces;
    }

    private static String parameterName(String piece) {
        int equals = piece.indexOf('=');
        return equals < 0 ? "" : piece.substring(0, equals).strip().toLowerCase(Locale.ROOT);
    }

    private static String unquote(String text) {
        if (!text.startsWith("\"")) {
            return text;
        }
        StringBuilder plain = new StringBuilder();
        for (int i = 1; i < text.length() && text.charAt(i) != '"'; i++) {
            if (text.charAt(i) == '\\' && i + 1 < text.length()) {
                i++;
            }
            plain.append(text.charAt(i));
        }
        return plain.toString();
    }
}
