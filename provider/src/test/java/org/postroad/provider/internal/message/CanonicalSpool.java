// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

import java.io.IOException;

/** Spools messages that are in the form that is sent already. */
public final class CanonicalSpool {

    private CanonicalSpool() {}

    /** Returns the message, octet for octet. */
    public static SpooledMessage of(byte[] message) throws IOException {
        FactsMeter meter = new FactsMeter();
        MimeScanner scanner = new MimeScanner(meter);
        scanner.take(message, 0, message.length);
        scanner.finish();
        return MessageSpool.restore(out -> out.write(message), meter.facts(message.length), SpoolSettings.DEFAULTS);
    }
}
