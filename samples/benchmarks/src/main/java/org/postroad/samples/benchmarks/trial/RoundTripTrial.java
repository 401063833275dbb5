// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.trial;

import java.util.ArrayList;
import java.util.List;
import org.postroad.fixtures.TestCertificates;
import org.postroad.samples.benchmarks.client.ClientTask;
import org.postroad.samples.benchmarks.client.Contender;
import org.postroad.samples.benchmarks.client.Destination;
import org.postroad.samples.benchmarks.client.SampleMessage;
import org.postroad.samples.benchmarks.client.Start;
import org.postroad.samples.benchmarks.measure.ClientThreads;
import org.postroad.samples.benchmarks.report.Findings;
import org.postroad.samples.benchmarks.report.Goal;
import org.postroad.samples.benchmarks.report.Numbers;
import org.postroad.samples.benchmarks.report.Table;
import org.postroad.samples.benchmarks.wire.Offers;

/** Measures the number of round trips for a message, as counted by the server. */
public final class RoundTripTrial implements Trial {

    private static final int MANY = 50;

    /** Each should take the same number of round trips; with three, a deviation shows as a fraction. */
    private static final int MESSAGES = 3;

    /**
     * The first message opens the connection, if it is kept; before the second one, mx does not know that the server accepts
     * several messages.
     */
    private static final int OPENING = 2;

    private static final Offers BOTH = Offers.PIPELINING_AND_CHUNKING;

    private static final String REMARK =
            "Counted by the server, from the end of the previous message, or from the client's connect: the TCP handshake,"
                    + " the wait for the greeting and a TLS 1.3 handshake are one round trip each. A message of 8 KiB.";

    private final List<List<String>> rows = new ArrayList<>();

    @Override
    public Findings run(Budget budget) throws Exception {
        Offers encrypted = BOTH.with(TestCertificates.create().serverContext(Destination.EXCHANGER));
        List<Goal> goals = new ArrayList<>();
        double warm = row(BOTH, Start.WARM, 1);
        goals.add(Targets.warmWithBoth(warm));
        goals.add(Targets.manyRecipients(warm, row(BOTH, Start.WARM, MANY)));
        goals.add(Targets.coldWithBoth(row(BOTH, Start.COLD, 1)));
        row(BOTH, Start.COLD, MANY);
        goals.add(Targets.warmWithPipelining(row(Offers.PIPELINING, Start.WARM, 1)));
        row(Offers.PIPELINING, Start.WARM, MANY);
        row(Offers.NEITHER, Start.WARM, 1);
        row(Offers.NEITHER, Start.WARM, MANY);
        goals.add(Targets.coldWithStartTls(row(encrypted, Start.COLD, 1)));
        return new Findings(
                "Round trips for each message",
                REMARK,
                new Table(List.of("Server offers", "Start", "Recipients", "mx", "smtp"), rows),
                goals);
    }

    /** @return the round trips of mx */
    private double row(Offers offers, Start start, int recipients) throws Exception {
        try (Destination destination = Destination.near(offers)) {
            ClientTask task = new ClientTask(destination.route(), start, recipients, SampleMessage.SMALL);
            double mx = roundTrips(Contender.MX, task, destination);
            double angus = roundTrips(Contender.ANGUS, task, destination);
            rows.add(List.of(
                    offers.toString(),
                    start.toString(),
                    String.valueOf(recipients),
                    Numbers.text(mx),
                    Numbers.text(angus)));
            return mx;
        }
    }

    private static double roundTrips(Contender contender, ClientTask task, Destination destination) throws Exception {
        try (ClientThreads clientThreads = new ClientThreads(contender, task, 1, destination::tally)) {
            clientThreads.round(OPENING);
            clientThreads.round(MESSAGES);
            return clientThreads.lastRound().roundTripsPerMessage();
        }
    }
}
