// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dsn;

/** How much of the message comes back with a notice: RET (RFC 3461 §4.3), or less. In the order of less and less. */
public enum Returned {
    FULL,
    HEADERS,
    /** The part is missing, which it may (RFC 6522 §3). */
    NOTHING;

    /** Whichever is less. */
    Returned atMost(Returned limit) {
        return compareTo(limit) >= 0 ? this : limit;
    }
}
