// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.trial;

import jakarta.mail.MessagingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.postroad.provider.Postroad;
import org.postroad.samples.benchmarks.client.Client;
import org.postroad.samples.benchmarks.client.ClientTask;
import org.postroad.samples.benchmarks.client.Contender;
import org.postroad.samples.benchmarks.client.Destination;
import org.postroad.samples.benchmarks.client.Postfix;
import org.postroad.samples.benchmarks.client.QueueClient;
import org.postroad.samples.benchmarks.client.SampleMessage;
import org.postroad.samples.benchmarks.client.Start;
import org.postroad.samples.benchmarks.measure.ClientThreads;
import org.postroad.samples.benchmarks.measure.Race;
import org.postroad.samples.benchmarks.measure.Series;
import org.postroad.samples.benchmarks.measure.Throughput;
import org.postroad.samples.benchmarks.report.Numbers;
import org.postroad.samples.benchmarks.wire.Arrivals;
import org.postroad.samples.benchmarks.wire.Offers;
import org.postroad.samples.benchmarks.wire.Sink;
import org.postroad.samples.benchmarks.wire.Tally;

/** Measures messages per second: submitted and delivered, compared with Postfix if it is installed; and submitted only. */
final class QueueRates {

    static final int THREADS = 8;

    private static final String IN_AND_OUT = "messages in a second, put in and delivered";
    private static final String IN_ONLY = "put in only, to a server that does not greet";

    private QueueRates() {}

    static QueueFigures measure(Path directory, Budget budget) throws Exception {
        QueueFigures inAndOut = Postfix.isPossible() ? besidePostfix(directory, budget) : alone(directory, budget);
        return QueueFigures.all(List.of(inAndOut, inOnly(directory, budget)));
    }

    private static QueueFigures besidePostfix(Path directory, Budget budget) throws Exception {
        Arrivals arrivals = new Arrivals();
        try (Sink sink = Sink.start(Offers.PIPELINING_AND_CHUNKING, arrivals);
                Postfix postfix = Postfix.start(Files.createDirectory(directory.resolve("postfix")), port(sink));
                ClientThreads toQueue = clientThreads(queue(directory, "beside.db", sink));
                ClientThreads toPostfix = clientThreads(sockets(postfix.port()))) {
            List<Series> millis = Race.run(
                    List.of(new Throughput(toQueue, THREADS, arrivals), new Throughput(toPostfix, THREADS, arrivals)),
                    budget.queue());
            Series times = millis.get(1).over(millis.get(0));
            return new QueueFigures(
                    List.of(List.of(
                            IN_AND_OUT,
                            Numbers.text(millis.get(0).perSecond()),
                            "Postfix: " + Numbers.text(millis.get(1).perSecond()))),
                    List.of(Targets.besidePostfix(times)));
        } finally {
            Postroad.close();
        }
    }

    private static QueueFigures alone(Path directory, Budget budget) throws Exception {
        Arrivals arrivals = new Arrivals();
        try (Sink sink = Sink.start(Offers.PIPELINING_AND_CHUNKING, arrivals);
                ClientThreads toQueue = clientThreads(queue(directory, "alone.db", sink))) {
            Series millis = Race.run(List.of(new Throughput(toQueue, THREADS, arrivals)), budget.queue())
                    .get(0);
            return new QueueFigures(
                    List.of(List.of(IN_AND_OUT, Numbers.text(millis.perSecond()), "Postfix is not installed")),
                    List.of());
        } finally {
            Postroad.close();
        }
    }

    private static QueueFigures inOnly(Path directory, Budget budget) throws Exception {
        try (Sink sink = Sink.asleep(Offers.PIPELINING_AND_CHUNKING, new Arrivals());
                ClientThreads clientThreads = clientThreads(queue(directory, "in.db", sink))) {
            Series perMessageOfAThread =
                    Race.run(List.of(clientThreads), budget.queue()).get(0);
            Series perSecond = new Series(perMessageOfAThread.perSecond().rounds().stream()
                    .map(rate -> THREADS * rate)
                    .toList());
            return new QueueFigures(
                    List.of(List.of(IN_ONLY, Numbers.text(perSecond), "")), List.of(Targets.submission(perSecond)));
        } finally {
            Postroad.close();
        }
    }

    private static int port(Sink sink) {
        return sink.address().getPort();
    }

    private static ClientThreads clientThreads(List<Client> clients) {
        return new ClientThreads(clients, () -> Tally.NOTHING);
    }

    private static List<Client> queue(Path directory, String file, Sink sink) throws MessagingException {
        return queue(
                QueueClient.properties(directory.resolve(file), Map.of(Destination.DOMAIN, port(sink))),
                Destination.DOMAIN);
    }

    /** Returns one client for each thread. */
    static List<Client> queue(Properties properties, String domain) throws MessagingException {
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            clients.add(new QueueClient(properties, domain));
        }
        return clients;
    }

    private static List<Client> sockets(int port) throws Exception {
        ClientTask task = new ClientTask(new Destination.Route(port, 0), Start.WARM, 1, SampleMessage.SMALL);
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            clients.add(Contender.RAW_SERIALISING.client(task));
        }
        return clients;
    }
}
