// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

/**
 * The domain of a mailbox: a domain name in A-label form, or an address literal (RFC 5321 §4.1.2).
 *
 * @param host the name, or the address of the literal
 */
public record Domain(Host host) {

    /**
     * {@return the domain with this text: {@code example.org}, {@code [192.0.2.1]} or {@code [IPv6:2001:db8::1]}}
     *
     * @throws IllegalArgumentException if the text is none of these; the message gives the reason
     */
    public static Domain parse(String text) {
        return new Domain(text.startsWith("[") ? IpAddress.parseLiteral(text) : HostName.parse(text));
    }

    /** {@return the text that follows the at sign in a mailbox} */
    @Override
    public String toString() {
        return host.fold(HostName::text, IpAddress::literal);
    }
}
