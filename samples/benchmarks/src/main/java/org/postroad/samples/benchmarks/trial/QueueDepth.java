// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.trial;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.postroad.samples.benchmarks.measure.Series;
import org.postroad.samples.benchmarks.report.Numbers;

/** Tests whether a full queue is as fast as one with few messages, without more memory: a separate JVM completes or fails. */
final class QueueDepth {

    private static final String HEAP = "-Xmx256m";
    private static final int SHALLOW = 1000;

    /** The measured rounds of the shallow queue; the warm-up rounds before them are for the JIT compiler. */
    private static final int ROUNDS = 5;

    private static final int WARM_UPS = 5;
    private static final long PATIENCE_MINUTES = 30;

    private QueueDepth() {}

    /** Messages per second. */
    private record Rates(double in, double out) {}

    static QueueFigures measure(Path directory, Budget budget) throws Exception {
        List<Integer> depths = new ArrayList<>(Collections.nCopies(WARM_UPS + ROUNDS, SHALLOW));
        depths.add(budget.depth());
        List<Rates> rates = run(directory.resolve("full.db"), depths);
        List<Rates> shallow = rates.subList(WARM_UPS, WARM_UPS + ROUNDS);
        Series in = new Series(shallow.stream().map(Rates::in).toList());
        Series out = new Series(shallow.stream().map(Rates::out).toList());
        Rates deep = rates.get(rates.size() - 1);
        String beside = SHALLOW + " messages: ";
        return new QueueFigures(
                List.of(
                        List.of(
                                "in, " + budget.depth() + " messages, " + HEAP + ", in a second",
                                Numbers.text(deep.in()),
                                beside + Numbers.text(in)),
                        List.of("out", Numbers.text(deep.out()), beside + Numbers.text(out))),
                List.of(
                        Targets.fullQueueIn(budget.depth(), deep.in() / in.median()),
                        Targets.fullQueueOut(budget.depth(), deep.out() / out.median())));
    }

    private static List<Rates> run(Path file, List<Integer> depths) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                HEAP,
                "-cp",
                System.getProperty("java.class.path"),
                FullQueue.class.getName(),
                file.toString()));
        depths.forEach(depth -> command.add(String.valueOf(depth)));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            boolean ended = process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES);
            if (!ended || process.exitValue() != 0) {
                throw new IOException("The full queue failed: " + said);
            }
            return said.lines().map(QueueDepth::rates).toList();
        } finally {
            process.destroyForcibly();
        }
    }

    private static Rates rates(String line) {
        String[] numbers = line.split(" ");
        return new Rates(Double.parseDouble(numbers[0]), Double.parseDouble(numbers[1]));
    }
}
