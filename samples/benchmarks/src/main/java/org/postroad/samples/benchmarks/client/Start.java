// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.client;

import java.util.Locale;

/** The state of a client when it starts to send. */
public enum Start {
    /** No connection: one is opened for each message and closed after it. */
    COLD,
    /** The connection of the previous message is open. */
    WARM;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
