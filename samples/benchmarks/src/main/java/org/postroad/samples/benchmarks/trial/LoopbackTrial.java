// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.trial;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.postroad.samples.benchmarks.client.ClientTask;
import org.postroad.samples.benchmarks.client.Contender;
import org.postroad.samples.benchmarks.client.Destination;
import org.postroad.samples.benchmarks.client.SampleMessage;
import org.postroad.samples.benchmarks.client.Start;
import org.postroad.samples.benchmarks.measure.OneProcessor;
import org.postroad.samples.benchmarks.measure.Race;
import org.postroad.samples.benchmarks.measure.Series;
import org.postroad.samples.benchmarks.report.Findings;
import org.postroad.samples.benchmarks.report.Numbers;
import org.postroad.samples.benchmarks.report.Table;
import org.postroad.samples.benchmarks.wire.Offers;

/** Measures the cost of the code itself, without network latency: one connection, one thread, small messages. */
public final class LoopbackTrial implements Trial {

    private static final List<Contender> BESIDE_SOCKETS =
            List.of(Contender.MX, Contender.RAW_SERIALISING, Contender.SPOOLED, Contender.RAW);

    private static final List<Contender> BESIDE_ANGUS = List.of(Contender.MX, Contender.ANGUS);

    private static final String REMARK =
            "One thread, warm, 8 KiB, one recipient, in separate races with more rounds. `mx`, `smtp` and `socket,"
                    + " serialising` write the MimeMessage for each message; `mx, spooled` is the engine with a message that was"
                    + " written before, as the queue sends it; `socket` has prepared its whole dialogue before. A client that writes"
                    + " the MimeMessage cannot be faster than `socket, serialising`, which does nothing else, except for the cheaper"
                    + " buffer that it may write to.";

    private static final String ON_ONE =
            " In the race with sockets, client and server share one processor (taskset), so that only the cost of the code is"
                    + " measured and not the varying cost of waking another processor. In the race with `smtp`, they have all"
                    + " processors.";

    private static final String ON_ALL = " taskset was not available: all processors were used.";

    @Override
    public Findings run(Budget budget) throws Exception {
        try (Destination destination = Destination.near(Offers.PIPELINING_AND_CHUNKING)) {
            List<Series> besideAngus = race(BESIDE_ANGUS, destination, budget);
            Optional<OneProcessor> one = OneProcessor.tryTake();
            try {
                List<Series> besideSockets = race(BESIDE_SOCKETS, destination, budget);
                return findings(REMARK + (one.isPresent() ? ON_ONE : ON_ALL), besideSockets, besideAngus);
            } finally {
                if (one.isPresent()) {
                    one.get().close();
                }
            }
        }
    }

    private static List<Series> race(List<Contender> contenders, Destination destination, Budget budget)
            throws Exception {
        ClientTask task = new ClientTask(destination.route(), Start.WARM, 1, SampleMessage.SMALL);
        try (RaceClients raceClients = RaceClients.of(contenders, task, 1, destination::tally)) {
            return Race.run(raceClients.actions(), budget.claim());
        }
    }

    private static Findings findings(String remark, List<Series> besideSockets, List<Series> besideAngus) {
        List<List<String>> rows = new ArrayList<>();
        addRows(rows, "sockets", BESIDE_SOCKETS, besideSockets);
        addRows(rows, "smtp", BESIDE_ANGUS, besideAngus);
        return new Findings(
                "One connection on loopback",
                remark,
                new Table(
                        List.of("Race", "Client", "ms for each message", "Messages in a second", "Times as fast as mx"),
                        rows),
                List.of(
                        Targets.serialising(besideSockets.get(1).over(besideSockets.get(0))),
                        Targets.spooled(besideSockets.get(3).over(besideSockets.get(2))),
                        Targets.nearAngus(besideAngus.get(1).over(besideAngus.get(0)))));
    }

    /** The first contender must be mx. */
    private static void addRows(List<List<String>> rows, String race, List<Contender> contenders, List<Series> millis) {
        for (int i = 0; i < millis.size(); i++) {
            rows.add(List.of(
                    "beside " + race,
                    contenders.get(i).toString(),
                    Numbers.text(millis.get(i)),
                    Numbers.text(1000 / millis.get(i).median()),
                    Numbers.text(millis.get(0).over(millis.get(i)).median())));
        }
    }
}
