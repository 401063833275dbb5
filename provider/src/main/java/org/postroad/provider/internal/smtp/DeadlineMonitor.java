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
 * Fires time-outs. Almost all are cancelled first, so adding and removing are cheap and do not wake the thread unless its next scan would
 * be too late.
 *
 * <p>Thread-safe. The daemon thread scans when an entry is due, and at least once a second. It ends when there are no entries.
 */
final class DeadlineMonitor {

    private static final long ROUND_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Set<Due> all = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition sooner = lock.newCondition();
    private boolean patrolling; // guarded by lock
    private boolean closed; // guarded by lock
    private volatile long nextLook; // a System.nanoTime() value; written under lock
    private volatile boolean looksAtAll;

    /** An action with a due time. It must be quick and must not block. */
    abstract static class Due implements Runnable {

        private final long at;

        Due(Duration delay) {
            at = System.nanoTime() + delay.toNanos();
        }

        private boolean isBy(long now) {
            return at - now <= 0;
        }
    }

    /**
     * Adds an entry.
     *
     * @return whether it was added; false after {@link #close}
     */
    boolean add(Due due) {
        all.add(due);
        // An ending thread clears looksAtAll before it checks all; this method adds before it reads looksAtAll. So
        // either the flag is already cleared here, or the thread finds the new entry.
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

    /** Returns the entries, in no particular order. */
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

    /** Stops accepting entries. The present ones are left to the caller. */
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

    /** Sets the time of the next scan before this scan starts, so that {@link #add} wakes the thread for an entry that is due earlier. */
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
            // No code has a reason to interrupt this thread, and an early scan does no harm.
        } finally {
            lock.unlock();
        }
    }
}
