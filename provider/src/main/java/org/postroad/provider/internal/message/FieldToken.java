// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

import java.util.ArrayList;
import java.util.List;

/**
 * A token in the value of a field. Strings hold octets, one per character.
 *
 * @param raw as written
 * @param content without quotes and backslashes
 */
record FieldToken(TokenKind kind, String raw, String content) {

    enum TokenKind {
        SPACE,
        /** Atoms and quoted strings without separators between them. */
        WORD,
        /** In parentheses, possibly nested. */
        COMMENT,
        /** In angle brackets. */
        ANGLE,
        /** A character that separates the members of a list. */
        SEPARATOR
    }

    private static final String WHITE_SPACE = " \t\r\n";

    boolean is(TokenKind wanted) {
        return kind == wanted;
    }

    /** Splits unstructured text into words and white space. */
    static List<FieldToken> ofText(String value) {
        List<FieldToken> tokens = new ArrayList<>();
        int i = 0;
        while (i < value.length()) {
            boolean space = isSpace(value.charAt(i));
            int end = i + 1;
            while (end < value.length() && isSpace(value.charAt(end)) == space) {
                end++;
            }
            String raw = value.substring(i, end);
            tokens.add(new FieldToken(space ? TokenKind.SPACE : TokenKind.WORD, raw, raw));
            i = end;
        }
        return tokens;
    }

    /**
     * Splits a structured value into tokens. An opening character without its closing character is treated as an ordinary one.
     *
     * @param separators the characters that separate members
     */
    static List<FieldToken> ofStructure(String value, String separators) {
        List<FieldToken> tokens = new ArrayList<>();
        StringBuilder openers = new StringBuilder("\"<(");
        int i = 0;
        while (i < value.length()) {
            FieldToken token = tokenAt(value, i, separators, openers);
            int last = tokens.size() - 1;
            if (token.is(TokenKind.WORD) && last >= 0 && tokens.get(last).is(TokenKind.WORD)) {
                FieldToken before = tokens.get(last);
                tokens.set(
                        last, new FieldToken(TokenKind.WORD, before.raw + token.raw, before.content + token.content));
            } else {
                tokens.add(token);
            }
            i += token.raw().length();
        }
        return tokens;
    }

    private static FieldToken tokenAt(String value, int start, String separators, StringBuilder openers) {
        char c = value.charAt(start);
        if (isSpace(c)) {
            int end = start + 1;
            while (end < value.length() && isSpace(value.charAt(end))) {
                end++;
            }
            return token(TokenKind.SPACE, value.substring(start, end));
        }
        if (separators.indexOf(c) >= 0) {
            return token(TokenKind.SEPARATOR, String.valueOf(c));
        }
        int opener = openers.indexOf(String.valueOf(c));
        if (opener >= 0) {
            int end = endOfEnclosed(value, start);
            if (end > start) {
                String raw = value.substring(start, end);
                return c == '"'
                        ? new FieldToken(TokenKind.WORD, raw, unquoted(raw))
                        : token(c == '<' ? TokenKind.ANGLE : TokenKind.COMMENT, raw);
            }
            openers.deleteCharAt(opener); // avoids searching the whole value for its end again
        }
        int end = start + 1;
        while (end < value.length() && isOrdinary(value.charAt(end), separators)) {
            end++;
        }
        return token(TokenKind.WORD, value.substring(start, end));
    }

    private static FieldToken token(TokenKind kind, String raw) {
        return new FieldToken(kind, raw, raw);
    }

    private static boolean isOrdinary(char c, String separators) {
        return !isSpace(c) && separators.indexOf(c) < 0 && "\"<(".indexOf(c) < 0;
    }

    private static boolean isSpace(char c) {
        return WHITE_SPACE.indexOf(c) >= 0;
    }

    /** Returns the index after the character that closes what opens here; 0 if there is none. */
    private static int endOfEnclosed(String value, int start) {
        char open = value.charAt(start);
        char close = open == '(' ? ')' : open == '<' ? '>' : '"';
        int depth = 0;
        boolean quoted = false;
        for (int i = start; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '\\' && open != '<') {
                i++;
            } else if (open == '<' && c == '"') {
                quoted = !quoted;
            } else if (open == '(' && c == '(') {
                depth++;
            } else if (c == close && !quoted && (open != '"' || i > start) && --depth <= 0) {
                return i + 1;
            }
        }
        return 0;
    }

    /** Returns the content of a quoted string, unfolded. */
    private static String unquoted(String raw) {
        StringBuilder content = new StringBuilder();
        for (int i = 1; i < raw.length() - 1; i++) {
            char c = raw.charAt(i);
            if (c == '\\' && i + 1 < raw.length() - 1) {
                i++;
                content.append(raw.charAt(i));
            } else if (c != '\r' && c != '\n') {
                content.append(c);
            }
        }
        return content.toString();
    }
}
