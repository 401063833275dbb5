// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

import java.nio.charset.StandardCharsets;

/** How a line ends in the octets of the source. On the wire each of them becomes CRLF (RFC 5321 §2.3.8), unless the octets are data. */
enum LineEnd {
    /** It does not: this is a piece of a longer line, or the source ends here. */
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

    /** Whether it is changed where lines are made canonical. */
    boolean isBare() {
        return this == LF || this == CR;
    }

    /** Not to be changed. */
    byte[] octets() {
        return octets;
    }
}
