// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.trial;

import java.util.ArrayList;
import java.util.List;
import org.postroad.samples.benchmarks.client.Contender;
import org.postroad.samples.benchmarks.client.Destination;
import org.postroad.samples.benchmarks.client.Errand;
import org.postroad.samples.benchmarks.client.Letter;
import org.postroad.samples.benchmarks.client.Start;
import org.postroad.samples.benchmarks.measure.Race;
import org.postroad.samples.benchmarks.measure.Series;
import org.postroad.samples.benchmarks.report.Findings;
import org.postroad.samples.benchmarks.report.Numbers;
import org.postroad.samples.benchmarks.report.Table;
import org.postroad.samples.benchmarks.wire.Offers;

/** What the code itself costs, where the network costs nothing: one connection, one thread, small messages. */
public final class LoopbackTrial implements Trial {

    private static final List<Contender> CONTENDERS =
            List.of(Contender.MX, Contender.RAW_SERIALISING, Contender.ANGUS, Contender.SPOOLED, Contender.RAW);

    private static final String REMARK =
            "One thread, warm, 8 KiB, one recipient; a race of its own with more rounds. `mx` and `smtp` write the MimeMessage for each"
                    + " message, and so does `socket, serialising`; `mx, spooled` is the engine with a message that was written before, as"
                    + " a queue sends it, and `socket` has its whole dialogue prepared. Whatever writes the MimeMessage can be no faster"
                    + " than `socket, serialising`, which does nothing else, but for the cheaper buffer that it may write to.";

    @Override
    public Findings run(Budget budget) throws Exception {
        try (Destination destination = Destination.near(Offers.PIPELINING_AND_CHUNKING)) {
            Errand errand = new Errand(destination.route(), Start.WARM, 1, Letter.SMALL);
            try (Crews crews = Crews.of(CONTENDERS, errand, 1, destination::tally)) {
                return findings(Race.run(crews.lanes(), budget.claim()));
            }
        }
    }

    private static Findings findings(List<Series> millis) {
        Series mx = millis.get(0);
        Series angus = millis.get(2);
        List<List<String>> rows = new ArrayList<>();
        for (int i = 0; i < millis.size(); i++) {
            rows.add(List.of(
                    CONTENDERS.get(i).toString(),
                    Numbers.text(millis.get(i)),
                    Numbers.text(1000 / millis.get(i).median()),
                    Numbers.text(angus.over(millis.get(i)).median())));
        }
        return new Findings(
                "One connection on loopback",
                REMARK,
                new Table(
                        List.of("Client", "ms for each message", "Messages in a second", "Times as fast as smtp"),
                        rows),
                List.of(
                        Targets.serialising(millis.get(1).over(mx)),
                        Targets.spooled(millis.get(4).over(millis.get(3))),
                        Targets.nearAngus(angus.over(mx))));
    }
}
