// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dsn;

import java.io.IOException;
import java.io.InputStream;

/** The message that a notice is about, in the form in which it goes over the wire: every line ends in CRLF. */
public interface OriginalMessage {

    /**
     * All its octets, from the first; closed by whoever opened it. May be opened again.
     *
     * @throws IOException if it cannot be read
     */
    InputStream open() throws IOException;

    /** What is known of it. */
    Facts facts();

    /**
     * What a notice has to know.
     *
     * @param size octets
     * @param has8bitBody octets above 127 in the body (RFC 6152)
     * @param hasUtf8Header octets above 127 in the header (RFC 6532)
     * @param hasOverlongLine a line of more than 998 octets (RFC 5321 §4.5.3.1.6)
     */
    record Facts(long size, boolean has8bitBody, boolean hasUtf8Header, boolean hasOverlongLine) {}
}
