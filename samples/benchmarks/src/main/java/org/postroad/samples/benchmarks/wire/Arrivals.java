// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.wire;

import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Waits for the arrival of messages at a sink. Thread-safe. */
public final class Arrivals implements Inbox {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private long accepted; // guarded by the lock
    private boolean underWay; // guarded by the lock
    private long begunAt; // guarded by the lock

    @Override
    public void octets(byte[] buffer, int offset, int length) {
        lock.lock();
        try {
            if (!underWay) {
                underWay = true;
                begunAt = System.nanoTime();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void accepted() {
        lock.lock();
        try {
            underWay = false;
            accepted++;
            arrived.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Returns the number of messages that have arrived. */
    public long count() {
        lock.lock();
        try {
            return accepted;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Returns the {@link System#nanoTime} at which the first octets of the last message arrived. Only meaningful if messages
     * arrive one by one.
     */
    public long begunAt() {
        lock.lock();
        try {
            return begunAt;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until this total number of messages has arrived.
     *
     * @throws TimeoutException if they do not arrive in time
     */
    public void await(long count, Duration patience) throws InterruptedException, TimeoutException {
        long nanos = patience.toNanos();
        lock.lock();
        try {
            while (accepted < count) {
                if (nanos <= 0) {
                    throw new TimeoutException(accepted + " of " + count + " messages arrived in " + patience);
                }
                nanos = arrived.awaitNanos(nanos);
            }
        } finally {
            lock.unlock();
        }
    }
}
