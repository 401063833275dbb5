// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dsn;

import java.util.function.IntPredicate;
import org.postroad.api.Mailbox;
import org.postroad.api.Printable;

/**
 * Decides whether a notice may have non-ASCII addresses and fields (RFC 6533).
 *
 * <p>The path to the addressee decides. If the reverse-path itself is not ASCII, every server on that path supports SMTPUTF8; otherwise no
 * notice could arrive. If the reverse-path is ASCII, nothing is known about that path, and a notice that required SMTPUTF8 might fail just
 * as the message did. So the notice is ASCII, whatever addresses it contains.
 */
enum NoticeEncoding {
    /**
     * ASCII on the wire, except for a returned body with 8-bit octets: addresses as utf-8-addr-xtext (RFC 6533 §3), texts as
     * quoted-printable.
     */
    SEVEN_BIT,
    /** Text unchanged, in UTF-8; message/global-delivery-status if the report is not ASCII. */
    UTF8;

    /** The values of Content-Transfer-Encoding (RFC 2045 §6) that notices use. */
    enum TransferEncoding {
        SEVEN_BIT("7bit"),
        EIGHT_BIT("8bit"),
        QUOTED_PRINTABLE("quoted-printable");

        private final String text;

        TransferEncoding(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /** Returns the form of a notice to this address. */
    static NoticeEncoding to(Mailbox addressee) {
        return addressee.isAscii() ? SEVEN_BIT : UTF8;
    }

    /** Returns an address with its address type (RFC 3464 §2.1.2, RFC 6533 §3). */
    String address(Mailbox mailbox) {
        String text = mailbox.toString();
        if (mailbox.isAscii()) {
            return "rfc822; " + text;
        }
        boolean asItIs = this == UTF8 && text.codePoints().allMatch(NoticeEncoding::isHarmless);
        return "utf-8; " + (asItIs ? text : encoded(text));
    }

    /** Returns human-readable text, already cleaned, as written in a field of the report. */
    String words(String text) {
        return this == UTF8 ? text : escaped(text, point -> point < 0x80);
    }

    /**
     * Returns the transfer encoding of a text.
     *
     * @param ascii whether the text is ASCII
     */
    TransferEncoding encoding(boolean ascii) {
        if (ascii) {
            return TransferEncoding.SEVEN_BIT;
        }
        return this == UTF8 ? TransferEncoding.EIGHT_BIT : TransferEncoding.QUOTED_PRINTABLE;
    }

    /** Returns the address as utf-8-addr-xtext or, in UTF-8, as utf-8-addr-unitext with invisible characters encoded. */
    private String encoded(String address) {
        return escaped(
                address,
                point -> (point < 0x80 || this == UTF8)
                        && isHarmless(point)
                        && point != ' '
                        && point != '+'
                        && point != '=');
    }

    /**
     * Returns whether a character may be written unchanged: it is visible, so it cannot make two addresses look the same, and it is not the
     * backslash that begins an encoded character.
     */
    private static boolean isHarmless(int point) {
        return point != '\\' && Printable.isPlain(point);
    }

    private static String escaped(String text, IntPredicate stays) {
        StringBuilder escaped = new StringBuilder();
        text.codePoints()
                .forEach(point -> escaped.append(
                        stays.test(point) ? Character.toString(point) : String.format("\\x{%02X}", point)));
        return escaped.toString();
    }
}
