// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

/**
 * What the SMTP dialogue has to know of a message before it is sent.
 *
 * @param size octets as they go over the wire, before dot-stuffing (RFC 1870 §5)
 * @param has8bitBody octets above 127 in the body: BODY=8BITMIME is needed (RFC 6152). The headers of an embedded
 *     message/rfc822 are body, as RFC 6152 has it
 * @param hasNonAsciiHeader octets above 127 in the header, or in the header of a MIME part that is not within an embedded
 *     message: SMTPUTF8 is needed (RFC 6531, 6532 §3)
 * @param longestLine octets of the longest line, without CRLF; RFC 5321 §4.5.3.1.6 allows {@value #MAX_LINE}
 * @param hasNul a NUL octet is somewhere
 * @param hasDkimSignature the header has a DKIM-Signature: any change of the message breaks it (RFC 6376)
 */
public record MessageFacts(
        long size,
        boolean has8bitBody,
        boolean hasNonAsciiHeader,
        long longestLine,
        boolean hasNul,
        boolean hasDkimSignature) {

    /** Octets a line may have, without CRLF. */
    public static final int MAX_LINE = 998;

    /** Some line is longer than every server must take. */
    public boolean hasOverlongLine() {
        return longestLine > MAX_LINE;
    }
}
