// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

/** Is told what is said, line by line, for debug output: no message content, no secrets, no control characters. */
public interface DialogueLog {

    /** Tells nobody. */
    DialogueLog NONE = new DialogueLog() {
        @Override
        public void client(String line) {}

        @Override
        public void server(String line) {}

        @Override
        public boolean isKept() {
            return false;
        }
    };

    /** We said this. */
    void client(String line);

    /** The server said this. */
    void server(String line);

    /** Whether anybody reads it; else nothing needs to be told. */
    default boolean isKept() {
        return true;
    }
}
