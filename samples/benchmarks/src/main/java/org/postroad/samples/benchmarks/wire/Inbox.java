// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.wire;

/** Is shown the messages that a sink gets. It is called on the sink's threads, and what it does costs the client time. */
public interface Inbox {

    /** Looks at nothing. */
    Inbox NONE = new Inbox() {
        @Override
        public void octets(byte[] buffer, int offset, int length) {}

        @Override
        public void accepted() {}
    };

    /** More octets of the message, without what DATA or BDAT puts around them. */
    void octets(byte[] buffer, int offset, int length);

    /** The message is complete. */
    void accepted();
}
