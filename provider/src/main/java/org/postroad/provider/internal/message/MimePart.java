// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A message or body part whose header has been read.
 *
 * @param place its place in the MIME structure
 * @param typeStated whether the header states a media type
 * @param type the media type, or the default
 * @param encoding the Content-Transfer-Encoding in lower case; 7bit if the header states none (RFC 2045 §6.1)
 * @param kind how to read its body
 * @param leafReason why a multipart or message is read as a leaf; empty if it is not
 * @param signed whether the header of this message, or of a message around it, has a DKIM-Signature
 */
record MimePart(
        Place place,
        boolean typeStated,
        ContentType type,
        String encoding,
        PartKind kind,
        Optional<String> leafReason,
        boolean signed) {

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
    record Place(
            int number,
            boolean isMessage,
            boolean embedded,
            ContentType defaultType,
            Optional<String> protection,
            boolean signed) {

        static final Place ROOT = new Place(0, true, false, ContentType.PLAIN_TEXT, Optional.empty(), false);

        boolean isRoot() {
            return number == 0;
        }
    }

    enum PartKind {
        /** Content up to a delimiter or the end. */
        LEAF,
        /** Parts between delimiters. */
        MULTIPART,
        /** An embedded message. */
        MESSAGE
    }

    /**
     * Returns why nothing inside may be changed: it is signed or encrypted, or contains the signed or encrypted parts. Empty if changes are
     * allowed.
     */
    Optional<String> protection() {
        if (place.protection().isPresent()) {
            return place.protection();
        }
        boolean cryptographic = type.is("multipart", "signed") || type.is("multipart", "encrypted");
        return cryptographic ? Optional.of("it is in a " + type) : Optional.empty();
    }

    /** Returns whether the declared encoding permits octets above 127. */
    boolean isLabelled8bit() {
        return encoding.equals("8bit") || encoding.equals("binary");
    }

    /** Returns whether the declared encoding is binary: the octets are data, in which line ends must not change (RFC 2045 §2.9). */
    boolean isLabelledBinary() {
        return encoding.equals("binary");
    }

    boolean isText() {
        return type.type().equals("text");
    }

    /** Returns whether the content has no transfer encoding. */
    boolean isIdentity() {
        return encoding.equals("7bit") || isLabelled8bit();
    }

    byte[] delimiter() {
        return ("--" + type.boundary().orElse("")).getBytes(StandardCharsets.ISO_8859_1);
    }
}
