// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

/** The right of this process to deliver to a destination, which it renews by heartbeats. Thread-safe, without IO. */
@FunctionalInterface
interface Lease {

    /** Where nobody else could have it. */
    Lease FOR_EVER = () -> true;

    /** Whether it was renewed lately, so that no other process can have taken over, and none will within half the lease. */
    boolean isFresh();
}
