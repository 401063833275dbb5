// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

/**
 * Folds fields that have lines longer than every server must accept (RFC 5321 §4.5.3.1.6), at places where folding does not change the
 * meaning (RFC 5322 §2.2.3). Other fields stay unchanged. Strings hold octets, one per character.
 */
final class HeaderFolding {

    /** Preferred maximum of octets in a line (RFC 5322 §2.1.1). */
    private static final int WIDTH = 78;

    private HeaderFolding() {}

    /** Returns the length of the longest line in octets, without its end. */
    static int longestLine(String field) {
        int longest = 0;
        int start = 0;
        while (start < field.length()) {
            int end = field.indexOf('\n', start);
            int next = end < 0 ? field.length() : end + 1;
            int length = (end < 0 ? next : end) - start;
            boolean hasCr = end > start && field.charAt(end - 1) == '\r';
            longest = Math.max(longest, hasCr ? length - 1 : length);
            start = next;
        }
        return longest;
    }

    static boolean isTooLong(String field) {
        return longestLine(field) > MessageFacts.MAX_LINE;
    }

    /** Returns the field with its overlong lines folded as far as possible. */
    static String fold(String field) {
        int colon = field.indexOf(':');
        boolean structured =
                FieldSyntax.of(HeaderFields.name(field.substring(0, Math.max(0, colon)))) != FieldSyntax.UNSTRUCTURED;
        String folded = fold(field, colon, structured, false);
        return isTooLong(folded) ? fold(field, colon, structured, true) : folded;
    }

    /**
     * @param everywhere whether to fold also at places that are legal but that some readers mishandle: in quoted strings and after the name
     */
    private static String fold(String field, int colon, boolean structured, boolean everywhere) {
        StringBuilder out = new StringBuilder();
        int lineStart = 0;
        int breakAt = -1; // the last index in this line at which it may be folded
        boolean quoted = false;
        int comments = 0;
        int i = 0;
        while (i < field.length()) {
            char c = field.charAt(i);
            if (structured && c == '\\' && (quoted || comments > 0)) {
                i++;
            } else if (structured && c == '"' && comments == 0) {
                quoted = !quoted;
            } else if (structured && !quoted) {
                comments = Math.max(0, comments + (c == '(' ? 1 : c == ')' ? -1 : 0));
            }
            if (c == '\n') {
                out.append(field, lineStart, i + 1);
                lineStart = i + 1;
                breakAt = -1;
            } else if (i > colon
                    && (everywhere || !quoted)
                    && mayBreakAt(field, i, colon, structured, quoted || comments > 0, everywhere)) {
                breakAt = i;
            }
            i++;
            boolean isFull = breakAt > lineStart && i - lineStart > WIDTH && isOverlong(field, lineStart);
            if (isFull) {
                out.append(field, lineStart, breakAt).append("\r\n");
                boolean isSpace = HeaderFields.isContinuation((byte) field.charAt(breakAt));
                out.append(isSpace ? "" : " ");
                lineStart = breakAt;
                breakAt = -1;
            }
        }
        return out.append(field, Math.min(lineStart, field.length()), field.length())
                .toString();
    }

    /** Returns whether the line that starts here is longer than {@link #WIDTH}. */
    private static boolean isOverlong(String field, int lineStart) {
        int end = lineStart + WIDTH + 1;
        if (end > field.length()) {
            return false;
        }
        int i = lineStart;
        while (i < end && field.charAt(i) != '\r') {
            i++;
        }
        return i == end;
    }

    /**
     * Returns whether the field may be folded before this index: before the first white space after other text and, in a structured field,
     * also after a separator.
     */
    private static boolean mayBreakAt(
            String field, int index, int colon, boolean structured, boolean enclosed, boolean everywhere) {
        char c = field.charAt(index);
        char before = field.charAt(index - 1);
        boolean isSpace = c == ' ' || c == '\t';
        if (isSpace) {
            boolean isFirst = index == colon + 1;
            boolean isRun = before == ' ' || before == '\t' || before == '\n';
            return !isRun && (!isFirst || everywhere) && isFollowedByText(field, index);
        }
        boolean isSeparated = before == ',' || before == ';' || (before == '>' && c == '<');
        return structured && !enclosed && isSeparated && c != '\r' && c != '\n';
    }

    private static boolean isFollowedByText(String field, int index) {
        int i = index;
        while (i < field.length() && HeaderFields.isContinuation((byte) field.charAt(i))) {
            i++;
        }
        return i < field.length() && field.charAt(i) != '\r' && field.charAt(i) != '\n';
    }
}
