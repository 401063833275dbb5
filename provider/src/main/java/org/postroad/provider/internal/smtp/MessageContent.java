// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import java.io.IOException;
import java.io.OutputStream;

/**
 * A message in the form in which it is sent, before dot-stuffing: every line ends in CRLF, and there is no other CR or LF. If it violates
 * this, or its size differs from {@link #size}, the transaction is aborted before the end of data and nothing is delivered.
 */
public interface MessageContent {

    /** Empty content. */
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

    /** Returns the number of octets that {@link #writeTo} writes. */
    long size();

    /** Returns whether there is an octet above 127, so that 8BITMIME (or SMTPUTF8) is needed. */
    boolean isEightBit();

    /** Returns whether a header contains non-ASCII characters, so that SMTPUTF8 is needed. */
    boolean needsSmtpUtf8();

    /** Writes the whole message; may be called repeatedly. Does not close the stream. */
    void writeTo(OutputStream out) throws IOException;
}
