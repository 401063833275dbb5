// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.trial;

import jakarta.mail.MessagingException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.postroad.samples.benchmarks.client.Contender;
import org.postroad.samples.benchmarks.client.Errand;
import org.postroad.samples.benchmarks.measure.Crew;
import org.postroad.samples.benchmarks.wire.Tally;

/** The crews of one race, all with the same errand. */
record Crews(List<Crew> lanes) implements AutoCloseable {

    static Crews of(List<Contender> contenders, Errand errand, int threads, Supplier<Tally> counter) throws Exception {
        Crews crews = new Crews(new ArrayList<>());
        boolean complete = false;
        try {
            for (Contender contender : contenders) {
                crews.lanes.add(new Crew(contender, errand, threads, counter));
            }
            complete = true;
            return crews;
        } finally {
            if (!complete) {
                crews.close();
            }
        }
    }

    @Override
    public void close() throws IOException, MessagingException {
        for (Crew crew : lanes) {
            crew.close();
        }
    }
}
