// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.trial;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.postroad.samples.benchmarks.client.ClientTask;
import org.postroad.samples.benchmarks.client.Contender;
import org.postroad.samples.benchmarks.client.Destination;
import org.postroad.samples.benchmarks.client.SampleMessage;
import org.postroad.samples.benchmarks.client.Start;
import org.postroad.samples.benchmarks.measure.Race;
import org.postroad.samples.benchmarks.measure.Series;
import org.postroad.samples.benchmarks.report.Findings;
import org.postroad.samples.benchmarks.report.Numbers;
import org.postroad.samples.benchmarks.report.Table;
import org.postroad.samples.benchmarks.wire.Offers;
import org.postroad.samples.benchmarks.wire.Programs;
import org.postroad.samples.benchmarks.wire.Tally;

/** Compares the clients with Postfix's smtp-sink, if it is installed: an independent server with different timing. */
public final class SmtpSinkTrial implements Trial {

    private static final Path PROGRAM = Path.of("/usr/sbin/smtp-sink");
    private static final String BACKLOG = "200";

    /** Without the prepared dialogue, which assumes CHUNKING. */
    private static final List<Contender> CONTENDERS = List.of(Contender.MX, Contender.ANGUS);

    private static final String REMARK =
            "One thread, warm, 8 KiB, one recipient; the server has PIPELINING. Angus uses Nagle's algorithm, and the"
                    + " operating system delays its acknowledgements to this server: the end of each message waits 40 ms for the"
                    + " acknowledgement of its beginning.";

    /** Returns whether the program is installed. */
    public static boolean isPossible() {
        return Files.isExecutable(PROGRAM);
    }

    @Override
    public Findings run(Budget budget) throws Exception {
        int port = Programs.freePort();
        Process program = new ProcessBuilder(command(port))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (Destination dns = Destination.near(Offers.NEITHER)) {
            Programs.await(program, port);
            Destination.Route route = new Destination.Route(port, dns.route().dns());
            return findings(new ClientTask(route, Start.WARM, 1, SampleMessage.SMALL), budget);
        } finally {
            program.destroy();
        }
    }

    private static Findings findings(ClientTask task, Budget budget) throws Exception {
        List<List<String>> rows = new ArrayList<>();
        try (RaceClients raceClients = RaceClients.of(CONTENDERS, task, 1, () -> Tally.NOTHING)) {
            List<Series> millis = Race.run(raceClients.actions(), budget.cell());
            for (int i = 0; i < millis.size(); i++) {
                rows.add(List.of(
                        CONTENDERS.get(i).toString(),
                        Numbers.text(millis.get(i)),
                        Numbers.text(millis.get(i).over(millis.get(0)).median())));
            }
        }
        return new Findings(
                "Postfix's smtp-sink on loopback",
                REMARK,
                new Table(List.of("Client", "ms for each message", "Times as long as mx"), rows),
                List.of());
    }

    private static List<String> command(int port) {
        List<String> command = new ArrayList<>(List.of(PROGRAM.toString()));
        if (System.getProperty("user.name").equals("root")) {
            command.addAll(List.of("-u", "nobody")); // required when run as root
        }
        command.addAll(List.of("127.0.0.1:" + port, BACKLOG));
        return command;
    }
}
