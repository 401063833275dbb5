// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

/** Foreign text made safe for a message, a log or a report. */
public final class Printable {

    /** The most characters of foreign text that are shown; the rest is cut and counted. */
    public static final int MAX_SHOWN = 300;

    private Printable() {}

    /** The text in double quotes, cleaned and shortened. */
    public static String quote(String text) {
        return '"' + clean(text) + '"';
    }

    /** The text with control, format and non-ASCII space characters escaped as in Java, and cut after {@value #MAX_SHOWN} characters. */
    public static String clean(String text) {
        StringBuilder shown = new StringBuilder();
        int end = Math.min(text.length(), MAX_SHOWN);
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            if (isPlain(c)) {
                shown.append(c);
            } else {
                shown.append(String.format("\\u%04x", (int) c));
            }
        }
        if (end < text.length()) {
            shown.append("... (").append(text.length() - end).append(" more)");
        }
        return shown.toString();
    }

    /** Whether a character can be seen for what it is: no control, no format, nothing unassigned, and of the spaces only the one. */
    public static boolean isPlain(int codePoint) {
        if (codePoint == ' ') {
            return true;
        }
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SPACE_SEPARATOR -> false;
            default -> true;
        };
    }
}
