// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A message or body part whose header has been read.
 *
 * @param place where it stands
 * @param typeStated whether the header names a media type
 * @param type its media type, or the default
 * @param encoding Content-Transfer-Encoding in lower case; 7bit where the header names none (RFC 2045 §6.1)
 * @param kind how its body is to be read
 * @param obscurity why a multipart or message is read as a leaf all the same, if so
 * @param signed whether its own header, where it is a message, or that of a message around it has a DKIM-Signature
 */
record MimePart(
        MimePlace place,
        boolean typeStated,
        ContentType type,
        String encoding,
        Kind kind,
        Optional<String> obscurity,
        boolean signed) {

    enum Kind {
        /** Content, up to a delimiter or the end. */
        LEAF,
        /** Parts between delimiters. */
        MULTIPART,
        /** Another message. */
        MESSAGE
    }

    /** Why nothing of it may be changed, if so: a signature covers it, or it is the container that holds the signature. */
    Optional<String> protection() {
        if (place.protection().isPresent()) {
            return place.protection();
        }
        boolean cryptographic = type.is("multipart", "signed") || type.is("multipart", "encrypted");
        return cryptographic ? Optional.of("it is in a " + type) : Optional.empty();
    }

    /** Whether the label permits octets above 127. */
    boolean isLabelled8bit() {
        return encoding.equals("8bit") || encoding.equals("binary");
    }

    /** Whether the label says that the octets are data, in which no line end may be changed (RFC 2045 §2.9). */
    boolean isLabelledBinary() {
        return encoding.equals("binary");
    }

    boolean isText() {
        return type.type().equals("text");
    }

    /** Whether the octets are the content itself: no transfer encoding in between. */
    boolean isIdentity() {
        return encoding.equals("7bit") || isLabelled8bit();
    }

    byte[] delimiter() {
        return ("--" + type.boundary().orElse("")).getBytes(StandardCharsets.ISO_8859_1);
    }
}
