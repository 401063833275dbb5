// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

/** What is seen of the content of one leaf while its lines go by. */
final class LeafContent {

    private boolean has8bit;
    private boolean hasNul;
    private boolean isUtf8 = true;
    private long currentLine;
    private long longestLine;
    private boolean hasCrlf;
    private boolean hasLf;
    private boolean hasCr;
    private boolean isUnfinished;
    // That of the last line may belong to a delimiter.
    private LineEnd held = LineEnd.NONE;

    void take(Line line) {
        if (line.begins()) {
            count(held);
            currentLine = 0;
        }
        held = line.end();
        isUnfinished = !line.ends();
        currentLine += line.length();
        longestLine = Math.max(longestLine, currentLine);
        hasNul |= line.hasNul();
        if (line.has8bit()) {
            has8bit = true;
            // A character that is cut between two pieces of a line tells nothing.
            isUtf8 &= !(line.begins() && line.ends()) || Utf8.isValid(line.octets(), line.start(), line.length());
        }
    }

    /** The content is complete; {@code delimited}: its last line end is not part of it. */
    void end(boolean delimited) {
        if (!delimited) {
            count(held);
        }
        isUnfinished &= !delimited;
    }

    boolean has8bit() {
        return has8bit;
    }

    boolean hasNul() {
        return hasNul;
    }

    long longestLine() {
        return longestLine;
    }

    boolean hasOverlongLine() {
        return longestLine > MessageFacts.MAX_LINE;
    }

    /** Whether octets change where lines are made canonical. */
    boolean hasOtherLineEnds() {
        return hasLf || hasCr || isUnfinished;
    }

    /** Whether no editor wrote such lines: with a bare CR, with line ends of two kinds, or with octets above 127 that are no UTF-8. */
    boolean looksLikeData() {
        return hasCr || (hasLf && (hasCrlf || !isUtf8));
    }

    private void count(LineEnd end) {
        hasCrlf |= end == LineEnd.CRLF;
        hasLf |= end == LineEnd.LF;
        hasCr |= end == LineEnd.CR;
    }
}
