// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.trial;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.postroad.samples.benchmarks.client.ClientTask;
import org.postroad.samples.benchmarks.client.Contender;
import org.postroad.samples.benchmarks.client.Destination;
import org.postroad.samples.benchmarks.measure.ClientThreads;
import org.postroad.samples.benchmarks.measure.Race;
import org.postroad.samples.benchmarks.measure.Series;
import org.postroad.samples.benchmarks.report.Findings;
import org.postroad.samples.benchmarks.report.Goal;
import org.postroad.samples.benchmarks.report.Numbers;
import org.postroad.samples.benchmarks.report.Plot;
import org.postroad.samples.benchmarks.report.Table;
import org.postroad.samples.benchmarks.wire.Offers;

/** Compares mx with smtp and with the upper limit in every scenario, near or far. */
public final class ComparisonTrial implements Trial {

    private static final Duration ROUND_TRIP = Duration.ofMillis(50);

    private static final List<Contender> CONTENDERS = List.of(Contender.MX, Contender.ANGUS, Contender.RAW);

    private static final List<String> HEAD = List.of(
            "Size",
            "Start",
            "Recipients",
            "Threads",
            "mx, ms",
            "smtp, ms",
            "socket, ms",
            "smtp / mx",
            "socket / mx",
            "Round trips of mx, smtp");

    private static final String REMARK =
            "Milliseconds for one message, measured in the sending thread: median of the rounds (least to most). The ratios"
                    + " are medians of the rounds' ratios. The server offers PIPELINING and CHUNKING.";

    private final Optional<Duration> roundTrip;

    private ComparisonTrial(Optional<Duration> roundTrip) {
        this.roundTrip = roundTrip;
    }

    /** Compares through the latency proxy. */
    public static ComparisonTrial far() {
        return new ComparisonTrial(Optional.of(ROUND_TRIP));
    }

    /** Compares on loopback. */
    public static ComparisonTrial near() {
        return new ComparisonTrial(Optional.empty());
    }

    /** The results of one scenario, in the order of the contenders. */
    private record Cell(Scenario scenario, List<Series> millis, List<Double> roundTrips) {

        Series mx() {
            return millis.get(0);
        }

        Series angus() {
            return millis.get(1);
        }

        Series raw() {
            return millis.get(2);
        }

        List<String> row() {
            return List.of(
                    scenario.sample().toString(),
                    scenario.start().toString(),
                    String.valueOf(scenario.recipients()),
                    String.valueOf(scenario.threads()),
                    Numbers.text(mx()),
                    Numbers.text(angus()),
                    Numbers.text(raw()),
                    Numbers.text(angus().over(mx()).median()),
                    Numbers.text(raw().over(mx()).median()),
                    Numbers.text(roundTrips.get(0)) + ", " + Numbers.text(roundTrips.get(1)));
        }
    }

    @Override
    public Findings run(Budget budget) throws Exception {
        List<Cell> cells = new ArrayList<>();
        for (Scenario scenario : Scenario.all()) {
            try (Destination destination = destination()) {
                cells.add(measure(scenario, destination, budget));
            }
        }
        String place = roundTrip
                .map(time -> "at " + time.toMillis() + " ms round trip")
                .orElse("on loopback");
        return new Findings(
                "A message " + place,
                REMARK,
                new Table(HEAD, cells.stream().map(Cell::row).toList()),
                roundTrip.isPresent() ? goals(cells) : List.of(),
                List.of(panel("One message of 8 KiB, one thread, " + place, cells)));
    }

    private Destination destination() throws IOException {
        return roundTrip.isPresent()
                ? Destination.far(Offers.PIPELINING_AND_CHUNKING, roundTrip.get())
                : Destination.near(Offers.PIPELINING_AND_CHUNKING);
    }

    private static Cell measure(Scenario scenario, Destination destination, Budget budget) throws Exception {
        ClientTask task =
                new ClientTask(destination.route(), scenario.start(), scenario.recipients(), scenario.sample());
        try (RaceClients raceClients = RaceClients.of(CONTENDERS, task, scenario.threads(), destination::tally)) {
            List<Series> millis = Race.run(raceClients.actions(), budget.cell(scenario.sample()));
            List<Double> roundTrips = raceClients.actions().stream()
                    .map(ClientThreads::lastRound)
                    .map(tally -> tally.roundTripsPerMessage())
                    .toList();
            return new Cell(scenario, millis, roundTrips);
        }
    }

    private static List<Goal> goals(List<Cell> cells) {
        return List.of(
                Targets.farOneRecipient(angusOverMx(cells, 1)),
                Targets.farManyRecipients(angusOverMx(cells, Scenario.MANY_RECIPIENTS)));
    }

    private static Series angusOverMx(List<Cell> cells, int recipients) {
        Cell cell = cells.stream()
                .filter(one -> one.scenario().isWarmOnOneThread(recipients))
                .findFirst()
                .orElseThrow();
        return cell.angus().over(cell.mx());
    }

    private static Plot.Panel panel(String title, List<Cell> cells) {
        return new Plot.Panel(
                title,
                "ms",
                CONTENDERS.stream().map(Contender::toString).toList(),
                cells.stream()
                        .filter(cell -> cell.scenario().isSmallOnOneThread())
                        .map(cell -> new Plot.Group(
                                cell.scenario().label(),
                                cell.millis().stream().map(Series::median).toList()))
                        .toList());
    }
}
