// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dsn;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Iterator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.postroad.api.Printable;

/**
 * Header fields, folded (RFC 5322 §2.2.3). Rejects every control character, whether or not the caller cleaned the text, so that text from
 * outside cannot become a field. No line is longer than 998 octets.
 */
final class Fields {

    /** Preferred maximum of octets in a line (RFC 5322 §2.1.1). */
    static final int WIDTH = 78;

    /** Maximum octets in an encoded word before encoding, so that the word has at most 75 characters (RFC 2047 §2). */
    private static final int MAX_ENCODED = 45;

    /** Spaces and the word after them. The spaces are kept, because they may belong to a quoted local part. */
    private static final Pattern WORD = Pattern.compile("( *)([^ ]+)");

    private final StringBuilder text = new StringBuilder();

    /** Adds a field. Its first word stays on the line of the name. */
    void add(String name, String body) {
        checkCharacters(name, body);
        StringBuilder line = new StringBuilder(name).append(':');
        Matcher words = WORD.matcher(" " + body);
        boolean first = true;
        while (words.find()) {
            Iterator<String> pieces =
                    LineFolding.pieces(words.group(2), LineFolding.MAX_WORD).iterator();
            addWord(line, words.group(1), pieces.next(), first);
            // A word that is too long for a line is split, which adds a space where the field is unfolded. This is
            // better than no field.
            while (pieces.hasNext()) {
                addWord(line, " ", pieces.next(), false);
            }
            first = false;
        }
        text.append(line).append("\r\n");
    }

    /** Adds human-readable text. In the 7-bit form, text that is not ASCII becomes encoded words (RFC 2047). */
    void addText(String name, String words, NoticeEncoding form) {
        boolean encode = form == NoticeEncoding.SEVEN_BIT && !LineFolding.isAscii(words);
        add(name, encode ? encodedWords(words) : words);
    }

    /** Ends a group of fields with an empty line. */
    void endGroup() {
        text.append("\r\n");
    }

    boolean isAscii() {
        return LineFolding.isAscii(text.toString());
    }

    byte[] octets() {
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void addWord(StringBuilder line, String spaces, String word, boolean first) {
        int lineStart = line.lastIndexOf("\n") + 1;
        int column = LineFolding.octets(line.substring(lineStart));
        boolean fits = column + spaces.length() + LineFolding.octets(word) <= WIDTH;
        if (!first && !fits) {
            line.append("\r\n"); // before all spaces: unfolding restores them, and no line ends with one
        }
        line.append(spaces).append(word);
    }

    private static String encodedWords(String words) {
        return LineFolding.pieces(words, MAX_ENCODED).stream()
                .map(piece -> "=?utf-8?B?" + Base64.getEncoder().encodeToString(piece.getBytes(StandardCharsets.UTF_8))
                        + "?=")
                .collect(Collectors.joining(" "));
    }

    private static void checkCharacters(String name, String body) {
        body.chars().filter(c -> c < ' ' || (c >= 0x7f && c < 0xa0)).findFirst().ifPresent(c -> {
            throw new IllegalArgumentException("The field " + name + " would have the character "
                    + Printable.quote(Character.toString(c)) + ", which must not be in a header");
        });
    }
}
