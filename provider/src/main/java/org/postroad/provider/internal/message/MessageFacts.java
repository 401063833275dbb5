// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

/**
 * Properties of a message that the SMTP dialogue needs before it sends the message.
 *
 * @param size the octets that are sent, before dot-stuffing (RFC 1870 §5)
 * @param has8bitBody whether the body has octets above 127 and needs BODY=8BITMIME (RFC 6152). The headers of an embedded message/rfc822
 *     belong to the body, as in RFC 6152
 * @param hasNonAsciiHeader whether the header has octets above 127 and needs SMTPUTF8 (RFC 6531, 6532 §3). Includes the headers of MIME
 *     parts, except those within an embedded message
 * @param longestLine octets of the longest line, without CRLF; RFC 5321 §4.5.3.1.6 allows {@value #MAX_LINE}
 * @param hasNul whether the message has a NUL octet
 * @param hasDkimSignature whether the header has a DKIM-Signature, which any change of the message would break (RFC 6376)
 */
public record MessageFacts(
        long size,
        boolean has8bitBody,
        boolean hasNonAsciiHeader,
        long longestLine,
        boolean hasNul,
        boolean hasDkimSignature) {

    /** Maximum number of octets in a line, without CRLF. */
    public static final int MAX_LINE = 998;

    /** Returns whether a line is longer than every server must accept. */
    public boolean hasOverlongLine() {
        return longestLine > MAX_LINE;
    }
}
