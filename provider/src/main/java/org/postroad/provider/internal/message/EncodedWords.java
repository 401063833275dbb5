// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Encodes octets as encoded words (RFC 2047) and extended parameter values (RFC 2231), with or without a known charset. The charset is
 * never guessed: valid UTF-8 is labelled UTF-8; otherwise the charset that the same header declares for its body is used; otherwise
 * {@code unknown-8bit} (RFC 1428), which preserves the octets and claims nothing.
 *
 * <p>Strings hold octets, one per character.
 */
final class EncodedWords {

    /** Maximum length of an encoded word in characters (RFC 2047 §2). */
    static final int MAX_WORD = 75;

    static final String UNKNOWN = "unknown-8bit";

    private static final String UTF_8 = "utf-8";
    private static final Pattern ENCODED_WORD = Pattern.compile("=\\?[^?\\s]+\\?[BbQq]\\?[^?\\s]*\\?=");
    private static final Pattern CHARSET_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.:-]{0,39}");
    private static final String PLAIN_IN_WORDS = "!*+-/";
    private static final String PLAIN_IN_PARAMETERS = "!#$&+-.^_`|~";
    private static final char FIRST_BEYOND_ASCII = 0x80;

    private final Optional<Charset> declared;
    private final String declaredName;

    /** @param declared the charset of the body that the header belongs to */
    EncodedWords(Optional<String> declared) {
        this.declaredName = declared.orElse("").toLowerCase(Locale.ROOT);
        this.declared = CHARSET_NAME.matcher(declaredName).matches() ? charset(declaredName) : Optional.empty();
    }

    private record Labelled(String charset, String octets) {}

    /** Returns whether a text contains NUL or octets above 127, which a field must not contain. */
    static boolean areNeeded(String text) {
        return text.chars().anyMatch(c -> c >= FIRST_BEYOND_ASCII || c == 0);
    }

    /** Returns whether the word is an encoded word already. */
    static boolean isOne(String word) {
        return ENCODED_WORD.matcher(word).matches();
    }

    /** Decodes a text; empty if its charset is not known. */
    Optional<String> characters(String text) {
        byte[] octets = octets(text);
        return Utf8.decode(octets)
                .or(() -> declared.flatMap(charset -> Utf8.decode(octets, 0, octets.length, charset)));
    }

    /** Returns the text as one or more encoded words, which the caller must separate by white space. */
    List<String> encode(String text) {
        Labelled labelled = labelled(text);
        int quoted = labelled.octets()
                .chars()
                .map(c -> isPlain(c, PLAIN_IN_WORDS) || c == ' ' ? 1 : 3)
                .sum();
        // The Q encoding is human-readable, so it is preferred unless it is more than twice as long as base64.
        boolean base64 = quoted > 2 * ((labelled.octets().length() + 2) / 3 * 4);
        int room = MAX_WORD - "=??Q??=".length() - labelled.charset().length();
        List<String> words = new ArrayList<>();
        for (String piece : pieces(labelled, base64 ? room / 4 * 3 : room, base64)) {
            String encoded = base64 ? Base64.getEncoder().encodeToString(octets(piece)) : quoted(piece);
            words.add("=?" + labelled.charset() + "?" + (base64 ? "B" : "Q") + "?" + encoded + "?=");
        }
        return words;
    }

    /** Returns the text as the pieces of an extended parameter value (RFC 2231 §4). The first piece starts with the charset. */
    List<String> encodeParameter(String text, int maxLength) {
        Labelled labelled = labelled(text);
        List<String> pieces = new ArrayList<>();
        StringBuilder piece = new StringBuilder(labelled.charset()).append("''");
        for (char c : labelled.octets().toCharArray()) {
            String encoded = isPlain(c, PLAIN_IN_PARAMETERS) ? String.valueOf(c) : String.format("%%%02X", (int) c);
            if (piece.length() + encoded.length() > maxLength) {
                pieces.add(piece.toString());
                piece.setLength(0);
            }
            piece.append(encoded);
        }
        pieces.add(piece.toString());
        return pieces;
    }

    private Labelled labelled(String text) {
        byte[] octets = octets(text);
        if (Utf8.decode(octets).isPresent()) {
            return new Labelled(UTF_8, text);
        }
        if (declared.isEmpty()) {
            return new Labelled(UNKNOWN, text);
        }
        if (isOfSingleOctets(declared.get())) {
            return new Labelled(declaredName, text);
        }
        // A multi-octet character must not be split. Its end is known only in UTF-8, so the text is converted to that.
        return Utf8.decode(octets, 0, octets.length, declared.get())
                .map(characters -> new Labelled(UTF_8, text(characters.getBytes(StandardCharsets.UTF_8))))
                .orElseGet(() -> new Labelled(UNKNOWN, text));
    }

    /** Splits the octets into pieces that fit, never inside a UTF-8 character. */
    private static List<String> pieces(Labelled labelled, int room, boolean base64) {
        List<String> pieces = new ArrayList<>();
        StringBuilder piece = new StringBuilder();
        int used = 0;
        String octets = labelled.octets();
        int i = 0;
        while (i < octets.length()) {
            int end = i + 1;
            while (labelled.charset().equals(UTF_8) && end < octets.length() && (octets.charAt(end) & 0xc0) == 0x80) {
                end++;
            }
            String character = octets.substring(i, end);
            int size = base64 ? character.length() : quoted(character).length();
            if (used + size > room && used > 0) {
                pieces.add(piece.toString());
                piece.setLength(0);
                used = 0;
            }
            piece.append(character);
            used += size;
            i = end;
        }
        pieces.add(piece.toString());
        return pieces;
    }

    private static String quoted(String octets) {
        StringBuilder quoted = new StringBuilder();
        for (int i = 0; i < octets.length(); i++) {
            char c = octets.charAt(i);
            if (c == ' ') {
                quoted.append('_');
            } else if (isPlain(c, PLAIN_IN_WORDS)) {
                quoted.append(c);
            } else {
                quoted.append(String.format("=%02X", (int) c));
            }
        }
        return quoted.toString();
    }

    private static boolean isPlain(int c, String others) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || others.indexOf(c) >= 0;
    }

    private static Optional<Charset> charset(String name) {
        try {
            Charset charset = Charset.forName(name);
            boolean tells = !charset.equals(StandardCharsets.US_ASCII) && !charset.equals(StandardCharsets.UTF_8);
            return Optional.of(charset).filter(known -> tells && known.canEncode());
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            return Optional.empty();
        }
    }

    private static boolean isOfSingleOctets(Charset charset) {
        return charset.newEncoder().maxBytesPerChar() == 1;
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String text(byte[] octets) {
        return new String(octets, StandardCharsets.ISO_8859_1);
    }
}
