// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.postroad.api.MessageWarning;

/**
 * Stream that writes a message into the spool unchanged, counts its octets and collects its facts. Leaves nothing behind if it is closed
 * before {@link #finish}.
 */
final class SpoolOutput extends OutputStream {

    private final SpoolSettings settings;
    private final SpoolStorage storage;
    private final FactsMeter meter = new FactsMeter();
    private final MimeScanner scanner;

    SpoolOutput(SpoolSettings settings) {
        this.settings = settings;
        this.storage = new SpoolStorage(settings);
        this.scanner = new MimeScanner(meter);
    }

    /** Creates a stream that also passes the message to the visitor. */
    SpoolOutput(SpoolSettings settings, MimeScanner.Visitor visitor) {
        this.settings = settings;
        this.storage = new SpoolStorage(settings);
        this.scanner = new MimeScanner(new TwoVisitors(meter, visitor));
    }

    /**
     * A message as written by its source.
     *
     * @param content all octets, with their original line ends
     * @param isCanonical whether every line ends in CRLF
     * @param facts the facts of the canonical form
     */
    record Draft(SpoolContent content, boolean isCanonical, MessageFacts facts) {

        /** Returns the message in canonical lines. It takes over the content. */
        SpooledMessage message(List<MessageWarning> warnings) {
            SpoolContent canonical = isCanonical ? content : new SpoolContent.Canonical(content);
            return new SpooledMessage(facts, canonical, warnings);
        }
    }

    @Override
    public void write(int octet) throws IOException {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] octets, int offset, int length) throws IOException {
        storage.write(octets, offset, length);
        scanner.take(octets, offset, length);
    }

    /** Completes and returns the message, which the caller then owns. */
    Draft finish() throws IOException {
        scanner.finish();
        long size = scanner.canonicalSize();
        if (size > settings.maximumSize()) {
            throw new MessageTooLargeException("The message", settings.maximumSize());
        }
        return new Draft(storage.finish(), scanner.isCanonical(), meter.facts(size));
    }

    @Override
    public void close() throws IOException {
        storage.close();
    }
}
