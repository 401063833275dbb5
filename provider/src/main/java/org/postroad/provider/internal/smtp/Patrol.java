// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import java.time.Duration;
import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Runs what is due, and mostly is not needed: nearly every wait for a peer ends long before its limit. So to add and to remove is cheap and
 * wakes nobody, as long as the thread will look in time.
 *
 * <p>Thread-safe. The thread, a daemon, looks when something is due, and once a second; it ends when there is nothing to look after.
 */
final class Patrol {

    private static final long ROUND_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Set<Due> all = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition sooner = lock.newCondition();
    private boolean patrolling; // under the lock
    private boolean closed; // under the lock
    private volatile long nextLook; // in nanoTime; written under the lock
    private volatile boolean looksAtAll;

    /** Something that is to be done at a moment, quickly and without waiting for anybody. */
    abstract static class Due implements Runnable {

        private final long at;

        Due(Duration delay) {
            at = System.nanoTime() + delay.toNanos();
        }

        private boolean isBy(long now) {
            return at - now <= 0;
        }
    }

    /** Whether it was taken on; not after the close. */
    boolean add(Due due) {
        all.add(due);
        // Whoever ends the patrol says so first and looks once more then: one of us sees the other.
        if (looksAtAll && nextLook - due.at <= 0) {
            return true;
        }
        lock.lock();
        try {
            if (closed) {
                all.remove(due);
                return false;
            }
            if (!patrolling) {
                patrolling = true;
                begin();
            } else if (due.at - nextLook < 0) {
                nextLook = due.at;
                sooner.signal();
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    void remove(Due due) {
        all.remove(due);
    }

    /** What is there, in no order. */
    Set<Due> all() {
        return all;
    }

    boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /** Nothing is taken on any more. What is there is left to the caller. */
    void close() {
        lock.lock();
        try {
            closed = true;
            looksAtAll = false;
            sooner.signal();
        } finally {
            lock.unlock();
        }
    }

    private void begin() {
        nextLook = System.nanoTime();
        looksAtAll = true;
        Thread thread = new Thread(null, this::patrol, "postroad-watchdog", 0, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(null);
        thread.start();
    }

    private void patrol() {
        while (mayGoOn()) {
            long now = System.nanoTime();
            for (Iterator<Due> dues = all.iterator(); dues.hasNext(); ) {
                Due due = dues.next();
                if (due.isBy(now)) {
                    dues.remove();
                    due.run();
                }
            }
            sleep();
        }
    }

    /** Sets the next look before this one begins: whoever comes meanwhile and is due before it says so. */
    private boolean mayGoOn() {
        lock.lock();
        try {
            looksAtAll = false;
            if (closed || all.isEmpty()) {
                patrolling = false;
                return false;
            }
            nextLook = System.nanoTime() + ROUND_NANOS;
            looksAtAll = true;
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void sleep() {
        lock.lock();
        try {
            for (Due due : all) {
                if (due.at - nextLook < 0) {
                    nextLook = due.at;
                }
            }
            long left = nextLook - System.nanoTime();
            while (left > 0 && !closed) {
                sooner.awaitNanos(left);
                left = nextLook - System.nanoTime();
            }
        } catch (InterruptedException tooEarly) {
            // Nobody has a reason to interrupt this thread; a look too early does no harm.
        } finally {
            lock.unlock();
        }
    }
}
