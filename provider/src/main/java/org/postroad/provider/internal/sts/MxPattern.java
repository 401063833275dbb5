// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.sts;

import org.postroad.api.HostName;
import org.postroad.api.Printable;

/**
 * Mail exchangers that a policy permits: one by its name, or all that are one label below a name (RFC 8461 §4.1).
 *
 * @param wildcard whether it is those below the name, and not the name itself
 * @param name of A-labels
 */
public record MxPattern(boolean wildcard, HostName name) {

    private static final String WILDCARD = "*.";

    /**
     * Reads {@code mx.example.org} or {@code *.example.org}.
     *
     * @throws IllegalArgumentException if the text is neither; the message says why
     */
    public static MxPattern parse(String text) {
        boolean wildcard = text.startsWith(WILDCARD);
        String name = wildcard ? text.substring(WILDCARD.length()) : text;
        try {
            return new MxPattern(wildcard, parseName(name));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "The mx pattern " + Printable.quote(text) + " is bad: " + e.getMessage(), e);
        }
    }

    /** A domain of RFC 5321 §4.1.2: it has no final dot, and is no address, which a last label of digits would make it look like. */
    private static HostName parseName(String text) {
        if (text.endsWith(".")) {
            throw new IllegalArgumentException("It ends in a dot");
        }
        HostName name = HostName.parse(text);
        String last = name.text().substring(name.text().lastIndexOf('.') + 1);
        if (last.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new IllegalArgumentException("It is a number or an address, and no name");
        }
        return name;
    }

    /** Whether it permits this mail exchanger. */
    public boolean matches(HostName host) {
        if (!wildcard) {
            return host.equals(name);
        }
        int firstDot = host.text().indexOf('.');
        return firstDot > 0 && host.text().substring(firstDot + 1).equals(name.text());
    }

    /** As it is written in a policy. */
    @Override
    public String toString() {
        return wildcard ? WILDCARD + name : name.text();
    }
}
