// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.postroad.provider.internal.message.FieldToken.TokenKind;

/**
 * Encodes the human-readable text of a field: words as in RFC 2047, parameters as in RFC 2231, domains as A-labels. Never changes the local
 * part of an address, ids or tokens. Strings hold octets, one per character.
 */
final class FieldEncoder {

    /** Line width in characters that is not exceeded if the field can be folded (RFC 5322 §2.1.1, RFC 2047 §2). */
    private static final int WIDTH = 76;

    /** Maximum number of characters of a parameter value on one line. */
    private static final int MAX_PARAMETER = 60;

    /** Parameters that determine structure or charset. They have no encoded form. */
    private static final Set<String> FIXED_PARAMETERS =
            Set.of("boundary", "charset", "type", "start", "micalg", "protocol");

    private final EncodedWords words;
    private final boolean keepsUtf8;
    private final Function<String, Optional<String>> aLabels;

    /**
     * @param keepsUtf8 whether addresses and tokens may contain UTF-8
     * @param aLabels converts a domain to A-labels; empty if it has none
     */
    FieldEncoder(EncodedWords words, boolean keepsUtf8, Function<String, Optional<String>> aLabels) {
        this.words = words;
        this.keepsUtf8 = keepsUtf8;
        this.aLabels = aLabels;
    }

    /** Something in the field has no encoded form; the message names it. */
    static final class UnencodableException extends Exception {

        private static final long serialVersionUID = 1;

        private final String reason;

        UnencodableException(String reason) {
            super(reason, null, false, false);
            this.reason = reason;
        }

        String reason() {
            return reason;
        }
    }

    /**
     * Returns a field, including its line ends, in encoded form.
     *
     * @param field an ASCII name, a colon and a value
     */
    String encode(String field) throws UnencodableException {
        int colon = field.indexOf(':');
        String name = HeaderFields.name(field.substring(0, colon));
        String value = field.substring(colon + 1);
        StringBuilder out = new StringBuilder(field.substring(0, colon + 1));
        switch (FieldSyntax.of(name)) {
            case UNSTRUCTURED -> appendWords(out, FieldToken.ofText(value));
            case ADDRESSES -> appendAddresses(out, FieldToken.ofStructure(value, ",;:"));
            case PHRASES -> appendPhrases(out, FieldToken.ofStructure(value, ",;"));
            case TOKENS -> appendTokens(out, FieldToken.ofStructure(value, ";"));
            case PARAMETERS -> appendParameters(out, FieldToken.ofStructure(value, ";"));
        }
        return out.toString();
    }

    private void appendAddresses(StringBuilder out, List<FieldToken> tokens) throws UnencodableException {
        for (List<FieldToken> member : members(tokens)) {
            boolean hasAngle = member.stream().anyMatch(token -> token.is(TokenKind.ANGLE));
            boolean isAddress = !hasAngle
                    && member.stream()
                            .anyMatch(token ->
                                    token.is(TokenKind.WORD) && token.raw().indexOf('@') >= 0);
            List<FieldToken> changed = new ArrayList<>();
            for (FieldToken token : member) {
                boolean address = token.is(TokenKind.ANGLE) || (isAddress && token.is(TokenKind.WORD));
                changed.add(address ? asItIs(token.kind(), address(token.raw())) : token);
            }
            appendWords(out, changed);
        }
    }

    private void appendPhrases(StringBuilder out, List<FieldToken> tokens) throws UnencodableException {
        for (FieldToken token : tokens) {
            if (token.is(TokenKind.ANGLE)) {
                checkToken(token.raw());
            }
        }
        appendWords(out, tokens);
    }

    private void appendTokens(StringBuilder out, List<FieldToken> tokens) throws UnencodableException {
        List<FieldToken> kept = new ArrayList<>();
        for (FieldToken token : tokens) {
            if (token.is(TokenKind.WORD) || token.is(TokenKind.ANGLE)) {
                checkToken(token.raw());
                kept.add(asItIs(TokenKind.ANGLE, token.raw()));
            } else {
                kept.add(token);
            }
        }
        appendWords(out, kept);
    }

