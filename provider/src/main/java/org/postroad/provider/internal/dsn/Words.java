// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dsn;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** How long words are, and where those are cut that fit into no line. */
final class Words {

    /** Octets of a word. With a name or an indentation in front it stays below the 998 octets of a line (RFC 5322 §2.1.1). */
    static final int MAX_WORD = 900;

    private Words() {}

    static int octets(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 0x80);
    }

    /** The word in pieces of at most so many octets, cut between characters; nearly always it is the only piece. */
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
