// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.postroad.api.MessageWarning;

/**
 * A complete message in the form that is sent. Immutable; can be read any number of times, and by several threads concurrently. The caller
 * that obtained it must close it, which deletes its temporary file.
 */
public final class SpooledMessage implements AutoCloseable {

    private final MessageFacts facts;
    private final SpoolContent content;
    private final List<MessageWarning> warnings;
    private final AtomicBoolean closed = new AtomicBoolean();

    SpooledMessage(MessageFacts facts, SpoolContent content, List<MessageWarning> warnings) {
        this.facts = facts;
        this.content = content;
        this.warnings = List.copyOf(warnings);
    }

    /** Returns the flaws that could not be repaired; also after closing. */
    public List<MessageWarning> warnings() {
        return warnings;
    }

    /** Returns the facts about the message; also after closing. */
    public MessageFacts facts() {
        return facts;
    }

    /**
     * Writes all octets, {@link MessageFacts#size} in number.
     *
     * @throws IOException if the target or the file fails, or if the message is closed
     */
    public void writeTo(OutputStream out) throws IOException {
        try (InputStream in = openStream()) {
            in.transferTo(out);
        }
    }

    /**
     * Opens a stream over all octets, which the caller must close.
     *
     * @throws IOException if the file fails, or if the message is closed
     */
    public InputStream openStream() throws IOException {
        if (closed.get()) {
            throw new IOException("The spooled message is closed");
        }
        return content.open();
    }

    /** Deletes the temporary file, if there is one. Closing again has no effect. */
    @Override
    public void close() throws IOException {
        if (closed.compareAndSet(false, true)) {
            content.delete();
        }
    }
}