    private static FieldToken asItIs(TokenKind kind, String raw) {
        return new FieldToken(kind == TokenKind.WORD ? TokenKind.ANGLE : kind, raw, raw);
    }

    private void checkToken(String raw) throws UnencodableException {
        if (EncodedWords.areNeeded(raw) && !mayStay(raw)) {
            throw new UnencodableException("it is not text that can be encoded");
        }
    }

    private boolean mayStay(String raw) {
        return keepsUtf8
                && raw.indexOf('\0') < 0
                && Utf8.decode(raw.getBytes(StandardCharsets.ISO_8859_1)).isPresent();
    }

    private String address(String raw) throws UnencodableException {
        if (!EncodedWords.areNeeded(raw) || mayStay(raw)) {
            return raw;
        }
        int at = raw.lastIndexOf('@');
        if (at < 0 || EncodedWords.areNeeded(raw.substring(0, at))) {
            throw new UnencodableException("the local part of an address is never changed");
        }
        int end = raw.endsWith(">") ? raw.length() - 1 : raw.length();
        Optional<String> domain =
                words.characters(raw.substring(at + 1, end).strip()).flatMap(aLabels);
        return raw.substring(0, at + 1)
                + domain.orElseThrow(() -> new UnencodableException("the domain of an address has no A-labels"))
                + raw.substring(end);
    }

    /** Splits the tokens after each separator. */
    private static List<List<FieldToken>> members(List<FieldToken> tokens) {
        List<List<FieldToken>> members = new ArrayList<>();
        List<FieldToken> member = new ArrayList<>();
        for (FieldToken token : tokens) {
            member.add(token);
            if (token.is(TokenKind.SEPARATOR)) {
                members.add(member);
                member = new ArrayList<>();
            }
        }
        members.add(member);
        return members;
    }

    /**
     * Appends all tokens, with encoded words in place of each run of words that needs them. White space between two encoded words is not
     * displayed (RFC 2047 §6.2), so white space between a run and an existing encoded word is encoded with the run.
     */
    private void appendWords(StringBuilder out, List<FieldToken> tokens) {
        int i = 0;
        while (i < tokens.size()) {
            FieldToken token = tokens.get(i);
            if (token.is(TokenKind.COMMENT)) {
                appendComment(out, token.raw());
                i++;
            } else if (!needsEncoding(token)) {
                out.append(token.raw());
                i++;
            } else {
                int end = endOfRun(tokens, i);
                String text = spaceTo(tokens, i, -1) + joined(tokens.subList(i, end)) + spaceTo(tokens, end - 1, 1);
                appendEncoded(out, text);
                boolean touches = end < tokens.size() && tokens.get(end).is(TokenKind.ANGLE);
                out.append(touches ? " " : "");
                i = end;
            }
        }
    }

    private static boolean needsEncoding(FieldToken token) {
        return token.is(TokenKind.WORD) && EncodedWords.areNeeded(token.content());
    }

    private static int endOfRun(List<FieldToken> tokens, int start) {
        int end = start + 1;
        while (end + 1 < tokens.size() && tokens.get(end).is(TokenKind.SPACE) && needsEncoding(tokens.get(end + 1))) {
            end += 2;
        }
        return end;
    }

    private static String joined(List<FieldToken> run) {
        StringBuilder text = new StringBuilder();
        run.forEach(token -> text.append(token.is(TokenKind.SPACE) ? unfolded(token.raw()) : token.content()));
        return text.toString();
    }

    /** Returns the white space next to a token if an encoded word is on its other side; otherwise the empty string. */
    private static String spaceTo(List<FieldToken> tokens, int index, int direction) {
        int space = index + direction;
        int word = space + direction;
        boolean isBeside = word >= 0
                && word < tokens.size()
                && tokens.get(space).is(TokenKind.SPACE)
                && EncodedWords.isOne(tokens.get(word).raw());
        return isBeside ? unfolded(tokens.get(space).raw()) : "";
    }

