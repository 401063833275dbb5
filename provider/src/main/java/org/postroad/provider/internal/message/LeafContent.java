// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

/** Collects properties of the content of one leaf, line by line. */
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
    // The line end of the last line may belong to a delimiter, so each line end is counted only when the next line
    // begins.
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
            // A line in several pieces is not checked, because a character may be split between them.
            isUtf8 &= !(line.begins() && line.ends()) || Utf8.isValid(line.octets(), line.start(), line.length());
        }
    }

    /**
     * Ends the content.
     *
     * @param delimited whether the last line end belongs to a delimiter and not to the content
     */
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

    /** Returns whether canonical line ends would change the content. */
    boolean hasOtherLineEnds() {
        return hasLf || hasCr || isUnfinished;
    }

    /**
     * Returns whether the content does not look like text: it has a bare CR, or bare LF together with CRLF or with octets above 127 that
     * are not UTF-8.
     */
    boolean looksLikeData() {
        return hasCr || (hasLf && (hasCrlf || !isUtf8));
    }

    private void count(LineEnd end) {
        hasCrlf |= end == LineEnd.CRLF;
        hasLf |= end == LineEnd.LF;
        hasCr |= end == LineEnd.CR;
    }
}
