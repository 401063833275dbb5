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
 * What was said on a connection and must not be shown: passwords, tokens, and every response of AUTH. Servers repeat what they do not
 * understand, in the reply to that command or in a later one, whole or cut, as it came or decoded. So it is taken out of all that a server
 * says, where that comes in; what is kept, logged, reported or sent on later has none of it.
 *
 * <p>Also parts are taken out, and Base64 of any alignment. A word of a server that happens to be a part of a password goes as well: that is
 * the price. The user's name, in clear, stays: it is no secret, and often a part of the addresses that a reply speaks of. Not thread-safe.
 */
final class Secrets {

    /** Characters in a row that make a part, wherever it stands. */
    static final int PART = 6;

    /**
     * Characters that make a part where they stand alone, and are the beginning of something secret or anywhere in its Base64: what is left
     * of a line that was cut, or came in groups.
     */
    static final int BEGINNING = 4;

    /** Octets in a row, behind Base64, that make a part. */
    static final int OCTETS = Integer.BYTES;

    private static final String HIDDEN = "***";

    /** Words of ASCII, and Base64 in either alphabet. */
    private static final Pattern RUN = Pattern.compile("[A-Za-z0-9+/_-]+={0,2}");

    /** A digest or proof that a response has in it. */
    private static final Pattern COMPUTED = Pattern.compile("[A-Za-z0-9+/]{16,}={0,2}");

    private final List<String> texts = new ArrayList<>(); // in lower case
    private final Set<String> parts = new HashSet<>(); // of them
    private final List<String> encoded = new ArrayList<>();
    private final List<byte[]> octets = new ArrayList<>();
    private final Set<Integer> octetParts = new HashSet<>(); // of them
    private String user = "";

    boolean isEmpty() {
        return texts.isEmpty();
    }

    /** What is about to be sent: the secret of these credentials. */
    void add(Credentials credentials) {
        user = credentials.user();
        addText(credentials.secret());
        addOctets(credentials.secret().getBytes(StandardCharsets.UTF_8));
    }

    /** What is about to be sent: a response of AUTH, before it is encoded. */
    void add(byte[] response) {
        if (response.length < OCTETS) {
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
        for (int i = 0; i + PART <= folded.length(); i++) {
            parts.add(folded.substring(i, i + PART));
        }
    }

    private void addOctets(byte[] secret) {
        octets.add(secret);
        for (int i = 0; i + OCTETS <= secret.length; i++) {
            octetParts.add(ByteBuffer.wrap(secret).getInt(i));
        }
    }

    /** The reply without them. */
    Reply redact(Reply reply) {
        return isEmpty()
                ? reply
                : new Reply(
                        reply.code(), reply.lines().stream().map(this::redact).toList());
    }

    /** The text without them. */
    String redact(String text) {
        if (isEmpty()) {
            return text;
        }
        String folded = fold(text);
        BitSet secret = new BitSet(text.length());
        for (int i = 0; i + PART <= folded.length(); i++) {
            if (parts.contains(folded.substring(i, i + PART))) {
                secret.set(i, i + PART);
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

    /** A secret without parts: wherever it stands, or as a word where it is as short as words are. */
    private static void markShort(String whole, String text, BitSet secret) {
        if (whole.length() >= PART) {
            return;
        }
        for (int at = text.indexOf(whole); at >= 0; at = text.indexOf(whole, at + 1)) {
            int end = at + whole.length();
            boolean alone = (at == 0 || !Character.isLetterOrDigit(text.charAt(at - 1)))
                    && (end == text.length() || !Character.isLetterOrDigit(text.charAt(end)));
            if (alone || whole.length() >= BEGINNING) {
                secret.set(at, end);
            }
        }
    }

    private boolean isShortPart(String run) {
        String word = run.replace("=", "");
        if (run.length() < BEGINNING || word.length() >= PART) {
            return false;
        }
        String folded = fold(word);
        return texts.stream().anyMatch(text -> text.startsWith(folded))
                || encoded.stream().anyMatch(base64 -> base64.contains(word));
    }

    /** Whether the run is Base64 of something secret, wherever in the run that begins. */
    private boolean isDecoded(String run) {
        String base64 = run.replace("=", "").replace('-', '+').replace('_', '/');
        for (int from = 0; from < Math.min(4, base64.length()); from++) {
            byte[] decoded = decoded(base64.substring(from));
            for (int i = 0; i + OCTETS <= decoded.length; i++) {
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

    /** Nothing where it is no Base64. */
    private static byte[] decoded(String base64) {
        // One character of four says nothing yet.
        String sound = base64.length() % 4 == 1 ? base64.substring(0, base64.length() - 1) : base64;
        try {
            return Base64.getDecoder().decode(sound);
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
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

    /** In lower case, and as long as it was, which String.toLowerCase does not promise. */
    private static String fold(String text) {
        StringBuilder folded = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            folded.append(Character.toLowerCase(text.charAt(i)));
        }
        return folded.toString();
    }

    /** Never what they are. */
    @Override
    public String toString() {
        return HIDDEN;
    }
}
