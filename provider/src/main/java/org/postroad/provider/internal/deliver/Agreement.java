// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.deliver;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.postroad.api.Deadline;

/**
 * All or nothing across domains ({@code mail.mx.sendpartial=false}): no domain sends the message before each of them found a server
 * that takes all its recipients; one that does not stops them all. What happens after the agreement, such as a message refused at
 * its end by one of the servers, can no longer be helped.
 *
 * <p>Thread-safe. Each domain needs a thread of its own, for they wait for one another.
 */
public final class Agreement {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private int missing;
    private boolean refused;

    private Agreement(int domains) {
        this.missing = domains;
    }

    /** Each domain for itself. */
    public static Agreement notNeeded() {
        return new Agreement(0);
    }

    /** Of so many domains. */
    public static Agreement of(int domains) {
        return new Agreement(domains);
    }

    /** Whether everybody agreed, for good. */
    boolean isReached() {
        lock.lock();
        try {
            return missing == 0 && !refused;
        } finally {
            lock.unlock();
        }
    }

    /** Whether somebody refused, for good. */
    boolean isRefused() {
        lock.lock();
        try {
            return refused;
        } finally {
            lock.unlock();
        }
    }

    /** This domain cannot have its message. Means nothing once the agreement is reached. */
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
     * This domain is ready; waits for the others.
     *
     * @return whether all agreed; a wait that lasts beyond the deadline or is interrupted refuses
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
