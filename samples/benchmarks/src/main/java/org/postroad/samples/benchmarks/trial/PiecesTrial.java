// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.trial;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import org.postroad.provider.internal.message.CanonicalLinesBenchmark;
import org.postroad.provider.internal.route.MxRoutingBenchmark;
import org.postroad.provider.internal.smtp.DotStuffingBenchmark;
import org.postroad.provider.internal.smtp.ReplyParserBenchmark;
import org.postroad.samples.benchmarks.report.Findings;
import org.postroad.samples.benchmarks.report.Numbers;
import org.postroad.samples.benchmarks.report.Table;

/** Measures the parts that process every octet, every reply and every routing step, each separately, with JMH. */
public final class PiecesTrial implements Trial {

    private static final String REMARK =
            "JMH, average time in a separate JVM. Each benchmark is in the package of the code that it measures, because that"
                    + " code is not public.";

    /** A benchmark, and what one of its operations is. */
    private record Piece(String name, Class<?> benchmark, String operation) {}

    private static final List<Piece> PIECES = List.of(
            new Piece("reply parser", ReplyParserBenchmark.class, "reply"),
            new Piece("canonical lines", CanonicalLinesBenchmark.class, "octet"),
            new Piece("dot-stuffing", DotStuffingBenchmark.class, "octet"),
            new Piece("routing: what comes next", MxRoutingBenchmark.class, "step"));

    @Override
    public Findings run(Budget budget) throws Exception {
        List<List<String>> rows = new ArrayList<>();
        for (Piece piece : PIECES) {
            Result<?> result = measure(piece, budget);
            rows.add(List.of(
                    piece.name(),
                    Numbers.text(result.getScore()) + " ns for each " + piece.operation(),
                    Numbers.text(1e9 / result.getScore()),
                    Double.isNaN(result.getScoreError()) ? "unknown" : Numbers.text(result.getScoreError()) + " ns"));
        }
        return new Findings(
                "The pieces",
                REMARK,
                new Table(List.of("Piece", "Time", "In a second", "Error (99.9 %)"), rows),
                List.of());
    }

    private static Result<?> measure(Piece piece, Budget budget) throws Exception {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include(piece.benchmark().getName())
                .mode(Mode.AverageTime)
                .timeUnit(TimeUnit.NANOSECONDS)
                .forks(1)
                .warmupIterations(budget.seconds())
                .warmupTime(TimeValue.seconds(1))
                .measurementIterations(budget.seconds())
                .measurementTime(TimeValue.seconds(1))
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT);
        Collection<RunResult> results = new Runner(options.build()).run();
        return results.iterator().next().getPrimaryResult();
    }
}
