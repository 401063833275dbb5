// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.client;

import java.util.Locale;

/** What a client has when it begins to send. */
public enum Start {
    /** No connection; one is made for each message and given up after it. */
    COLD,
    /** The connection of the message before. */
    WARM;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
