// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.https;

/**
 * WSP of ABNF: space and tab (RFC 5234 B.1). {@link String#strip()} and a regular expression would accept more, and the latter is slower.
 */
public final class WhiteSpace {

    private WhiteSpace() {}

    /** Returns the text without leading and trailing white space. */
    public static String strip(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && isWhiteSpace(text.charAt(start))) {
            start++;
        }
        while (end > start && isWhiteSpace(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }

    private static boolean isWhiteSpace(char c) {
        return c == ' ' || c == '\t';
    }
}
