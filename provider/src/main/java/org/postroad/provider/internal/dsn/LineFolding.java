// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dsn;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Measures words and splits those that are too long for a line. */
final class LineFolding {

    /** Maximum octets of a word. With a field name or an indentation before it, the line stays below 998 octets (RFC 5322 §2.1.1). */
    static final int MAX_WORD = 900;

    private LineFolding() {}

    static int octets(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 0x80);
    }

    /** Splits a word between characters into pieces of at most {@code maxOctets}. Nearly always returns a single piece. */
    static List<String> pieces(String word, int maxOctets) {
        List<String> pieces = new ArrayList<>();
        StringBuilder piece = new StringBuilder();
        int used = 0;
        for (int point : word.codePoints().toArray()) {
            String character = Character.toString(point);
            int size = octets(character);
            if (used + size > maxOctets) {
                pieces.add(piece.toString());
                piece.setLength(0);
                used = 0;
            }
            piece.append(character);
            used += size;
        }
        pieces.add(piece.toString());
        return pieces;
    }
}
