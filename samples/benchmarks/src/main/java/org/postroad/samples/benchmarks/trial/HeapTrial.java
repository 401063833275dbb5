// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.trial;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.postroad.samples.benchmarks.client.Contender;
import org.postroad.samples.benchmarks.client.Destination;
import org.postroad.samples.benchmarks.report.Findings;
import org.postroad.samples.benchmarks.report.Table;
import org.postroad.samples.benchmarks.wire.Offers;
import org.postroad.samples.benchmarks.wire.Tally;

/** Tests whether big messages can be sent with a small heap: a separate JVM sends them or fails. */
public final class HeapTrial implements Trial {

    private static final String HEAP = "-Xmx64m";
    private static final long PATIENCE_SECONDS = 120;

    private static final String REMARK = "A JVM with `" + HEAP + "`, " + SmallHeap.THREADS
            + " threads, a message of 10 MB each, all concurrently; the server is in another JVM.";

    @Override
    public Findings run(Budget budget) throws Exception {
        List<List<String>> rows = new ArrayList<>();
        String mx = outcome(Contender.MX);
        rows.add(List.of(Contender.MX.toString(), mx));
        rows.add(List.of(Contender.ANGUS.toString(), outcome(Contender.ANGUS)));
        return new Findings(
                "20 concurrent messages of 10 MB, 64 MB of heap",
                REMARK,
                new Table(List.of("Client", "Outcome"), rows),
                List.of(Targets.heap(mx, mx.equals(SmallHeap.RUNS))));
    }

    private static String outcome(Contender contender) throws IOException, InterruptedException {
        try (Destination destination = Destination.near(Offers.PIPELINING_AND_CHUNKING)) {
            Process process = new ProcessBuilder(command(contender, destination.route()))
                    .redirectErrorStream(true)
                    .start();
            try {
                String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
                Tally tally = destination.tally();
                return ended && process.exitValue() == 0 && tally.messages() == SmallHeap.THREADS
                        ? SmallHeap.RUNS
                        : "fails after " + tally.messages() + " messages: "
                                + said.lines().findFirst().orElse("without output");
            } finally {
                process.destroyForcibly();
            }
        }
    }

    private static List<String> command(Contender contender, Destination.Route route) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                HEAP,
                "-cp",
                System.getProperty("java.class.path"),
                SmallHeap.class.getName(),
                contender.name(),
                String.valueOf(route.server()),
                String.valueOf(route.dns()));
    }
}
