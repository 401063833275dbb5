// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.nio.charset.StandardCharsets;

/**
 * An envelope address (RFC 5321 §4.1.2; RFC 6531 for non-ASCII local parts). The local part has the form used in SMTP commands:
 * quoted if it needs quoting. It is case-sensitive.
 *
 * @param localPart at least one octet of UTF-8, no control characters. RFC 5321 §4.5.3.1.1 limits it to 64 octets; longer ones
 *     are accepted here, since only the receiving server can decide
 * @param domain the domain that receives the mail
 */
public record Mailbox(String localPart, Domain domain) {

    /** The maximum length of a mailbox in octets: a path of 256 (RFC 5321 §4.5.3.1.3) without its angle brackets. */
    public static final int MAX_LENGTH = 254;

    /**
     * Checks the address.
     *
     * @throws IllegalArgumentException if the local part is empty or has a character that is not allowed, or the address is longer than
     *     {@link #MAX_LENGTH}
     */
    public Mailbox {
        int octets = localPart.getBytes(StandardCharsets.UTF_8).length;
        int total = octets + 1 + domain.toString().length();
        if (localPart.isEmpty()) {
            throw new IllegalArgumentException("The local part before @" + domain + " is empty");
        }
        if (total > MAX_LENGTH) {
            throw new IllegalArgumentException("The address " + Printable.quote(localPart + "@" + domain) + " has "
                    + total + " octets; at most " + MAX_LENGTH + " are allowed");
        }
        checkLocalPart(localPart, domain);
    }

    /**
     * {@return the mailbox with this text, {@code local@domain}} The domain is the part after the last at sign.
     *
     * @throws IllegalArgumentException if a part is missing or not allowed; the message gives the reason
     */
    public static Mailbox parse(String text) {
        int at = text.lastIndexOf('@');
        if (at < 0 || at == text.length() - 1) {
            throw new IllegalArgumentException(
                    "The address " + Printable.quote(text) + " has no domain; user@example.org is an example");
        }
        return new Mailbox(text.substring(0, at), Domain.parse(text.substring(at + 1)));
    }

    /** {@return whether the local part is pure ASCII, so that the address does not need SMTPUTF8} */
    public boolean isAscii() {
        for (int i = 0; i < localPart.length(); i++) {
            if (localPart.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return localPart + "@" + domain;
    }

    private static void checkLocalPart(String localPart, Domain domain) {
        boolean quoted = localPart.length() >= 2 && localPart.startsWith("\"") && localPart.endsWith("\"");
        String inner = quoted ? localPart.substring(1, localPart.length() - 1) : localPart;
        for (int i = 0; i < inner.length(); i++) {
            char c = inner.charAt(i);
            boolean escaped = false;
            if (quoted && c == '\\' && i + 1 < inner.length()) {
                c = inner.charAt(++i);
                escaped = true;
            }
            if (!isAllowed(c, quoted, escaped) || isLoneSurrogate(inner, i)) {
                throw new IllegalArgumentException("The local part of " + Printable.quote(localPart + "@" + domain)
                        + " has the character " + Printable.quote(String.valueOf(c)) + ", which is not allowed "
                        + (quoted ? "in a quoted string" : "outside a quoted string"));
            }
        }
        boolean dots = inner.startsWith(".") || inner.endsWith(".") || inner.contains("..");
        if (!quoted && dots) {
            throw new IllegalArgumentException("The local part of " + Printable.quote(localPart + "@" + domain)
                    + " has an empty atom: a dot at its start, at its end, or two in a row; quote it");
        }
    }

    private static boolean isAllowed(char c, boolean quoted, boolean escaped) {
        if (c >= 0x80) {
            // C1 control characters are never part of a mailbox (RFC 6531 §3.3 with RFC 5198).
            return c > 0x9f;
        }
        if (c < ' ' || c == 0x7f) {
            return false;
        }
        if (quoted) {
            return escaped || (c != '"' && c != '\\');
        }
        return " ()<>[]:;@\\,\"".indexOf(c) < 0;
    }

    private static boolean isLoneSurrogate(String text, int index) {
        char c = text.charAt(index);
        if (Character.isHighSurrogate(c)) {
            return index + 1 >= text.length() || !Character.isLowSurrogate(text.charAt(index + 1));
        }
        return Character.isLowSurrogate(c) && (index == 0 || !Character.isHighSurrogate(text.charAt(index - 1)));
    }
}
