// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;

/** Runs tasks on several threads that start at the same moment. */
final class ConcurrentTasks {

    private ConcurrentTasks() {}

    /** The work of each thread. */
    @FunctionalInterface
    interface Task {
        /** @param number the number of the thread, from 0 */
        void run(int number) throws Exception;
    }

    /** Runs the task concurrently on this number of threads, waits for all of them, and throws the first failure. */
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

    /** Starts the step on a thread of its own. */
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

    /** Waits for the task, and throws its failure. */
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

    /** A piece of work that may fail. */
    @FunctionalInterface
    interface Step {
        void run() throws Exception;
    }
}
