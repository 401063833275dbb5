// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.trial;

import org.postroad.samples.benchmarks.client.Contender;
import org.postroad.samples.benchmarks.client.Destination;
import org.postroad.samples.benchmarks.client.Errand;
import org.postroad.samples.benchmarks.client.Letter;
import org.postroad.samples.benchmarks.client.Start;
import org.postroad.samples.benchmarks.measure.Crew;
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
        Errand errand = new Errand(route, Start.COLD, 1, Letter.BIG);
        try (Crew crew = new Crew(contender, errand, THREADS, () -> Tally.NOTHING)) {
            crew.round(1);
        }
    }
}
