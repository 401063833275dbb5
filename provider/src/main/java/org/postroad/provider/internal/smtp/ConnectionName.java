// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import java.util.concurrent.atomic.AtomicLong;
import org.postroad.api.RemoteMta;

/**
 * How people tell one connection from another in debug output.
 *
 * @param number of the connection in this JVM
 * @param remote whom it leads to
 */
public record ConnectionName(long number, RemoteMta remote) {

    // In the JVM and not in an engine: several Sessions may write to one stream.
    private static final AtomicLong LAST_NUMBER = new AtomicLong();

    /** The name of a new connection. */
    public static ConnectionName next(RemoteMta remote) {
        return new ConnectionName(LAST_NUMBER.incrementAndGet(), remote);
    }

    /** {@code #7 mx.example.org[192.0.2.1]:25}. */
    @Override
    public String toString() {
        return "#" + number + " " + remote;
    }
}
