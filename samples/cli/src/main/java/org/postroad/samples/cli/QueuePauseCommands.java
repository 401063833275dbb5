// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.cli;

import java.util.List;
import org.postroad.api.Domain;
import org.postroad.provider.MailQueue;
import org.postroad.samples.cli.TextOutput.Look;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Stops and resumes deliveries to domains. */
final class QueuePauseCommands {

    private QueuePauseCommands() {}

    /** What both commands do. */
    abstract static class OfDomains extends QueueTask {

        @Parameters(
                arity = "1..*",
                paramLabel = "DOMAIN",
                converter = AddressReaders.OfDomain.class,
                description = "A recipient domain, as in the list of postroad queue why.")
        private List<Domain> domains = List.of();

        private final boolean isPaused;

        OfDomains(boolean isPaused) {
            this.isPaused = isPaused;
        }

        @Override
        int run(MailQueue queue) throws InterruptedException {
            for (Domain domain : domains) {
                if (isPaused) {
                    queue.pause(domain);
                } else {
                    queue.resume(domain);
                }
                if (json()) {
                    print(new JsonLine()
                            .with("version", 1)
                            .with("domain", domain.toString())
                            .with("paused", isPaused)
                            .toString());
                } else {
                    text().line(domain + (isPaused ? " is paused" : " is resumed"), Look.PLAIN);
                }
            }
            return ExitCode.OK;
        }
    }

    /** Stops deliveries. */
    @Command(
            name = "pause",
            header = "Stops deliveries to domains, in all processes, until they are resumed.",
            description = {
                "%nMessages to them are still accepted and wait. Deliveries in progress finish. They still expire after"
                        + " mail.mx.queue.lifetime.%n"
            },
            footerHeading = "%nExamples:%n",
            footer = {"  postroad queue pause example.org", "  postroad queue resume example.org"})
    static final class Pause extends OfDomains {

        Pause() {
            super(true);
        }
    }

    /** Resumes deliveries. */
    @Command(
            name = "resume",
            header = "Resumes deliveries to domains that are paused.",
            description = {"%nA domain that is not paused stays as it is.%n"},
            footerHeading = "%nExamples:%n",
            footer = {"  postroad queue resume example.org", "  postroad queue resume example.org example.com"})
    static final class Resume extends OfDomains {

        Resume() {
            super(false);
        }
    }
}
