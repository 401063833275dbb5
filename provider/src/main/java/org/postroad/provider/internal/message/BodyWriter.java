// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

import java.io.IOException;

/** Writes the content of one leaf. */
interface BodyWriter {

    /** Octets of a line. */
    void octets(byte[] octets, int offset, int length) throws IOException;

    /** A line end that is content. */
    void lineEnd() throws IOException;

    /** The content is complete and the output stands at the beginning of a line; {@code delimited} by a CRLF that is not content. */
    void end(boolean delimited) throws IOException;
}
