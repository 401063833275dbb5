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
 * Delivery to one domain, as a task of an executor. It always ends with a report: that of the delivery, or a substitute if the delivery
 * never began or threw an exception. Thread-safe.
 */
final class DomainTask implements Runnable {

    private final Supplier<DomainReport> work;
    private final Supplier<DomainReport> ifNeverBegun;
    private final AtomicBoolean claimed = new AtomicBoolean();
    private final CompletableFuture<DomainReport> report = new CompletableFuture<>();
    private final FutureTask<?> task = new FutureTask<>(Threads.withCallersLoader(this::work), null);

    /** The work runs with the context class loader of the calling thread. */
    DomainTask(Supplier<DomainReport> work, Supplier<DomainReport> ifNeverBegun) {
        this.work = work;
        this.ifNeverBegun = ifNeverBegun;
    }

    /** Submits the delivery to the executor. If the executor rejects it, it never begins. */
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

    /** Cancels the delivery if it has not begun. */
    void giveUpUnlessBegun() {
        if (claimed.compareAndSet(false, true)) {
            report.complete(ifNeverBegun.get());
        }
    }

    /** Interrupts a running delivery, which then ends soon. */
    void interrupt() {
        task.cancel(true);
    }

    /**
     * Waits for the end of the delivery, up to the deadline. One that has not begun by then is cancelled; a running one observes the
     * deadline itself.
     */
    void await(Deadline deadline) throws InterruptedException {
        try {
            report.get(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            giveUpUnlessBegun();
        } catch (ExecutionException e) {
            throw new IllegalStateException("A report has no exceptional end", e);
        }
    }

    /** Returns the report. Waits for it, even if the thread is interrupted. */
    DomainReport report() {
        return report.join();
    }
}
