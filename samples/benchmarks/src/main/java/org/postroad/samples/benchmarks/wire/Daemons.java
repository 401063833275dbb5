// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.wire;

/** Starts threads that do not keep the JVM alive. */
final class Daemons {

    private Daemons() {}

    static void start(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }
}
