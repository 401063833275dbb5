// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.util.Locale;
import java.util.Optional;

/**
 * A name as DNS carried it in a record: foreign data. It may be the root, and it may hold octets that no host name has;
 * only {@link #hostName()} leads on to a socket.
 *
 * @param text presentation format (RFC 1035 §5.1) without the final dot, lower case; {@code "."} for the root
 */
public record DnsName(String text) {

    public static final DnsName ROOT = new DnsName(".");

    public DnsName {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("A DNS name is empty; the root is \".\"");
        }
        text = text.toLowerCase(Locale.ROOT);
        if (text.length() > 1 && text.endsWith(".") && !text.endsWith("\\.")) {
            text = text.substring(0, text.length() - 1);
        }
    }

    public boolean isRoot() {
        return text.equals(".");
    }

    /** This as a host name; empty for the root and for names that no host may have. */
    public Optional<HostName> hostName() {
        try {
            return Optional.of(HostName.parse(text));
        } catch (IllegalArgumentException notAHostName) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return Printable.clean(text);
    }
}
