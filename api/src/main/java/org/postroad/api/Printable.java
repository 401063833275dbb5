// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Makes untrusted text safe for messages, logs and reports. */
public final class Printable {

    /** The maximum number of characters that are shown. The rest is cut off, and its length is appended. */
    public static final int MAX_SHOWN = 300;

    private static final String ERROR = "error";
    private static final String IO_ERROR = "I/O error";
    private static final Set<String> VAGUE = Set.of(ERROR, IO_ERROR);
    private static final Pattern EXCEPTION_NAME =
            Pattern.compile("\\b(?:[a-z_][\\w$]*\\.)+[A-Z][\\w$]*(?:Exception|Error)\\b:?\\s*");
    private static final Pattern SUFFIX = Pattern.compile("(?:Exception|Error)$");
    private static final Pattern WORD_START = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])");

    private Printable() {}

    /** {@return the text in double quotes, cleaned and shortened} */
    public static String quote(String text) {
        return '"' + clean(text) + '"';
    }

    /**
     * {@return the text with control, format and non-ASCII space characters escaped as in Java, cut after {@value #MAX_SHOWN}
     * characters}
     */
    public static String clean(String text) {
        return clean(text, MAX_SHOWN);
    }

    /** {@return the text as {@link #clean(String)} makes it, but cut after this number of characters} */
    static String clean(String text, int most) {
        StringBuilder shown = new StringBuilder();
        int end = Math.min(text.length(), most);
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

    /**
     * {@return a human-readable, cleaned description of an exception} Names of Java classes are removed from its message. If the
     * message is missing or a single word, such as a file or a host, the text begins with words derived from the exception's
     * class name, unless they are too general.
     */
    public static String describe(Throwable failure) {
        String message = Optional.ofNullable(failure.getMessage()).orElse("");
        String text = EXCEPTION_NAME.matcher(message).replaceAll("").strip();
        String words = words(failure.getClass());
        if (text.isEmpty()) {
            return clean(words);
        }
        boolean isComplete = text.indexOf(' ') >= 0 || VAGUE.contains(words);
        return clean(isComplete ? text : words + ": " + text);
    }

    /** Converts a class name to words: {@code NoSuchFileException} becomes "no such file". */
    private static String words(Class<?> failure) {
        if (failure.getSimpleName().isEmpty() && failure.getSuperclass() != null) { // an anonymous class
            return words(failure.getSuperclass());
        }
        String name = SUFFIX.matcher(failure.getSimpleName()).replaceFirst("");
        String words = Arrays.stream(WORD_START.split(name))
                .map(word -> word.equals(word.toUpperCase(Locale.ROOT)) ? word : word.toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(" "));
        return switch (words) {
            case "", "runtime" -> ERROR;
            case "IO" -> IO_ERROR;
            default -> words;
        };
    }

    /**
     * {@return whether a character is visible and unambiguous: not a control, format or unassigned character, and no space other than
     * U+0020}
     */
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
