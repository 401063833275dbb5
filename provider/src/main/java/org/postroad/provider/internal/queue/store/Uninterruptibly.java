// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue.store;

/** Runs work to its end in spite of interrupts, such as recording the result of a delivery or the end of a visit. */
public final class Uninterruptibly {

    private Uninterruptibly() {}

    /** The work; run again if it was interrupted. */
    @FunctionalInterface
    public interface UninterruptibleWork<T, E extends Exception> {
        T get() throws E, InterruptedException;
    }

    /**
     * Runs the work until it succeeds, or fails for another reason than an interrupt. Restores the interrupt status afterwards if there was
     * an interrupt before or meanwhile.
     */
    public static <T, E extends Exception> T get(UninterruptibleWork<T, E> work) throws E {
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    return work.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (Exception e) {
                    // Connection pools throw exceptions of their own, and set the interrupt status.
                    if (!Thread.interrupted()) {
                        throw e;
                    }
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
