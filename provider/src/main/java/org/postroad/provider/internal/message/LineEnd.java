// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

import java.nio.charset.StandardCharsets;

/** How a line ends in the source. It is sent as CRLF (RFC 5321 §2.3.8), unless the octets are data. */
enum LineEnd {
    /** No line end: a piece of a longer line, or the end of the source. */
    NONE(""),
    CRLF("\r\n"),
    /** A bare LF. */
    LF("\n"),
    /** A bare CR. */
    CR("\r");

    private final byte[] octets;

    LineEnd(String text) {
        this.octets = text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Returns whether the line end changes when lines are made canonical. */
    boolean isBare() {
        return this == LF || this == CR;
    }

    /** Returns the octets, which the caller must not modify. */
    byte[] octets() {
        return octets;
    }
}
