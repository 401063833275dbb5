// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.trial;

import java.util.ArrayList;
import java.util.List;
import org.postroad.provider.Postroad;
import org.postroad.samples.benchmarks.client.Client;
import org.postroad.samples.benchmarks.client.ClientTask;
import org.postroad.samples.benchmarks.client.Contender;
import org.postroad.samples.benchmarks.client.Destination;
import org.postroad.samples.benchmarks.client.SampleMessage;
import org.postroad.samples.benchmarks.client.Start;
import org.postroad.samples.benchmarks.measure.Series;
import org.postroad.samples.benchmarks.report.Findings;
import org.postroad.samples.benchmarks.report.Numbers;
import org.postroad.samples.benchmarks.report.Table;
import org.postroad.samples.benchmarks.wire.Offers;

/** Measures the cost of a mail exchanger whose first of two addresses never answers. */
public final class BlackholeTrial implements Trial {

    private static final int FOLLOWING = 5;
    private static final double NANOS_PER_MILLI = 1e6;

    private static final String REMARK =
            "A mail exchanger has an IPv6 address whose packets are all dropped, and an IPv4 address that answers; it is"
                    + " compared with one that has the IPv4 address only. Each round starts with empty caches and without connections"
                    + " (`Postroad.close()`), so the first message includes the DNS queries.";

    /** Milliseconds, round by round. */
    private record Times(List<Double> first, List<Double> following) {

        Times() {
            this(new ArrayList<>(), new ArrayList<>());
        }

        void round(Client client) throws Exception {
            Postroad.close();
            first.add(send(client, 1));
            following.add(send(client, FOLLOWING));
        }

        private static double send(Client client, int messages) throws Exception {
            long begin = System.nanoTime();
            for (int i = 0; i < messages; i++) {
                client.send();
            }
            return (System.nanoTime() - begin) / NANOS_PER_MILLI / messages;
        }

        List<String> row(String name) {
            return List.of(name, Numbers.text(new Series(first)), Numbers.text(new Series(following)));
        }
    }

    @Override
    public Findings run(Budget budget) throws Exception {
        Times dual = new Times();
        Times control = new Times();
        try (Destination destination = Destination.halfSilent(Offers.PIPELINING_AND_CHUNKING);
                Client toBoth = client(destination, Destination.DUAL_DOMAIN);
                Client toOne = client(destination, Destination.DOMAIN)) {
            for (int round = 0; round < budget.cell().rounds(); round++) {
                dual.round(toBoth);
                control.round(toOne);
            }
        }
        return new Findings(
                "The first of two families does not answer",
                REMARK,
                new Table(
                        List.of("Mail exchanger", "First message, ms", "Following ones, ms each"),
                        List.of(dual.row("IPv6 dropped, IPv4"), control.row("IPv4"))),
                List.of(
                        Targets.firstPastTheBlackhole(new Series(dual.first)),
                        Targets.nextPastTheBlackhole(new Series(dual.following), new Series(control.following))));
    }

    private static Client client(Destination destination, String domain) throws Exception {
        return Contender.MX.client(new ClientTask(destination.route(), Start.WARM, 1, SampleMessage.SMALL, domain));
    }
}
