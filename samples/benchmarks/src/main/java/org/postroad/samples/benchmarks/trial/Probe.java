// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.trial;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.postroad.samples.benchmarks.client.Client;
import org.postroad.samples.benchmarks.measure.Series;
import org.postroad.samples.benchmarks.wire.Arrivals;

/** Sends messages through a queue one by one, each when the previous one has arrived. */
final class Probe {

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final double NANOS_PER_MILLI = 1e6;

    private final Client client;
    private final Arrivals arrivals;
    private final List<Double> begun = new ArrayList<>();
    private final List<Double> accepted = new ArrayList<>();

    Probe(Client client, Arrivals arrivals) {
        this.client = client;
        this.arrivals = arrivals;
    }

    void send(int messages) throws Exception {
        for (int i = 0; i < messages; i++) {
            long before = arrivals.count();
            long begin = System.nanoTime();
            client.send();
            arrivals.await(before + 1, PATIENCE);
            accepted.add((System.nanoTime() - begin) / NANOS_PER_MILLI);
            begun.add((arrivals.begunAt() - begin) / NANOS_PER_MILLI);
        }
    }

    /** Discards the measurements made so far. */
    void forget() {
        begun.clear();
        accepted.clear();
    }

    /** Returns the milliseconds from the call of {@code Transport.send} to the first octets at the sink. */
    Series begun() {
        return new Series(begun);
    }

    /** Returns the milliseconds from the call of {@code Transport.send} until the sink has accepted the message. */
    Series accepted() {
        return new Series(accepted);
    }
}
