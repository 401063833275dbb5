// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

import java.util.Optional;

/**
 * Place of a header in the MIME structure, known before the header is read.
 *
 * @param number the number of the header within the message; 0 is the message's own
 * @param isMessage whether the header belongs to a message, outer or embedded, and not to a part
 * @param embedded whether the place is inside an embedded message, including that message's header
 * @param defaultType the media type if the header states none (RFC 2045 §5.2, RFC 2046 §5.1.5)
 * @param protection why nothing at this place and inside it may be changed; empty if changes are allowed
 * @param signed whether the header of an enclosing message has a DKIM-Signature
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
