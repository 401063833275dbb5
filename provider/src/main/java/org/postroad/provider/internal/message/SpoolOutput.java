// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

import java.io.IOException;
import java.io.OutputStream;

/**
 * A message on its way into the spool: counts it, takes its facts, keeps it. Takes canonical lines. Closed before {@link
 * #finish}, it leaves nothing behind.
 */
final class SpoolOutput extends OutputStream {

    private final SpoolStorage storage;
    private final FactsMeter meter = new FactsMeter();
    private final MimeScanner scanner = new MimeScanner(meter);

    SpoolOutput(SpoolSettings settings) {
        this.storage = new SpoolStorage(settings);
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
    SpooledMessage finish() throws IOException {
        scanner.finish();
        return new SpooledMessage(meter.facts(storage.size()), storage.finish());
    }

    @Override
    public void close() throws IOException {
        storage.close();
    }
}
