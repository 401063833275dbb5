// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

import java.util.Optional;

/**
 * Where a header stands in the MIME structure; known before it is read.
 *
 * @param number counts the headers of the message; 0 is the message's own
 * @param isMessage whether this is the header of a message, outer or embedded, and not of a part
 * @param embedded whether this is within an embedded message, its header included
 * @param defaultType the media type where the header names none (RFC 2045 §5.2, RFC 2046 §5.1.5)
 * @param protection why nothing from here on may be changed, if so
 * @param signed whether the header of a message around this one has a DKIM-Signature
 */
record MimePlace(
        int number,
        boolean isMessage,
        boolean embedded,
        ContentType defaultType,
        Optional<String> protection,
        boolean signed) {

    static final MimePlace ROOT = new MimePlace(0, true, false, ContentType.PLAIN_TEXT, Optional.empty(), false);

    boolean isRoot() {
        return number == 0;
    }
}
