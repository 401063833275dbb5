// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

import java.io.IOException;
import java.io.OutputStream;

/** Writes a message once, in Internet message format (RFC 5322), with any line ends. */
@FunctionalInterface
public interface ContentWriter {

    /** Writes the header and the body. Closing the stream has no effect. */
    void writeTo(OutputStream out) throws IOException;
}
