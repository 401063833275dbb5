// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.sts;

import org.postroad.api.HostName;
import org.postroad.api.Printable;

/**
 * An mx pattern of a policy: a single host name, or all names exactly one label below a name (RFC 8461 §4.1).
 *
 * @param wildcard whether it matches names below the name, and not the name itself
 * @param name in A-labels
 */
public record MxPattern(boolean wildcard, HostName name) {

    private static final String WILDCARD = "*.";

    /**
     * Parses {@code mx.example.org} or {@code *.example.org}.
     *
     * @throws IllegalArgumentException if the text is neither; the message gives the reason
     */
    public static MxPattern parse(String text) {
        boolean wildcard = text.startsWith(WILDCARD);
        String name = wildcard ? text.substring(WILDCARD.length()) : text;
        try {
            return new MxPattern(wildcard, parseName(name));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "The mx pattern " + Printable.quote(text) + " is not valid: " + e.getMessage(), e);
        }
    }

    /** Parses a domain as defined in RFC 5321 §4.1.2: without a final dot, and not an address. A numeric last label would look like one. */
    private static HostName parseName(String text) {
        if (text.endsWith(".")) {
            throw new IllegalArgumentException("It ends in a dot");
        }
        HostName name = HostName.parse(text);
        String last = name.text().substring(name.text().lastIndexOf('.') + 1);
        if (last.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new IllegalArgumentException("It is a number or an address, not a name");
        }
        return name;
    }

    /** Returns whether it permits this mail exchanger. */
    public boolean matches(HostName host) {
        if (!wildcard) {
            return host.equals(name);
        }
        int firstDot = host.text().indexOf('.');
        return firstDot > 0 && host.text().substring(firstDot + 1).equals(name.text());
    }

    /** Returns the pattern as written in a policy. */
    @Override
    public String toString() {
        return wildcard ? WILDCARD + name : name.text();
    }
}
