// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.engine;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.postroad.api.Deadline;
import org.postroad.api.DomainReport;

/**
 * The delivery to one domain as a task of an executor. Whatever becomes of it, it has a report: its own, or, where it never began, the
 * one that says so. Thread-safe.
 */
final class Delivery implements Runnable {

    private final Supplier<DomainReport> work;
    private final Supplier<DomainReport> ifNeverBegun;
    private final AtomicBoolean claimed = new AtomicBoolean();
    private final CompletableFuture<DomainReport> report = new CompletableFuture<>();
    private final FutureTask<?> task = new FutureTask<>(this::work, null);

    Delivery(Supplier<DomainReport> work, Supplier<DomainReport> ifNeverBegun) {
        this.work = work;
        this.ifNeverBegun = ifNeverBegun;
    }

    /** Has the executor run it; where that refuses, it never begins. */
    void begin(Executor executor) {
        try {
            executor.execute(this);
        } catch (RejectedExecutionException closed) {
            giveUpUnlessBegun();
        }
    }

    @Override
    public void run() {
        task.run();
    }

    private void work() {
        if (claimed.compareAndSet(false, true)) {
            try {
                report.complete(work.get());
            } finally {
                if (!report.isDone()) { // the work threw
                    report.complete(ifNeverBegun.get());
                }
            }
        }
    }

    /** Where it has not begun, it never does. */
    void giveUpUnlessBegun() {
        if (claimed.compareAndSet(false, true)) {
            report.complete(ifNeverBegun.get());
        }
    }

    /** Where it is under way, it ends soon. */
    void interrupt() {
        task.cancel(true);
    }

    /** Waits until it is over. It keeps to the deadline itself; what has not begun by then never does. */
    void await(Deadline deadline) throws InterruptedException {
        try {
            report.get(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            giveUpUnlessBegun();
        } catch (ExecutionException e) {
            throw new IllegalStateException("A report has no exceptional end", e);
        }
    }

    /** How it ended; waits for that, even if interrupted. */
    DomainReport report() {
        return report.join();
    }
}
