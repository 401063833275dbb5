// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import java.util.Optional;

/** A transaction of a container (JTA) that a thread is in. */
@FunctionalInterface
public interface ContainerTransaction {

    /** Does something soon after the commit, and nothing after a rollback. */
    void afterCommit(Runnable work);

    /** Knows the transactions of a container. Thread-safe. */
    @FunctionalInterface
    interface Source {

        /** Where there is no container. */
        Source NONE = Optional::empty;

        /** The one that the calling thread is in, and that is active; empty: it is in none. */
        Optional<ContainerTransaction> current();
    }
}
