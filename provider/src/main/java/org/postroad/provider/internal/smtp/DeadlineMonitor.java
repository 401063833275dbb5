// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import com.google.errorprone.annotations.concurrent.GuardedBy;
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
 *
 * <pre>{@code
 *          add               all that are due fired
 *   IDLE --------> SCANNING ------------------------> SLEEPING <---+
 *    ^              |    ^                             |     |      | an earlier time-out is added:
 *    |  no entries  |    |   nextScan has been reached |     +------+ nextScan becomes earlier
 *    +--------------+    +-----------------------------+
 *
 *   close, in any state: the thread ends before its next scan, and add returns false.
 * }</pre>
 *
 * <p>{@code running} is true in SCANNING and SLEEPING. {@code scanning} means that the thread will find a new entry at {@code nextScan} or
 * earlier. So {@link #add} needs the lock only to start the thread or to make {@code nextScan} earlier.
 */
final class DeadlineMonitor {

    private static final long SCAN_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Set<Timeout> all = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition earlier = lock.newCondition();

    @GuardedBy("lock")
    private boolean running;

    @GuardedBy("lock")
    private boolean closed;

    private volatile long nextScan; // a System.nanoTime() value; written only under the lock
    private volatile boolean scanning;

    /** An action with a due time. It must be quick and must not block. */
    abstract static class Timeout implements Runnable {

        private final long at;

        Timeout(Duration delay) {
            at = System.nanoTime() + delay.toNanos();
        }

        private boolean isDue(long now) {
            return at - now <= 0;
        }
    }

    /**
     * Adds an entry.
     *
     * @return whether it was added; false after {@link #close}
     */
    boolean add(Timeout timeout) {
        all.add(timeout);
        // An ending thread clears scanning before it checks all; this method adds before it reads scanning. So either
        // the flag is already cleared here, or the thread finds the new entry.
        if (scanning && nextScan - timeout.at <= 0) {
            return true;
        }
        lock.lock();
        try {
            if (closed) {
                all.remove(timeout);
                return false;
            }
            if (!running) {
                running = true;
                startThread();
            } else if (timeout.at - nextScan < 0) {
                nextScan = timeout.at;
                earlier.signal();
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    void remove(Timeout timeout) {
        all.remove(timeout);
    }

    /** Returns the entries, in no particular order. */
    Set<Timeout> all() {
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
            scanning = false;
            earlier.signal();
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private void startThread() {
        nextScan = System.nanoTime();
        scanning = true;
        Thread thread = new Thread(null, this::fireTimeouts, "postroad-watchdog", 0, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(DeadlineMonitor.class.getClassLoader()); // not that of an application
        thread.start();
    }

    private void fireTimeouts() {
        while (scheduleNextScan()) {
            long now = System.nanoTime();
            for (Iterator<Timeout> timeouts = all.iterator(); timeouts.hasNext(); ) {
                Timeout timeout = timeouts.next();
                if (timeout.isDue(now)) {
                    timeouts.remove();
                    timeout.run();
                }
            }
            sleep();
        }
    }

    /** Sets the time of the next scan before this scan starts, so that {@link #add} wakes the thread for an entry that is due earlier. */
    private boolean scheduleNextScan() {
        lock.lock();
        try {
            scanning = false;
            if (closed || all.isEmpty()) {
                running = false;
                return false;
            }
            nextScan = System.nanoTime() + SCAN_INTERVAL_NANOS;
            scanning = true;
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void sleep() {
        lock.lock();
        try {
            for (Timeout timeout : all) {
                if (timeout.at - nextScan < 0) {
                    nextScan = timeout.at;
                }
            }
            long left = nextScan - System.nanoTime();
            while (left > 0 && !closed) {
                earlier.awaitNanos(left);
                left = nextScan - System.nanoTime();
            }
        } catch (InterruptedException tooEarly) {
            // No code has a reason to interrupt this thread, and an early scan does no harm.
        } finally {
            lock.unlock();
        }
    }
}
