// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;

/** Threads that set out at the same moment. */
final class Crowd {

    private Crowd() {}

    /** What each thread does. */
    @FunctionalInterface
    interface Task {
        /** @param number of the thread, from 0 */
        void run(int number) throws Exception;
    }

    /** Runs the task in so many threads at once, waits for all of them, and throws what the first failed with. */
    static void atOnce(int size, Task task) throws Exception {
        CyclicBarrier start = new CyclicBarrier(size);
        List<FutureTask<Void>> running = IntStream.range(0, size)
                .mapToObj(number -> begin("postroad-tck-crowd-" + number, () -> {
                    start.await();
                    task.run(number);
                }))
                .toList();
        for (FutureTask<Void> one : running) {
            end(one);
        }
    }

    /** Runs something in a thread of its own. */
    static FutureTask<Void> begin(String name, Step step) {
        FutureTask<Void> task = new FutureTask<>(() -> {
            step.run();
            return null;
        });
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
        return task;
    }

    /** Waits for it, and throws what it failed with. */
    static void end(FutureTask<Void> task) throws Exception {
        try {
            task.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw e.getCause() instanceof Exception exception ? exception : e;
        }
    }

    /** Something that may fail. */
    @FunctionalInterface
    interface Step {
        void run() throws Exception;
    }
}
