// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.cli;

import java.util.ArrayList;
import java.util.List;
import org.postroad.api.QueueDestination;
import org.postroad.api.QueueStatistics;
import org.postroad.provider.MailQueue;
import org.postroad.samples.cli.TextOutput.Look;
import picocli.CommandLine.Command;

/** Shows how much is in the queue. */
@Command(
        name = "status",
        header = "Shows how many messages are in the queue, since when, and which domains are paused or do not answer.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  postroad queue status",
            "  postroad queue status --queue /var/lib/app/queue.db --json | jq .messages",
            "",
            "postroad queue shape has the numbers of each domain by age, and postroad queue why the reasons."
        })
final class QueueStatusCommand extends QueueTask {

    private static final int SHOWN = 20;

    @Override
    int run(MailQueue queue) {
        QueueStatistics statistics = queue.statistics();
        List<String> paused = new ArrayList<>();
        List<String> silent = new ArrayList<>();
        String last = "";
        List<QueueDestination> page;
        do {
            page = queue.destinations(last, MailQueue.MAX_PAGE);
            for (QueueDestination destination : page) {
                last = destination.domain().toString();
                if (destination.paused()) {
                    paused.add(last);
                } else if (destination.retryAt().isPresent()) {
                    silent.add(last);
                }
            }
        } while (page.size() == MailQueue.MAX_PAGE);
        if (json()) {
            JsonLine json = new JsonLine().with("version", 1).with("messages", statistics.messages());
            statistics.oldest().ifPresent(oldest -> json.with("oldest", Times.utc(oldest)));
            print(json.with("paused", paused).with("unreachable", silent).toString());
        } else {
            print(statistics, paused, silent);
        }
        return ExitCode.OK;
    }

    private void print(QueueStatistics statistics, List<String> paused, List<String> silent) {
        TextOutput out = text();
        out.line("messages     " + statistics.messages(), Look.HEADING);
        statistics
                .oldest()
                .ifPresent(oldest -> out.line(
                        "oldest       " + Times.utc(oldest) + ", " + Times.since(oldest) + " ago", Look.PLAIN));
        print("paused       ", paused, out);
        print("unreachable  ", silent, out);
    }

    private static void print(String heading, List<String> domains, TextOutput out) {
        if (!domains.isEmpty()) {
            int more = Math.max(0, domains.size() - SHOWN);
            String first = String.join(", ", domains.subList(0, domains.size() - more));
            out.line(heading + first + (more == 0 ? "" : ", and " + more + " more"), Look.TEMPORARY);
        }
    }
}
