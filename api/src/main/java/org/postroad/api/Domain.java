// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

/**
 * The right-hand side of a mailbox: a domain name in A-label form, or an address literal (RFC 5321 §4.1.2).
 *
 * @param host the name, or the address of the literal
 */
public record Domain(Host host) {

    /**
     * Reads {@code example.org}, {@code [192.0.2.1]} or {@code [IPv6:2001:db8::1]}.
     *
     * @throws IllegalArgumentException if the text is none of them; the message says why
     */
    public static Domain parse(String text) {
        return new Domain(text.startsWith("[") ? IpAddress.parseLiteral(text) : HostName.parse(text));
    }

    /** As it is written behind the at sign. */
    @Override
    public String toString() {
        return host.fold(HostName::text, IpAddress::literal);
    }
}
