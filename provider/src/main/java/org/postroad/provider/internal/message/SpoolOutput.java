// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.postroad.api.MessageWarning;

/**
 * A message on its way into the spool: counts it, takes its facts, keeps it as it came. Closed before {@link #finish}, it leaves nothing
 * behind.
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

    /** Has the visitor see the message, too. */
    SpoolOutput(SpoolSettings settings, MimeScanner.Visitor visitor) {
        this.settings = settings;
        this.storage = new SpoolStorage(settings);
        this.scanner = new MimeScanner(new TwoVisitors(meter, visitor));
    }

    /**
     * A message as its source wrote it.
     *
     * @param content all octets, line ends of other kinds included
     * @param isCanonical whether there are none
     * @param facts those of the canonical form
     */
    record Draft(SpoolContent content, boolean isCanonical, MessageFacts facts) {

        /** The message in canonical lines; the content belongs to it. */
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

    /** The message is complete and belongs to the caller now. */
    Draft finish() throws IOException {
        scanner.finish();
        long size = scanner.canonicalSize();
        if (size > settings.maximumSize()) {
            throw new MessageTooLargeException("The message", settings.maximumSize());
        }
        return new Draft(storage.finish(), scanner.isCanonical(), meter.facts(size));
    }

    /** The same for octets of which none is to be changed. */
    SpooledMessage finishAsItIs() throws IOException {
        scanner.finish();
        return new SpooledMessage(meter.facts(storage.size()), storage.finish(), List.of());
    }

    @Override
    public void close() throws IOException {
        storage.close();
    }
}
