// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import java.util.concurrent.atomic.AtomicLong;
import org.postroad.api.RemoteMta;

/**
 * Name of a connection in debug output.
 *
 * @param number sequence number of the connection in this JVM
 * @param remote the server
 */
public record ConnectionName(long number, RemoteMta remote) {

    // Counted per JVM and not per engine: several Sessions may write to the same stream.
    private static final AtomicLong LAST_NUMBER = new AtomicLong();

    /** Returns the name of a new connection. */
    public static ConnectionName next(RemoteMta remote) {
        return new ConnectionName(LAST_NUMBER.incrementAndGet(), remote);
    }

    /** Returns for example {@code #7 mx.example.org[192.0.2.1]:25}. */
    @Override
    public String toString() {
        return "#" + number + " " + remote;
    }
}
