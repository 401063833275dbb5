// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import java.nio.charset.StandardCharsets;
import org.postroad.api.Mailbox;

/** Encodings of DSN parameters. */
final class Xtext {

    private Xtext() {}

    /** Encodes ASCII text as xtext (RFC 3461 §4). */
    static String encode(String ascii) {
        StringBuilder encoded = new StringBuilder();
        for (byte octet : ascii.getBytes(StandardCharsets.US_ASCII)) {
            boolean plain = octet > ' ' && octet < 0x7f && octet != '+' && octet != '=';
            encoded.append(plain ? String.valueOf((char) octet) : String.format("+%02X", octet));
        }
        return encoded.toString();
    }

    /**
     * Returns the value of ORCPT: address type and address. A non-ASCII address is encoded as utf-8-addr-xtext, which is ASCII only (RFC
     * 6533 §3).
     */
    static String originalRecipient(Mailbox mailbox) {
        return mailbox.isAscii() ? "rfc822;" + encode(mailbox.toString()) : "utf-8;" + encodeUtf8(mailbox.toString());
    }

    private static String encodeUtf8(String text) {
        StringBuilder encoded = new StringBuilder();
        text.codePoints().forEach(point -> {
            boolean plain = point > ' ' && point < 0x7f && point != '+' && point != '=' && point != '\\';
            encoded.append(plain ? Character.toString(point) : String.format("\\x{%X}", point));
        });
        return encoded.toString();
    }
}
