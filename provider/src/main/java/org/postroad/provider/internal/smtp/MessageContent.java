// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import java.io.IOException;
import java.io.OutputStream;

/**
 * A message as it goes on the wire, before dot-stuffing: every line ends in CRLF, and there is no other CR or LF. Where it is
 * not so, or not as long as it says, the transaction is broken off before the final dot, and nothing is delivered.
 */
public interface MessageContent {

    /** Nothing at all. */
    MessageContent EMPTY = new MessageContent() {
        @Override
        public long size() {
            return 0;
        }

        @Override
        public boolean isEightBit() {
            return false;
        }

        @Override
        public boolean needsSmtpUtf8() {
            return false;
        }

        @Override
        public void writeTo(OutputStream out) {}
    };

    /** The octets that {@link #writeTo} writes. */
    long size();

    /** Whether there is an octet above 127, so that 8BITMIME (or SMTPUTF8) is needed. */
    boolean isEightBit();

    /** Whether a header goes beyond ASCII, so that SMTPUTF8 is needed. */
    boolean needsSmtpUtf8();

    /** Writes the message, once for each call. Does not close the stream. */
    void writeTo(OutputStream out) throws IOException;
}
