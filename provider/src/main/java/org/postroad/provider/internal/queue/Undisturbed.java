// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

/** Does what has to be done also where somebody wants the thread to end: writes what became of a delivery, and that a visit is over. */
final class Undisturbed {

    private Undisturbed() {}

    /** What is done; again, where it was disturbed. */
    @FunctionalInterface
    interface Work<T, E extends Exception> {
        T get() throws E, InterruptedException;
    }

    /**
     * Until it is done, or fails for another reason than an interrupt; an interrupt, from before or meanwhile, is there again
     * afterwards.
     */
    static <T, E extends Exception> T get(Work<T, E> work) throws E {
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    return work.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (Exception e) {
                    // A pool of connections has a word of its own for it, and leaves the thread interrupted.
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
