// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.cli;

import jakarta.mail.MessagingException;
import java.util.concurrent.Callable;
import org.postroad.api.RoutePlan;
import org.postroad.provider.Postroad;
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
            RouteOutput.print(plan, options.text(spec.commandLine()));
        }
        return RouteOutput.exitCode(plan);
    }

    private RoutePlan plan() {
        try {
            return Postroad.route(options.session(), recipients.addresses());
        } catch (MessagingException e) { // a setting is wrong
            throw new CliException(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
        }
    }
}
