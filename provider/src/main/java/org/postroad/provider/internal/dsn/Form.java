// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dsn;

import java.util.function.IntPredicate;
import org.postroad.api.Mailbox;
import org.postroad.api.Printable;

/**
 * Whether a notice may go beyond ASCII outside its text: the one decision of RFC 6533.
 *
 * <p>The way to the addressee decides. Where the reverse-path itself goes beyond ASCII, every server on the way takes SMTPUTF8, or
 * no notice could arrive at all. Where it is ASCII nothing is known of that way, and a notice that needed SMTPUTF8 might be the second
 * thing to fail: so it does without, whatever addresses it speaks of.
 */
enum Form {
    /** Everything is ASCII on the wire: addresses as utf-8-addr-xtext (RFC 6533 §3), texts as quoted-printable. */
    SEVEN_BIT,
    /** Everything stands as it is, in UTF-8; message/global-delivery-status where that makes a difference. */
    UTF8;

    /** The form for mail to this address. */
    static Form to(Mailbox addressee) {
        return addressee.isAscii() ? SEVEN_BIT : UTF8;
    }

    /** An address with its type (RFC 3464 §2.1.2, RFC 6533 §3). */
    String address(Mailbox mailbox) {
        String text = mailbox.toString();
        if (mailbox.isAscii()) {
            return "rfc822; " + text;
        }
        boolean asItIs = this == UTF8 && text.codePoints().allMatch(Form::isHarmless);
        return "utf-8; " + (asItIs ? text : encoded(text));
    }

    /** Clean text for people, in a field. */
    String words(String text) {
        return this == UTF8 ? text : escaped(text, point -> point < 0x80);
    }

    /** How text goes that is, or is not, ASCII. */
    Encoding encoding(boolean ascii) {
        if (ascii) {
            return Encoding.SEVEN_BIT;
        }
        return this == UTF8 ? Encoding.EIGHT_BIT : Encoding.QUOTED_PRINTABLE;
    }

    /** utf-8-addr-xtext or, in UTF-8, utf-8-addr-unitext with what cannot be seen encoded. */
    private String encoded(String address) {
        return escaped(
                address,
                point -> (point < 0x80 || this == UTF8)
                        && isHarmless(point)
                        && point != ' '
                        && point != '+'
                        && point != '=');
    }

    /** Neither invisible, which could make an address look like another, nor the sign that begins an encoded character. */
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
