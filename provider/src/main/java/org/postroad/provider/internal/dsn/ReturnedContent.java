// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dsn;

/** How much of the message a notice includes: what RET (RFC 3461 §4.3) requests, or less. In descending order. */
public enum ReturnedContent {
    FULL,
    HEADERS,
    /** No part for the message, which RFC 6522 §3 allows. */
    NOTHING;

    /** Returns whichever of the two includes less of the message. */
    ReturnedContent atMost(ReturnedContent limit) {
        return compareTo(limit) >= 0 ? this : limit;
    }
}
