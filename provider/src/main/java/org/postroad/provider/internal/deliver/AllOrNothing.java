// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.deliver;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.postroad.api.Deadline;

/**
 * All-or-nothing delivery across domains ({@code mail.mx.sendpartial=false}): no domain sends the message until each of them has found a
 * server that accepts all its recipients. One domain without such a server stops all of them. A failure after the agreement, such as a
 * message rejected after its data, cannot be undone.
 *
 * <p>Thread-safe. Each domain needs its own thread, because the domains wait for one another.
 */
public final class AllOrNothing {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    @GuardedBy("lock")
    private int missing;

    @GuardedBy("lock")
    private boolean refused;

    private AllOrNothing(int domains) {
        this.missing = domains;
    }

    /** Returns an agreement that is already reached: every domain is delivered independently. */
    public static AllOrNothing notNeeded() {
        return new AllOrNothing(0);
    }

    /** Returns an agreement among this many domains. */
    public static AllOrNothing of(int domains) {
        return new AllOrNothing(domains);
    }

    /** Returns whether all domains have agreed. Final once true. */
    boolean isReached() {
        lock.lock();
        try {
            return missing == 0 && !refused;
        } finally {
            lock.unlock();
        }
    }

    /** Returns whether a domain has refused. Final once true. */
    boolean isRefused() {
        lock.lock();
        try {
            return refused;
        } finally {
            lock.unlock();
        }
    }

    /** Refuses for this domain. Has no effect once the agreement is reached. */
    void refuse() {
        lock.lock();
        try {
            refused |= missing > 0;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Marks this domain as ready and waits for the others.
     *
     * @return whether all domains agreed; a wait that exceeds the deadline or is interrupted counts as a refusal
     */
    boolean await(Deadline deadline) {
        lock.lock();
        try {
            missing = Math.max(0, missing - 1);
            changed.signalAll();
            while (missing > 0 && !refused) {
                if (deadline.hasPassed()) {
                    refuse();
                } else {
                    changed.await(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
                }
            }
            return !refused;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            refuse();
            return !refused;
        } finally {
            lock.unlock();
        }
    }
}
