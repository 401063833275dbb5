// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.measure;

import java.time.Duration;
import org.postroad.samples.benchmarks.wire.Arrivals;

/**
 * The throughput from submission to arrival: a clientThreads submits messages, a queue or server stores and forwards them, and a sink
 * receives them. A round ends when all messages have arrived; the time per message is the time of the round divided by the
 * messages of all threads.
 *
 * @param clientThreads submits the messages
 * @param size the number of its threads
 * @param arrivals the arrivals at the sink
 */
public record Throughput(ClientThreads clientThreads, int size, Arrivals arrivals) implements TimedAction {

    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final double NANOS_PER_MILLI = 1e6;

    @Override
    public double round(int messages) throws Exception {
        int all = messages * size;
        long before = arrivals.count();
        long begin = System.nanoTime();
        clientThreads.round(messages);
        arrivals.await(before + all, PATIENCE);
        return (System.nanoTime() - begin) / NANOS_PER_MILLI / all;
    }
}
