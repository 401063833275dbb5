// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.trial;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import org.postroad.provider.Postroad;
import org.postroad.samples.benchmarks.client.QueueClient;
import org.postroad.samples.benchmarks.measure.ClientThreads;
import org.postroad.samples.benchmarks.wire.Arrivals;
import org.postroad.samples.benchmarks.wire.Offers;
import org.postroad.samples.benchmarks.wire.Sink;
import org.postroad.samples.benchmarks.wire.Tally;

/**
 * Run by {@link QueueDepth} in a JVM with a small heap. Arguments: a file for the queue, and numbers of messages. For each
 * number it submits that many messages while their server does not accept mail, and then starts the server. Prints a line for
 * each number: messages per second, submitted and delivered.
 */
public final class FullQueue {

    private static final Duration PATIENCE = Duration.ofMinutes(20);
    private static final double NANOS_PER_SECOND = 1e9;

    private FullQueue() {}

    /** Runs it, or fails with an OutOfMemoryError. */
    public static void main(String[] arguments) throws Exception {
        Map<String, Depth> depths = new LinkedHashMap<>();
        Map<String, Integer> routes = new LinkedHashMap<>();
        for (int i = 1; i < arguments.length; i++) {
            Depth depth = Depth.of(Integer.parseInt(arguments[i]));
            String domain = "depth" + i + ".test";
            depths.put(domain, depth);
            routes.put(domain, depth.sink.address().getPort());
        }
        Properties properties = QueueClient.properties(Path.of(arguments[0]), routes);
        // Until the server is started; otherwise the wait for its greeting would end after 5 minutes.
        properties.setProperty("mail.mx.timeout", "1h");
        properties.setProperty("mail.mx.deadline", "1h");
        for (Map.Entry<String, Depth> depth : depths.entrySet()) {
            System.out.println(depth.getValue().fillAndEmpty(properties, depth.getKey()));
        }
        Postroad.close();
    }

    private record Depth(int messages, Arrivals arrivals, Sink sink) {

        static Depth of(int messages) throws Exception {
            Arrivals arrivals = new Arrivals();
            return new Depth(messages, arrivals, Sink.asleep(Offers.PIPELINING_AND_CHUNKING, arrivals));
        }

        String fillAndEmpty(Properties properties, String domain) throws Exception {
            long begin = System.nanoTime();
            try (ClientThreads clientThreads =
                    new ClientThreads(QueueRates.queue(properties, domain), () -> Tally.NOTHING)) {
                clientThreads.round(messages / QueueRates.THREADS);
            }
            double in = rate(begin);
            long waking = System.nanoTime();
            sink.wake();
            arrivals.await(messages, PATIENCE);
            return in + " " + rate(waking);
        }

        private double rate(long since) {
            return messages * NANOS_PER_SECOND / (System.nanoTime() - since);
        }
    }
}
