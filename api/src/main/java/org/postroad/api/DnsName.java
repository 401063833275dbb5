// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.util.Optional;

/**
 * A name from a DNS record: untrusted data. It can be the root, and it can contain octets that no host name has. Only
 * {@link #hostName()} gives a name that is safe to connect to.
 *
 * @param text presentation format (RFC 1035 §5.1) without the final dot, lower case; {@code "."} for the root
 */
public record DnsName(String text) {

    /** The root of the DNS. */
    public static final DnsName ROOT = new DnsName(".");

    /**
     * Converts the name to lower case, and removes the final dot of other names than the root.
     *
     * @throws IllegalArgumentException if the text is empty
     */
    public DnsName {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("A DNS name is empty; the root is \".\"");
        }
        text = HostName.lowerCase(text);
        if (text.length() > 1 && endsWithSeparator(text)) {
            text = text.substring(0, text.length() - 1);
        }
    }

    /** {@return whether the final dot is a label separator} After an odd number of backslashes it is part of a label. */
    private static boolean endsWithSeparator(String text) {
        int backslash = text.length() - 2;
        while (backslash >= 0 && text.charAt(backslash) == '\\') {
            backslash--;
        }
        boolean escaped = (text.length() - 2 - backslash) % 2 == 1;
        return text.endsWith(".") && !escaped;
    }

    /** {@return whether this is the root of the DNS} */
    public boolean isRoot() {
        return text.equals(".");
    }

    /** {@return this name as a host name; empty for the root and for names that are not valid host names} */
    public Optional<HostName> hostName() {
        try {
            // Not parse(), which accepts a final dot: here that dot would be an empty label.
            return Optional.of(new HostName(text));
        } catch (IllegalArgumentException notAHostName) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return Printable.clean(text);
    }
}
