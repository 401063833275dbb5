// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.trial;

import org.postroad.samples.benchmarks.client.ClientTask;
import org.postroad.samples.benchmarks.client.Contender;
import org.postroad.samples.benchmarks.client.Destination;
import org.postroad.samples.benchmarks.client.SampleMessage;
import org.postroad.samples.benchmarks.client.Start;
import org.postroad.samples.benchmarks.measure.ClientThreads;
import org.postroad.samples.benchmarks.wire.Tally;

/** Run by {@link HeapTrial} in a JVM with little memory. Arguments: contender, port of the server, port of the DNS server. */
public final class SmallHeap {

    static final int THREADS = 20;
    static final String RUNS = "runs";

    private SmallHeap() {}

    /** Sends, or fails with an OutOfMemoryError. */
    public static void main(String[] arguments) throws Exception {
        Contender contender = Contender.valueOf(arguments[0]);
        Destination.Route route = new Destination.Route(Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]));
        ClientTask task = new ClientTask(route, Start.COLD, 1, SampleMessage.BIG);
        try (ClientThreads clientThreads = new ClientThreads(contender, task, THREADS, () -> Tally.NOTHING)) {
            clientThreads.round(1);
        }
    }
}
