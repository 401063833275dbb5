// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.trial;

import jakarta.mail.MessagingException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.postroad.samples.benchmarks.client.ClientTask;
import org.postroad.samples.benchmarks.client.Contender;
import org.postroad.samples.benchmarks.measure.ClientThreads;
import org.postroad.samples.benchmarks.wire.Tally;

/** The client threads of one race, all with the same task. */
record RaceClients(List<ClientThreads> actions) implements AutoCloseable {

    static RaceClients of(List<Contender> contenders, ClientTask task, int threads, Supplier<Tally> counter)
            throws Exception {
        RaceClients raceClients = new RaceClients(new ArrayList<>());
        boolean complete = false;
        try {
            for (Contender contender : contenders) {
                raceClients.actions.add(new ClientThreads(contender, task, threads, counter));
            }
            complete = true;
            return raceClients;
        } finally {
            if (!complete) {
                raceClients.close();
            }
        }
    }

    @Override
    public void close() throws IOException, MessagingException {
        for (ClientThreads clientThreads : actions) {
            clientThreads.close();
        }
    }
}
