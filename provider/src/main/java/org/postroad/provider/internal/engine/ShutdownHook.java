// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.engine;

/**
 * Runs something when the JVM ends, as after SIGTERM; unless it is removed before. The JVM waits for its end. Thread-safe.
 */
final class ShutdownHook {

    private final Thread thread;
    private final boolean installed;

    /** Where the JVM is ending already, it is not installed. */
    ShutdownHook(Runnable work) {
        this.thread = new Thread(work, "postroad-queue-shutdown");
        boolean done = false;
        try {
            Runtime.getRuntime().addShutdownHook(thread);
            done = true;
        } catch (IllegalStateException ending) {
            System.getLogger(ShutdownHook.class.getName())
                    .log(System.Logger.Level.DEBUG, "The JVM is ending: no hook for it", ending);
        }
        this.installed = done;
    }

    /** Whether it will run, or runs; false: the JVM was ending already. */
    boolean isInstalled() {
        return installed;
    }

    /** From here on it does not run, and nothing of it is kept. Returns whether it was installed still. Idempotent. */
    boolean remove() {
        try {
            return Runtime.getRuntime().removeShutdownHook(thread);
        } catch (IllegalStateException ending) {
            return false; // it runs, and does no harm
        }
    }
}
