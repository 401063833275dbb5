// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** Does something at the first use of an object and undoes it at its end. Thread-safe. */
final class FirstUse {

    private final ReentrantLock lock = new ReentrantLock();
    private final Supplier<Runnable> begin;
    private volatile boolean done;

    @GuardedBy("lock")
    private Optional<Runnable> undo = Optional.empty();

    /** @param begin returns what undoes it */
    FirstUse(Supplier<Runnable> begin) {
        this.begin = begin;
    }

    /** Called at each use. Costs one volatile read after the first one. */
    void used() {
        if (done) {
            return;
        }
        lock.lock();
        try {
            if (!done) {
                done = true;
                undo = Optional.of(begin.get());
            }
        } finally {
            lock.unlock();
        }
    }

    /** Undoes it, and does it no more. Idempotent. */
    void end() {
        Optional<Runnable> last;
        lock.lock();
        try {
            done = true;
            last = undo;
            undo = Optional.empty();
        } finally {
            lock.unlock();
        }
        last.ifPresent(Runnable::run);
    }
}
