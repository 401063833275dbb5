// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.Collections;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.postroad.provider.internal.queue.QueueManager;

/**
 * A queue that is open, being opened or being closed, and its users. It belongs to the application that opened it. Thread-safe; the lock is
 * that of the registry.
 */
final class OpenQueue {

    private final FutureTask<RunningQueue> opening;
    private final OpeningSettings settings;
    private final ClassLoader application = Threads.applicationLoader();
    private final ReentrantLock lock;

    /** Counted down when the queue has been closed. */
    private final CountDownLatch closed = new CountDownLatch(1);

    /** The thread that is opening the queue now. */
    private volatile @Nullable Thread openedBy;

    @GuardedBy("lock")
    private final Set<ClassLoader> guests = Collections.newSetFromMap(new WeakHashMap<>());

    @GuardedBy("lock")
    private int users;

    @GuardedBy("lock")
    private boolean kept;

    @GuardedBy("lock")
    private boolean logged;

    @GuardedBy("lock")
    private boolean closing;

    /** Creates an entry for the calling application. The queue is not opened yet. */
    OpenQueue(Callable<RunningQueue> opener, Properties properties, ReentrantLock lock) {
        this.opening = new FutureTask<>(() -> {
            openedBy = Thread.currentThread();
            try {
                return opener.call();
            } finally {
                openedBy = null;
            }
        });
        this.settings = new OpeningSettings(properties);
        this.lock = lock;
    }

    /**
     * A queue that was opened.
     *
     * @param ending runs just before the queue is closed
     */
    record RunningQueue(QueueManager manager, PluginDiscovery plugins, Runnable ending, Optional<ShutdownHook> hook) {}

    /** What remains to be done after a user has left. */
    enum AfterRelease {
        NOTHING,
        /** The caller closes the queue. */
        CLOSE,
        /** Another thread closes the queue. */
        AWAIT_CLOSED
    }

    /** Returns the task that opens the queue. Running it again has no effect. */
    FutureTask<RunningQueue> opening() {
        return opening;
    }

    /** Returns the settings that the queue works with. */
    OpeningSettings settings() {
        return settings;
    }

    /** Returns the class loader of the application that opened the queue. */
    ClassLoader application() {
        return application;
    }

    /** Returns whether the calling thread is opening the queue. */
    boolean isBeingOpenedHere() {
        return openedBy == Thread.currentThread();
    }

    /** Adds a user, or keeps the queue open if a send opened it. Returns false if it is being closed. */
    boolean enter(boolean forSending) {
        lock.lock();
        try {
            if (!closing && !forSending) {
                users++;
            } else if (!closing) {
                kept |= users == 0;
            }
            return !closing;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Removes a user.
     *
     * @param registered whether later users get this entry; if not, there is nothing to close
     */
    AfterRelease leave(boolean registered) {
        lock.lock();
        try {
            users--;
            if (closing) {
                return AfterRelease.AWAIT_CLOSED;
            }
            closing = users == 0 && !kept && registered;
            return closing ? AfterRelease.CLOSE : AfterRelease.NOTHING;
        } finally {
            lock.unlock();
        }
    }

    /** Marks the queue as being closed. Returns false if it already was. */
    boolean beginClosing() {
        lock.lock();
        try {
            boolean first = !closing;
            closing = true;
            return first;
        } finally {
            lock.unlock();
        }
    }

    /** Returns whether the application has been found to have the same plug-ins. */
    boolean isGuest(ClassLoader other) {
        lock.lock();
        try {
            return guests.contains(other);
        } finally {
            lock.unlock();
        }
    }

    void addGuest(ClassLoader other) {
        lock.lock();
        try {
            guests.add(other);
        } finally {
            lock.unlock();
        }
    }

    /** Returns true once if a send opened the queue. */
    boolean mustLogBacklog() {
        lock.lock();
        try {
            boolean first = kept && !logged;
            logged |= kept;
            return first;
        } finally {
            lock.unlock();
        }
    }

    void markClosed() {
        closed.countDown();
    }

    void awaitClosed() throws InterruptedException {
        closed.await();
    }
}
