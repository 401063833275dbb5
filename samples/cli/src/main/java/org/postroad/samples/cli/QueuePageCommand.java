// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.postroad.provider.MailQueue;
import org.postroad.samples.cli.TextOutput.Look;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Writes a page about the queue. */
@Command(
        name = "page",
        header = "Writes a page for a browser: what waits and why, the last day, and what limits each domain.",
        description = {
            "%nThe page is a snapshot in one file. It needs no network, runs no script, and has no addresses of people and no"
                    + " content.%n"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  postroad queue page queue.html",
            "  postroad queue page --queue /var/lib/app/queue.db /tmp/queue.html"
        })
final class QueuePageCommand extends QueueTask {

    private static final Duration HOUR = Duration.ofHours(1);
    private static final int HOURS = 24;

    /** Maximum number of domains, and of reasons. */
    private static final int MAX_ROWS = 40;

    @Parameters(paramLabel = "FILE", description = "The page. An existing file is replaced.")
    private Path file = Path.of("");

    @Override
    int run(MailQueue queue) {
        QueuePage.of(new QueuePage.Snapshot(
                        Instant.now(),
                        queue.statistics(),
                        queue.shape(MAX_ROWS),
                        queue.activity(HOUR, HOURS),
                        queue.pace("", MailQueue.MAX_PAGE)))
                .write(file);
        if (json()) {
            print(new JsonLine().with("file", file.toString()).toString());
        } else {
            text().line("Written to " + file, Look.PLAIN);
        }
        return ExitCode.OK;
    }
}
