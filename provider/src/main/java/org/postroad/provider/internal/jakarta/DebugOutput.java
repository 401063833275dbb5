// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.jakarta;

import jakarta.mail.Session;
import java.io.PrintStream;
import java.util.Optional;
import java.util.function.Supplier;
import org.postroad.api.Printable;
import org.postroad.provider.internal.smtp.ConnectionName;
import org.postroad.provider.internal.smtp.DialogueLog;

/**
 * The debug output of a Session ({@code mail.debug}). A line about a connection begins with its number, host and address; then follows
 * {@code mx>} and what the client sent, {@code mx<} and what the server sent, or {@code mx-} and another event.
 */
public final class DebugOutput implements DialogueLog {

    private final PrintStream out;
    private final Optional<ConnectionName> connection;

    private DebugOutput(PrintStream out, Optional<ConnectionName> connection) {
        this.out = out;
        this.connection = connection;
    }

    /** Returns the debug output of the Session; {@link DialogueLog#NONE} if it is switched off. */
    public static DialogueLog of(Session session) {
        return session.getDebug() ? new DebugOutput(session.getDebugOut(), Optional.empty()) : DialogueLog.NONE;
    }

    @Override
    public void client(String line) {
        print('>', line);
    }

    @Override
    public void server(String line) {
        print('<', line);
    }

    @Override
    public void note(Supplier<String> line) {
        print('-', line.get());
    }

    @Override
    public DialogueLog of(ConnectionName named) {
        return new DebugOutput(out, Optional.of(named));
    }

    @Override
    public Optional<ConnectionName> connection() {
        return connection;
    }

    @Override
    public boolean isEnabled() {
        return true;
    }

    /** Prints each line with one call, so that the lines of concurrent sends do not mix. */
    private void print(char direction, String line) {
        String name =
                connection.map(named -> Printable.clean(named.toString()) + " ").orElse("");
        out.println(name + "mx" + direction + " " + line);
    }
}
