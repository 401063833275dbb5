// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.trial;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.postroad.provider.Postroad;
import org.postroad.samples.benchmarks.client.QueueClient;
import org.postroad.samples.benchmarks.measure.ClientThreads;
import org.postroad.samples.benchmarks.measure.Series;
import org.postroad.samples.benchmarks.report.Numbers;
import org.postroad.samples.benchmarks.wire.Arrivals;
import org.postroad.samples.benchmarks.wire.Offers;
import org.postroad.samples.benchmarks.wire.Programs;
import org.postroad.samples.benchmarks.wire.Sink;
import org.postroad.samples.benchmarks.wire.Tally;

/** Measures how much a destination that does not answer, and holds half of a full queue, delays mail to others. */
final class DeadDestination {

    private static final String LIVING = "living.test";
    private static final String DEAD = "dead.test";
    private static final int WARM_UP = 500;
    private static final int ROUND = 50;

    private DeadDestination() {}

    static QueueFigures measure(Path directory, Budget budget) throws Exception {
        int held = budget.depth() / 2;
        Arrivals arrivals = new Arrivals();
        try (Sink sink = Sink.start(Offers.PIPELINING_AND_CHUNKING, arrivals)) {
            Properties without = properties(directory.resolve("without.db"), sink);
            Properties with = properties(directory.resolve("with.db"), sink);
            try (ClientThreads clientThreads = new ClientThreads(QueueRates.queue(with, DEAD), () -> Tally.NOTHING)) {
                clientThreads.round(held / QueueRates.THREADS);
            }
            Probe ordinary = new Probe(new QueueClient(without, LIVING), arrivals);
            Probe beside = new Probe(new QueueClient(with, LIVING), arrivals);
            ordinary.send(WARM_UP);
            beside.send(WARM_UP);
            ordinary.forget();
            beside.forget();
            for (int round = 0; round < 2 * budget.queue().rounds(); round++) {
                ordinary.send(ROUND);
                beside.send(ROUND);
            }
            return new QueueFigures(
                    List.of(List.of(
                            "ms until accepted, beside " + held + " messages for a dead server",
                            text(beside.accepted()),
                            "without them: " + text(ordinary.accepted()))),
                    List.of(Targets.deadDestination(
                            held,
                            beside.accepted().median() / ordinary.accepted().median())));
        } finally {
            Postroad.close();
        }
    }

    /** Retries the dead destination every second, the shortest possible interval. */
    private static Properties properties(Path file, Sink sink) throws Exception {
        Properties properties =
                QueueClient.properties(file, Map.of(LIVING, sink.address().getPort(), DEAD, Programs.freePort()));
        properties.setProperty("mail.mx.queue.schedule", "1s");
        return properties;
    }

    private static String text(Series millis) {
        return Numbers.text(millis.median()) + ", 99 %: " + Numbers.text(millis.quantile(0.99));
    }
}
