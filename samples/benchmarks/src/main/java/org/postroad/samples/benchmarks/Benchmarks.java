// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.postroad.samples.benchmarks.report.Findings;
import org.postroad.samples.benchmarks.report.Page;
import org.postroad.samples.benchmarks.report.Plot;
import org.postroad.samples.benchmarks.trial.BlackholeTrial;
import org.postroad.samples.benchmarks.trial.Budget;
import org.postroad.samples.benchmarks.trial.ComparisonTrial;
import org.postroad.samples.benchmarks.trial.HeapTrial;
import org.postroad.samples.benchmarks.trial.LoopbackTrial;
import org.postroad.samples.benchmarks.trial.PiecesTrial;
import org.postroad.samples.benchmarks.trial.QueueTrial;
import org.postroad.samples.benchmarks.trial.RoundTripTrial;
import org.postroad.samples.benchmarks.trial.SmtpSinkTrial;
import org.postroad.samples.benchmarks.trial.Trial;

/**
 * Runs the trials and prints their results.
 *
 * <p>{@code FOLDER} measures carefully and updates {@code BENCHMARKS.md} and {@code benchmarks.svg} in that folder.
 * {@code FOLDER --quick} only checks that everything works and writes to {@code target} in the folder. With names of trials
 * after that, only those run, and the results go only to the console.
 */
public final class Benchmarks {

    private static final String QUICK = "--quick";

    private Benchmarks() {}

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        List<String> options = List.of(arguments).subList(1, arguments.length);
        boolean quick = options.contains(QUICK);
        List<String> names =
                options.stream().filter(option -> !option.equals(QUICK)).toList();
        Map<String, Trial> trials = trials(folder);
        if (!trials.keySet().containsAll(names)) {
            throw new IllegalArgumentException(
                    "The arguments " + names + " are not all trials; allowed are " + QUICK + " and " + trials.keySet());
        }
        if (!names.isEmpty()) {
            trials.keySet().retainAll(names);
        }
        List<Findings> findings = run(trials, quick ? Budget.QUICK : Budget.FULL);
        String measured = Page.measured(findings);
        System.out.println(measured);
        if (names.isEmpty()) {
            write(folder, quick ? folder.resolve("target") : folder, measured, findings);
        }
    }

    private static Map<String, Trial> trials(Path folder) {
        Map<String, Trial> trials = new LinkedHashMap<>();
        trials.put("roundtrips", new RoundTripTrial());
        trials.put("loopback", new LoopbackTrial());
        trials.put("far", ComparisonTrial.far());
        trials.put("near", ComparisonTrial.near());
        trials.put("blackhole", new BlackholeTrial());
        trials.put("heap", new HeapTrial());
        if (SmtpSinkTrial.isPossible()) {
            trials.put("smtp-sink", new SmtpSinkTrial());
        }
        trials.put("queue", new QueueTrial(folder.resolve("target")));
        trials.put("pieces", new PiecesTrial());
        return trials;
    }

    private static List<Findings> run(Map<String, Trial> trials, Budget budget) throws Exception {
        List<Findings> findings = new ArrayList<>();
        for (Map.Entry<String, Trial> trial : trials.entrySet()) {
            System.err.println("measuring: " + trial.getKey());
            findings.add(trial.getValue().run(budget));
        }
        return findings;
    }

    private static void write(Path folder, Path target, String measured, List<Findings> findings) throws IOException {
        String page = Files.readString(folder.resolve("BENCHMARKS.md"));
        Files.writeString(target.resolve("BENCHMARKS.md"), Page.renew(page, measured));
        Files.writeString(
                target.resolve("benchmarks.svg"),
                Plot.svg(findings.stream()
                        .flatMap(found -> found.panels().stream())
                        .toList()));
    }
}
