// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.engine;

/**
 * Runs a task when the JVM shuts down, as after SIGTERM, unless it was removed before. The JVM waits for the task. Thread-safe.
 */
final class ShutdownHook {

    private final Thread thread;
    private final boolean installed;

    /** Installs the hook. It is not installed if the JVM is shutting down already. */
    ShutdownHook(Runnable work) {
        this.thread = new Thread(work, "postroad-queue-shutdown");
        boolean done = false;
        try {
            Runtime.getRuntime().addShutdownHook(thread);
            done = true;
        } catch (IllegalStateException shuttingDown) {
            System.getLogger(ShutdownHook.class.getName())
                    .log(
                            System.Logger.Level.DEBUG,
                            "The JVM is shutting down already: no hook is installed",
                            shuttingDown);
        }
        this.installed = done;
    }

    /** Returns whether the hook was installed; false if the JVM was shutting down already. */
    boolean isInstalled() {
        return installed;
    }

    /** Removes the hook. Returns whether it was still installed; false during shutdown. Idempotent. */
    boolean remove() {
        try {
            return Runtime.getRuntime().removeShutdownHook(thread);
        } catch (IllegalStateException shuttingDown) {
            return false; // it is running, which does no harm
        }
    }
}
