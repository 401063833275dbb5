// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dsn;

/** Human-readable text in lines of at most {@value #WIDTH} characters. A longer word, usually an address, gets a longer line of its own. */
final class Paragraphs {

    static final int WIDTH = 72;

    private final StringBuilder text = new StringBuilder();

    /** Adds a paragraph, wrapped, with each line indented by the given number of spaces. */
    void add(int indent, String words) {
        String margin = " ".repeat(indent);
        int column = 0;
        for (String word : words.strip().split(" +")) {
            for (String piece : LineFolding.pieces(word, LineFolding.MAX_WORD)) {
                if (column > 0 && column + 1 + piece.length() > WIDTH) {
                    text.append("\r\n");
                    column = 0;
                }
                text.append(column == 0 ? margin : " ").append(piece);
                column += (column == 0 ? indent : 1) + piece.length();
            }
        }
        text.append("\r\n");
    }

    /** Adds an empty line. */
    void gap() {
        text.append("\r\n");
    }

    /** Returns the number of characters so far. */
    int length() {
        return text.length();
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
