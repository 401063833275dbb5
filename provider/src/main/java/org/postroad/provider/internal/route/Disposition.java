// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.route;

/** What an outcome means for a recipient. */
public enum Disposition {
    /** TRY-01: delivered. */
    DELIVERED,
    /** TRY-02: failed; no other host is tried. */
    REJECTED,
    /** TRY-05: the outcome is unknown; no other host is tried. */
    IN_DOUBT,
    /** TRY-03, TRY-07: still pending; the next address of this host, then the next host. */
    SOFT,
    /** TRY-04: still pending, but the host refused the session; the next host. */
    HOST_REFUSED;

    /** Returns whether the recipient goes on to another address or host (TRY-06). */
    public boolean isOpen() {
        return this == SOFT || this == HOST_REFUSED;
    }
}
