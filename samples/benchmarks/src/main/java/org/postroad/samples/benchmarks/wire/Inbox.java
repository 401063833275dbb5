// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.wire;

/** Receives the messages that a sink gets. It is called on the sink's threads, so its work delays the client. */
public interface Inbox {

    /** Ignores all messages. */
    Inbox NONE = new Inbox() {
        @Override
        public void octets(byte[] buffer, int offset, int length) {}

        @Override
        public void accepted() {}
    };

    /** Receives more octets of the message, without the framing of DATA or BDAT. */
    void octets(byte[] buffer, int offset, int length);

    /** The message is complete. */
    void accepted();
}
