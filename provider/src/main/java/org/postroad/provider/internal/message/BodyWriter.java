// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

import java.io.IOException;

/** Writes the content of one leaf. */
interface BodyWriter {

    /** Writes octets of a line. */
    void octets(byte[] octets, int offset, int length) throws IOException;

    /** Writes a line end that is part of the content. */
    void lineEnd() throws IOException;

    /**
     * Completes the content, so that the output is at the start of a line.
     *
     * @param delimited whether a CRLF that is not content follows
     */
    void end(boolean delimited) throws IOException;
}
