// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dsn;

import java.io.IOException;
import java.io.InputStream;

/** The message that a notice is about, in the form that is sent: every line ends in CRLF. */
public interface OriginalMessage {

    /**
     * Opens a stream over all octets, which the caller must close. Can be called again.
     *
     * @throws IOException if the message cannot be read
     */
    InputStream open() throws IOException;

    /** Returns the facts about the message. */
    OriginalFacts facts();

    /**
     * Properties of the message that affect a notice.
     *
     * @param size the number of octets
     * @param has8bitBody whether the body has octets above 127 (RFC 6152)
     * @param hasUtf8Header whether the header has octets above 127 (RFC 6532)
     * @param hasOverlongLine whether a line has more than 998 octets (RFC 5321 §4.5.3.1.6)
     */
    record OriginalFacts(long size, boolean has8bitBody, boolean hasUtf8Header, boolean hasOverlongLine) {}
}
