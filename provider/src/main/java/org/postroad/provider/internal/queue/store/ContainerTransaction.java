// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue.store;

import java.util.Optional;

/** The transaction of a thread, managed by a container (JTA) or by Spring. */
@FunctionalInterface
public interface ContainerTransaction {

    /** Runs the work soon after the commit, and not after a rollback. */
    void afterCommit(Runnable work);

    /** Returns whether the transaction could only be rolled back when it was found. */
    default boolean isMarkedForRollback() {
        return false;
    }

    /** Finds the current transaction. Thread-safe. */
    @FunctionalInterface
    interface TransactionSource {

        /** For use without a container. */
        TransactionSource NONE = Optional::empty;

        /** Returns the transaction of the calling thread, active or marked for rollback; empty if there is none. */
        Optional<ContainerTransaction> current();
    }
}
