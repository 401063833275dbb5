// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import java.util.Optional;
import java.util.function.Supplier;

/**
 * Receives what happens in a send, line by line, for debug output: no message content, no secrets, no control characters. The lines
 * that {@link #of} a connection are received with its name.
 */
public interface DialogueLog {

    /** For a send without debug output. */
    DialogueLog NONE = new Unwatched(Optional.empty());

    /** We said this. */
    void client(String line);

    /** The server said this. */
    void server(String line);

    /** This happened beside the dialogue; the text is made only where there is debug output. */
    void note(Supplier<String> line);

    /** The log of a connection, for the same reader. */
    DialogueLog of(ConnectionName connection);

    /** Whose lines these are; empty: the send's. */
    Optional<ConnectionName> connection();

    /** Whether anybody reads it; else nothing needs to be told. */
    boolean isKept();

    /** Without debug output, but the connection may be used in a send that has it. */
    record Unwatched(Optional<ConnectionName> connection) implements DialogueLog {
        @Override
        public void client(String line) {}

        @Override
        public void server(String line) {}

        @Override
        public void note(Supplier<String> line) {}

        @Override
        public DialogueLog of(ConnectionName named) {
            return new Unwatched(Optional.of(named));
        }

        @Override
        public boolean isKept() {
            return false;
        }
    }
}