    private static String unfolded(String space) {
        return space.replace("\r", "").replace("\n", "");
    }

    private void appendEncoded(StringBuilder out, String text) {
        List<String> encoded = words.encode(text);
        int last = out.length() - 1;
        boolean follows = " \t(".indexOf(out.charAt(last)) >= 0;
        if (!follows) {
            out.append(' ');
        }
        int space = startOfSpace(out);
        boolean isFirst = out.charAt(space - 1) == ':' || out.charAt(space - 1) == '\n';
        if (!isFirst && space < out.length() && column(out) + encoded.get(0).length() > WIDTH) {
            out.insert(space, "\r\n");
        }
        out.append(String.join("\r\n ", encoded));
    }

    private static int startOfSpace(StringBuilder out) {
        int space = out.length();
        while (space > 1 && (out.charAt(space - 1) == ' ' || out.charAt(space - 1) == '\t')) {
            space--;
        }
        return space;
    }

    private static int column(StringBuilder out) {
        return out.length() - (out.lastIndexOf("\n") + 1);
    }

    private void appendComment(StringBuilder out, String raw) {
        if (!EncodedWords.areNeeded(raw)) {
            out.append(raw);
            return;
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c == '(' || c == ')') {
                appendWords(out, FieldToken.ofText(text.toString()));
                text.setLength(0);
                out.append(c);
            } else {
                text.append(c);
            }
        }
    }

    private void appendParameters(StringBuilder out, List<FieldToken> tokens) throws UnencodableException {
        boolean first = true;
        for (List<FieldToken> member : members(tokens)) {
            StringBuilder raw = new StringBuilder();
            StringBuilder content = new StringBuilder();
            boolean needed = false;
            for (FieldToken token : member) {
                boolean isPart = !token.is(TokenKind.COMMENT) && !token.is(TokenKind.SEPARATOR);
                needed |= isPart && EncodedWords.areNeeded(token.raw()) && !mayStay(token.raw());
                raw.append(isPart ? token.raw() : "");
                content.append(isPart ? token.content() : "");
            }
            if (!needed) {
                appendWords(
                        out, member.stream().map(FieldEncoder::withoutEncoding).toList());
            } else if (first) {
                throw new UnencodableException("it is not text that can be encoded");
            } else {
                appendParameter(out, content.toString());
                boolean isLast = !member.get(member.size() - 1).is(TokenKind.SEPARATOR);
                out.append(isLast ? "\r\n" : ";");
            }
            first = false;
        }
    }

    /** Protects a word of a parameter from {@link #appendWords}: encoded words are not allowed there. */
    private static FieldToken withoutEncoding(FieldToken token) {
        return token.is(TokenKind.WORD) ? asItIs(TokenKind.WORD, token.raw()) : token;
    }

    private void appendParameter(StringBuilder out, String parameter) throws UnencodableException {
        int equals = parameter.indexOf('=');
        String name = equals < 0 ? "" : parameter.substring(0, equals).strip();
        String plain = name.toLowerCase(Locale.ROOT);
        if (plain.isEmpty()
                || plain.indexOf('*') >= 0
                || EncodedWords.areNeeded(name)
                || FIXED_PARAMETERS.contains(plain)) {
            throw new UnencodableException("a parameter cannot be encoded");
        }
        List<String> pieces =
                words.encodeParameter(parameter.substring(equals + 1).strip(), MAX_PARAMETER);
        for (int i = 0; i < pieces.size(); i++) {
            String number = pieces.size() == 1 ? "" : "*" + i;
            out.append(i == 0 ? "\r\n " : ";\r\n ")
                    .append(name)
                    .append(number)
                    .append("*=")
                    .append(pieces.get(i));
        }
    }
}
