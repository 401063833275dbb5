// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

/** Right of this process to deliver to a destination, renewed by heartbeats. Thread-safe, without IO. */
@FunctionalInterface
interface DestinationLease {

    /** For queues that no other process can use. */
    DestinationLease FOR_EVER = () -> true;

    /** Returns whether the lease was renewed so recently that no other process can have taken over, and none will within half the lease. */
    boolean isFresh();
}
