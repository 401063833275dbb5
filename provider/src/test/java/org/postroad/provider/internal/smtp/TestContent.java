// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * A message with given octets.
 *
 * @param octets what it writes, each character an octet
 * @param size the size it reports
 */
record TestContent(String octets, long size) implements MessageContent {

    static MessageContent of(String octets) {
        return of(octets, octets.length());
    }

    static MessageContent of(String octets, long size) {
        return new TestContent(octets, size);
    }

    @Override
    public boolean isEightBit() {
        return octets.chars().anyMatch(octet -> octet > 127);
    }

    @Override
    public boolean needsSmtpUtf8() {
        return false;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        out.write(octets.getBytes(StandardCharsets.ISO_8859_1));
    }
}
