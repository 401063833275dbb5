// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dsn;

/** How much of the message a notice returns: RET (RFC 3461 §4.3) or less. In descending order. */
public enum Returned {
    FULL,
    HEADERS,
    /** No part for the message, which RFC 6522 §3 allows. */
    NOTHING;

    /** Returns whichever of the two returns less of the message. */
    Returned atMost(Returned limit) {
        return compareTo(limit) >= 0 ? this : limit;
    }
}
