// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import java.util.Optional;
import java.util.function.Supplier;

/**
 * Receives the events of a send, line by line, for debug output: no message content, no secrets, no control characters. The log {@link #of}
 * a connection receives lines about that connection.
 */
public interface DialogueLog {

    /** For a send without debug output. */
    DialogueLog NONE = new Disabled(Optional.empty());

    /** Logs a line sent by the client. */
    void client(String line);

    /** Logs a line sent by the server. */
    void server(String line);

    /** Logs an event outside the dialogue. The text is built only if there is debug output. */
    void note(Supplier<String> line);

    /** Returns the log of a connection, with the same output. */
    DialogueLog of(ConnectionName connection);

    /** Returns the connection that the lines are about; empty if they are about the whole send. */
    Optional<ConnectionName> connection();

    /** Returns whether there is debug output. If not, callers need not build lines. */
    boolean isEnabled();

    /** No debug output. Stores the name of the connection, since the connection may later be used in a send that has debug output. */
    record Disabled(Optional<ConnectionName> connection) implements DialogueLog {
        @Override
        public void client(String line) {}

        @Override
        public void server(String line) {}

        @Override
        public void note(Supplier<String> line) {}

        @Override
        public DialogueLog of(ConnectionName named) {
            return new Disabled(Optional.of(named));
        }

        @Override
        public boolean isEnabled() {
            return false;
        }
    }
}
