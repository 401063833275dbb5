// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.trial;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.postroad.provider.Postroad;
import org.postroad.provider.internal.queue.IdleQueue;
import org.postroad.samples.benchmarks.client.Destination;
import org.postroad.samples.benchmarks.client.QueueClient;
import org.postroad.samples.benchmarks.measure.Series;
import org.postroad.samples.benchmarks.report.Numbers;
import org.postroad.samples.benchmarks.wire.Arrivals;
import org.postroad.samples.benchmarks.wire.Offers;
import org.postroad.samples.benchmarks.wire.Sink;

/** Measures how quickly the queue starts a delivery, and how little it does when idle. */
final class QueueLatency {

    private static final int WARM_UP = 500;
    private static final int MESSAGES = 1000;

    private QueueLatency() {}

    static QueueFigures measure(Path directory, Budget budget) throws Exception {
        return QueueFigures.all(
                List.of(start(directory.resolve("start.db")), idle(directory.resolve("idle.db"), budget)));
    }

    private static QueueFigures start(Path file) throws Exception {
        Arrivals arrivals = new Arrivals();
        try (Sink sink = Sink.start(Offers.PIPELINING_AND_CHUNKING, arrivals)) {
            int port = sink.address().getPort();
            Probe probe = new Probe(
                    new QueueClient(QueueClient.properties(file, Map.of(Destination.DOMAIN, port)), Destination.DOMAIN),
                    arrivals);
            probe.send(WARM_UP);
            probe.forget();
            probe.send(MESSAGES);
            Series begun = probe.begun();
            return new QueueFigures(
                    List.of(List.of(
                            "ms from the call of `Transport.send` to the first octet of the message at the server",
                            Numbers.text(begun.median()) + ", 99 %: " + Numbers.text(begun.quantile(0.99)),
                            "")),
                    List.of(Targets.startOfDelivery(begun)));
        } finally {
            Postroad.close();
        }
    }

    private static QueueFigures idle(Path file, Budget budget) throws Exception {
        IdleQueue.Counts counts = IdleQueue.watch(file, budget.idle());
        double minutes = budget.idle().toMillis() / 60_000.0;
        return new QueueFigures(
                List.of(List.of(
                        "idle, in a minute: sweeps, connections of the scheduler, writes",
                        Numbers.text(counts.reads() / minutes) + ", "
                                + Numbers.text(counts.scheduler() / minutes) + ", "
                                + Numbers.text(counts.writes() / minutes),
                        "")),
                List.of(Targets.idle(counts.reads() / minutes)));
    }
}
