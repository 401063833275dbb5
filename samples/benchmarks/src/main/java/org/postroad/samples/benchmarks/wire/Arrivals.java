// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.wire;

import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Lets others wait until messages have arrived at a sink. Thread-safe. */
public final class Arrivals implements Inbox {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private long accepted; // under the lock
    private boolean underWay; // and this
    private long begunAt; // and this

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

    /** How many have arrived. */
    public long count() {
        lock.lock();
        try {
            return accepted;
        } finally {
            lock.unlock();
        }
    }

    /** When the first octets of the last message were there, by {@link System#nanoTime}; where messages arrive one after another. */
    public long begunAt() {
        lock.lock();
        try {
            return begunAt;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until so many have arrived altogether.
     *
     * @throws TimeoutException if they have not by then
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
