// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

/**
 * An absolute DNS name that is safe to use for sockets, SNI and logs: A-labels, lower case, without the final dot.
 *
 * <p>Labels consist of letters, digits, hyphens and underscores, 1 to {@value #MAX_LABEL} octets each; the whole name has at
 * most {@value #MAX_LENGTH} octets (RFC 1035 §2.3.4). The root is not a host name. The caller must convert internationalized
 * names to A-labels first (RFC 5890).
 *
 * @param text the name
 */
public record HostName(String text) implements Host {

    /** The maximum length of a name in octets, without the final dot. */
    public static final int MAX_LENGTH = 253;

    /** The maximum length of a label in octets. */
    public static final int MAX_LABEL = 63;

    /**
     * Checks the name.
     *
     * @throws IllegalArgumentException if the text is not a host name in lower case without a final dot; the message gives the reason
     */
    public HostName {
        check(text);
    }

    /**
     * {@return the host name with this text} Upper case and one final dot are accepted.
     *
     * @throws IllegalArgumentException if the text is not a host name; the message gives the reason
     */
    public static HostName parse(String text) {
        String name = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
        return new HostName(lowerCase(name));
    }

    /**
     * {@return whether these labels can be put in front of this name} If not, the longer name cannot exist in DNS.
     *
     * @param labels one or more labels, separated by dots
     */
    public boolean hasRoomFor(String labels) {
        return labels.length() + 1 + text.length() <= MAX_LENGTH;
    }

    /**
     * {@return the name that consists of these labels and this name; for example with {@code _25._tcp} for TLSA records}
     *
     * @param labels one or more labels, separated by dots
     * @throws IllegalArgumentException if the result is not a host name; see {@link #hasRoomFor}
     */
    public HostName prefixedWith(String labels) {
        return parse(labels + "." + text);
    }

    /**
     * Lower-cases only A to Z (RFC 4343 §3). {@link String#toLowerCase()} would turn the Kelvin sign into k, and so change the
     * name.
     */
    static String lowerCase(String text) {
        StringBuilder lower = new StringBuilder(text);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                lower.setCharAt(i, (char) (c + ('a' - 'A')));
            }
        }
        return lower.toString();
    }

    private static void check(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("The host name is empty; a name such as mx.example.org is needed");
        }
        if (text.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("The host name " + Printable.quote(text) + " has " + text.length()
                    + " characters; at most " + MAX_LENGTH + " are allowed");
        }
        int labelStart = 0;
        for (int i = 0; i <= text.length(); i++) {
            if (i == text.length() || text.charAt(i) == '.') {
                int length = i - labelStart;
                if (length == 0) {
                    throw new IllegalArgumentException(
                            "The host name " + Printable.quote(text) + " has an empty label");
                }
                if (length > MAX_LABEL) {
                    throw new IllegalArgumentException("The host name " + Printable.quote(text) + " has a label of "
                            + length + " characters; at most " + MAX_LABEL + " are allowed");
                }
                labelStart = i + 1;
            } else if (!isLabelCharacter(text.charAt(i))) {
                throw new IllegalArgumentException("The host name " + Printable.quote(text) + " has the character "
                        + Printable.quote(text.substring(i, i + 1)) + "; allowed are a-z, 0-9, hyphen and underscore");
            }
        }
    }

    private static boolean isLabelCharacter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    }

    @Override
    public String toString() {
        return text;
    }
}
