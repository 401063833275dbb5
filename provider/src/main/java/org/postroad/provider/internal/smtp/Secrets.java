// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postroad.api.Credentials;
import org.postroad.api.Reply;

/**
 * Secrets sent on a connection: passwords, tokens, and every response of AUTH. Servers repeat what they do not understand, in the reply to
 * that command or in a later one, whole or truncated, unchanged or decoded. So secrets are removed from every reply as soon as it is
 * received; what is stored, logged, reported or sent on does not contain them.
 *
 * <p>Parts of secrets are removed too, and Base64 at any alignment. A word of the server that happens to be part of a password is also
 * removed: that is the price. The user name in plain text stays: it is not secret, and is often part of the addresses in a reply. Not
 * thread-safe.
 */
final class Secrets {

    /** Minimum number of consecutive characters of a secret that are removed anywhere. */
    static final int MIN_PART = 6;

    /**
     * Minimum length of a shorter part, which is removed only as a separate word and only if a secret begins with it or the Base64 of a
     * secret contains it. Such parts remain when a line is truncated or split into groups.
     */
    static final int MIN_WORD = 4;

    /** Minimum number of consecutive octets of a secret that are removed if a word decodes to them from Base64. */
    static final int MIN_OCTETS = Integer.BYTES;

    private static final String HIDDEN = "***";

    /** ASCII words, and Base64 in both alphabets. */
    private static final Pattern RUN = Pattern.compile("[A-Za-z0-9+/_-]+={0,2}");

    /** A digest or proof within a response. */
    private static final Pattern COMPUTED = Pattern.compile("[A-Za-z0-9+/]{16,}={0,2}");

    private final List<String> texts = new ArrayList<>(); // in lower case
    private final Set<String> parts = new HashSet<>(); // of texts
    private final List<String> encoded = new ArrayList<>();
    private final List<byte[]> octets = new ArrayList<>();
    private final Set<Integer> octetParts = new HashSet<>(); // of octets
    private String user = "";

    boolean isEmpty() {
        return texts.isEmpty();
    }

    /** Adds the secret of these credentials. Must be called before it is sent. */
    void add(Credentials credentials) {
        user = credentials.user();
        addText(credentials.secret());
        addOctets(credentials.secret().getBytes(StandardCharsets.UTF_8));
    }

    /** Adds a response of AUTH, not yet encoded. Must be called before it is sent. */
    void add(byte[] response) {
        if (response.length < MIN_OCTETS) {
            return; // an acknowledgement
        }
        String base64 = Base64.getEncoder().withoutPadding().encodeToString(response);
        encoded.add(base64);
        addText(base64);
        addOctets(response);
        Matcher computed = COMPUTED.matcher(new String(response, StandardCharsets.UTF_8));
        while (computed.find()) {
            if (!user.contains(computed.group())) {
                addText(computed.group());
            }
        }
    }

    private void addText(String text) {
        String folded = fold(text);
        texts.add(folded);
        for (int i = 0; i + MIN_PART <= folded.length(); i++) {
            parts.add(folded.substring(i, i + MIN_PART));
        }
    }

    private void addOctets(byte[] secret) {
        octets.add(secret);
        for (int i = 0; i + MIN_OCTETS <= secret.length; i++) {
            octetParts.add(ByteBuffer.wrap(secret).getInt(i));
        }
    }

    /** Returns the reply without the secrets. */
    Reply redact(Reply reply) {
        return isEmpty()
                ? reply
                : new Reply(
                        reply.code(), reply.lines().stream().map(this::redact).toList());
    }

    /** Returns the text without the secrets. */
    String redact(String text) {
        if (isEmpty()) {
            return text;
        }
        String folded = fold(text);
        BitSet secret = new BitSet(text.length());
        for (int i = 0; i + MIN_PART <= folded.length(); i++) {
            if (parts.contains(folded.substring(i, i + MIN_PART))) {
                secret.set(i, i + MIN_PART);
            }
        }
        for (String whole : texts) {
            markShort(whole, folded, secret);
        }
        Matcher run = RUN.matcher(text);
        while (run.find()) {
            boolean found = !secret.get(run.start(), run.end()).isEmpty();
            if (found || isShortPart(run.group()) || isDecoded(run.group())) {
                secret.set(run.start(), run.end());
            }
        }
        return without(text, secret);
    }

    /** Marks a secret too short to have parts: every occurrence, or only separate words if it is shorter than {@link #MIN_WORD}. */
    private static void markShort(String whole, String text, BitSet secret) {
        if (whole.length() >= MIN_PART) {
            return;
        }
        for (int at = text.indexOf(whole); at >= 0; at = text.indexOf(whole, at + 1)) {
            int end = at + whole.length();
            boolean alone = (at == 0 || !Character.isLetterOrDigit(text.charAt(at - 1)))
                    && (end == text.length() || !Character.isLetterOrDigit(text.charAt(end)));
            if (alone || whole.length() >= MIN_WORD) {
                secret.set(at, end);
            }
        }
    }

    private boolean isShortPart(String run) {
        String word = run.replace("=", "");
        if (run.length() < MIN_WORD || word.length() >= MIN_PART) {
            return false;
        }
        String folded = fold(word);
        return texts.stream().anyMatch(text -> text.startsWith(folded))
                || encoded.stream().anyMatch(base64 -> base64.contains(word));
    }

    /** Returns whether the run contains Base64 of a part of a secret, at any offset. */
    private boolean isDecoded(String run) {
        String base64 = run.replace("=", "").replace('-', '+').replace('_', '/');
        for (int from = 0; from < Math.min(4, base64.length()); from++) {
            byte[] decoded = decoded(base64.substring(from));
            for (int i = 0; i + MIN_OCTETS <= decoded.length; i++) {
                if (octetParts.contains(ByteBuffer.wrap(decoded).getInt(i))) {
                    return true;
                }
            }
            if (octets.stream().anyMatch(secret -> Arrays.equals(secret, decoded))) {
                return true;
            }
        }
        return false;
    }

    /** Decodes characters of Base64 without padding. A single character of the last group encodes no complete octet, and is ignored. */
    private static byte[] decoded(String base64) {
        return Base64.getDecoder().decode(base64.length() % 4 == 1 ? base64.substring(0, base64.length() - 1) : base64);
    }

    private static String without(String text, BitSet secret) {
        StringBuilder shown = new StringBuilder(text.length());
        int at = 0;
        for (int from = secret.nextSetBit(0); from >= 0; from = secret.nextSetBit(at)) {
            shown.append(text, at, from).append(HIDDEN);
            at = secret.nextClearBit(from);
        }
        return shown.append(text, at, text.length()).toString();
    }

    /** Returns the text in lower case with its length unchanged, which String.toLowerCase does not guarantee. */
    private static String fold(String text) {
        StringBuilder folded = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            folded.append(Character.toLowerCase(text.charAt(i)));
        }
        return folded.toString();
    }

    /** Does not reveal the secrets. */
    @Override
    public String toString() {
        return HIDDEN;
    }
}
