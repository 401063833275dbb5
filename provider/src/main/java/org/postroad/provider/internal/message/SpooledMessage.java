// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.postroad.api.MessageWarning;

/**
 * A message in the form that goes over the wire: complete, unchangeable, readable any number of times and from several threads
 * at once. Whoever gets one closes it; that removes its temporary file.
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

    /** What is in it although it should not, and could not be repaired; also after closing. */
    public List<MessageWarning> warnings() {
        return warnings;
    }

    /** What is known of it; also after closing. */
    public MessageFacts facts() {
        return facts;
    }

    /**
     * Writes all octets, {@link MessageFacts#size} of them.
     *
     * @throws IOException if the target or the file fails, or if the message is closed
     */
    public void writeTo(OutputStream out) throws IOException {
        try (InputStream in = openStream()) {
            in.transferTo(out);
        }
    }

    /**
     * A stream over all octets, to be closed by the caller.
     *
     * @throws IOException if the file fails, or if the message is closed
     */
    public InputStream openStream() throws IOException {
        if (closed.get()) {
            throw new IOException("The spooled message is closed");
        }
        return content.open();
    }

    /** Removes the temporary file, if there is one. Closing again does nothing. */
    @Override
    public void close() throws IOException {
        if (closed.compareAndSet(false, true)) {
            content.delete();
        }
    }
}
