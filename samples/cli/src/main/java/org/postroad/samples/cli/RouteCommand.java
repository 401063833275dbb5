// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.cli;

import jakarta.mail.MessagingException;
import java.util.concurrent.Callable;
import org.postroad.api.DomainRoute;
import org.postroad.api.InvalidRecipient;
import org.postroad.api.RecipientReport;
import org.postroad.api.RoutePlan;
import org.postroad.api.Verdict;
import org.postroad.provider.Postroad;
import org.postroad.samples.cli.TextOutput.Look;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Shows where mail would go. */
@Command(
        name = "route",
        header = "Shows where mail would go, and why, without contacting a mail server.",
        description = {
            "%nFor each domain: the DNS answers, each host and address with the rule by which it is passed over, the"
                    + " contacts in order with the TLS that they need, and the result if none of them answers. IDs such"
                    + " as ORDER-08 are those of spi-tests/REQUIREMENTS.md.%n"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  postroad route someone@example.org",
            "  postroad route example.org '[192.0.2.1]'",
            "  postroad route -s mail.mx.families=ipv4 example.org          as from a host without IPv6",
            "  postroad route -s mail.mx.relay.ipv6=smtps://relay.example.net example.org",
            "  postroad route --settings production.properties --json example.org",
            "",
            "The exit code is 0 if there is a host to contact for every recipient. Otherwise it is that of the"
                    + " worst result: 1 temporary, 2 permanent."
        })
final class RouteCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private CommonOptions options = new CommonOptions();

    @Mixin
    private Recipients recipients = new Recipients();

    @Override
    public Integer call() {
        RoutePlan plan = plan();
        if (options.json()) {
            spec.commandLine().getOut().println(plan.toJson());
        } else {
            print(plan, options.text(spec.commandLine()));
        }
        return exitCode(plan);
    }

    private RoutePlan plan() {
        try {
            return Postroad.route(options.session(), recipients.addresses());
        } catch (MessagingException e) { // a setting is wrong
            throw new CliException(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
        }
    }

    private static void print(RoutePlan plan, TextOutput out) {
        for (DomainRoute route : plan.domains()) {
            route.toString().lines().forEach(line -> out.line(line, look(line)));
        }
        for (InvalidRecipient invalid : plan.invalidRecipients()) {
            out.line(invalid.toString(), Look.PERMANENT);
        }
    }

    private static Look look(String line) {
        if (!line.startsWith(" ")) {
            return Look.HEADING;
        } else if (line.startsWith("  contact 1 ")) {
            return Look.GOOD;
        } else if (line.startsWith("  result ") || line.startsWith("  otherwise ")) {
            return line.contains("> " + Verdict.FAILED) ? Look.PERMANENT : Look.TEMPORARY;
        }
        return line.contains(": passed over (") || line.startsWith("  dns ") ? Look.MINOR : Look.PLAIN;
    }

    private static int exitCode(RoutePlan plan) {
        int worst = plan.invalidRecipients().isEmpty() ? ExitCode.OK : ExitCode.PERMANENT;
        for (DomainRoute route : plan.domains()) {
            for (RecipientReport report : route.recipients()) {
                worst = Math.max(worst, route.isDecided() ? ExitCode.of(report.status()) : ExitCode.OK);
            }
        }
        return worst;
    }
}
