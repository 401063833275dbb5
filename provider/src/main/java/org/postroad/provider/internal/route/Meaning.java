// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.route;

/** What an outcome means for a recipient. */
public enum Meaning {
    /** TRY-01: done. */
    DELIVERED,
    /** TRY-02: done, failed; no other host is tried. */
    REJECTED,
    /** TRY-05: nobody knows; no other host is tried. */
    IN_DOUBT,
    /** TRY-03, TRY-07: still open; the next address of this host, then the next host. */
    SOFT,
    /** TRY-04: still open, but this host said that it is the wrong one: the next host. */
    HOST_REFUSED;

    /** Whether the recipient goes on to another address or host (TRY-06). */
    public boolean isOpen() {
        return this == SOFT || this == HOST_REFUSED;
    }
}
