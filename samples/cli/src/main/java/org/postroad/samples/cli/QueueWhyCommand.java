// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postroad.api.DestinationPace;
import org.postroad.api.Domain;
import org.postroad.api.QueueDestination;
import org.postroad.provider.MailQueue;
import org.postroad.samples.cli.TextOutput.Look;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Says what keeps mail from going faster. */
@Command(
        name = "why",
        header = "Says why mail to a domain waits, and what keeps it from going faster.",
        description = {
            "%nOne line for each domain with waiting mail: how much is due, how much is in progress, what limits it, and the"
                    + " settings that change that. For a domain that did not answer, what happened at the last visit.%n"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  postroad queue why",
            "  postroad queue why example.org",
            "  postroad queue why --json example.org | jq .binding",
            "",
            "The process that delivers measures this about every 10 seconds."
        })
final class QueueWhyCommand extends QueueTask {

    @Parameters(
            arity = "0..1",
            paramLabel = "DOMAIN",
            converter = AddressReaders.OfDomain.class,
            description = "A recipient domain. Default: all with waiting mail.")
    private @Nullable Domain domain;

    @Override
    int run(MailQueue queue) {
        TextOutput out = text();
        long shown = 0;
        String last = "";
        List<DestinationPace> page;
        do {
            page = queue.pace(last, MailQueue.MAX_PAGE);
            for (DestinationPace pace : page) {
                last = pace.domain().toString();
                if (domain == null || domain.equals(pace.domain())) {
                    show(queue, pace, out);
                    shown++;
                }
            }
        } while (page.size() == MailQueue.MAX_PAGE);
        if (shown == 0 && !json()) {
            out.line(domain == null ? "No mail waits" : "No mail to " + domain + " waits", Look.MINOR);
        }
        return ExitCode.OK;
    }

    private void show(MailQueue queue, DestinationPace pace, TextOutput out) {
        if (json()) {
            print(pace.toJson());
            return;
        }
        out.line(pace.toString(), domain == null ? Look.PLAIN : Look.HEADING);
        if (domain != null) {
            lastVisit(queue, pace.domain()).lines().forEach(line -> out.line("  " + line, Look.PLAIN));
        }
    }

    /** Returns what happened when the domain did not answer. */
    private static String lastVisit(MailQueue queue, Domain domain) {
        String last = "";
        List<QueueDestination> page;
        do {
            page = queue.destinations(last, MailQueue.MAX_PAGE);
            for (QueueDestination destination : page) {
                last = destination.domain().toString();
                if (destination.domain().equals(domain)) {
                    return destination.report().orElse("");
                }
            }
        } while (page.size() == MailQueue.MAX_PAGE);
        return "";
    }
}
