// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.cli;

import jakarta.mail.MessagingException;
import java.util.List;
import java.util.concurrent.Callable;
import org.postroad.api.AddressProbe;
import org.postroad.api.InvalidRecipient;
import org.postroad.api.ProbeOptions;
import org.postroad.api.ProbeReport;
import org.postroad.api.ProbeStep;
import org.postroad.api.ProbedDomain;
import org.postroad.api.RecipientOutcome;
import org.postroad.api.Stage;
import org.postroad.provider.Postroad;
import org.postroad.samples.cli.TextOutput.Look;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Connects to the hosts to which mail would go. */
@Command(
        name = "probe",
        header = "Connects to the hosts to which mail would go, and sends none.",
        description = {
            "%nGreeting, EHLO, and STARTTLS with the checks that a delivery makes, with the time of each step; then what the"
                    + " server announces, and which of the recipients it accepts. A message is never sent: not even DATA."
                    + " Connections to port 25 must be possible from here.%n"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  postroad probe example.org                               up to the first address that works",
            "  postroad probe --all example.org                         every address of every mail exchanger",
            "  postroad probe --recipients -s mail.mx.from=me@example.net someone@example.org",
            "  postroad probe -s mail.mx.starttls.required=true --json example.org",
            "",
            "The exit code is 0 if mail could be delivered: for each domain an address works (with --all: each of them),"
                    + " and each recipient that was offered is accepted. Otherwise it is that of the worst result:"
                    + " 1 temporary, 2 permanent."
        })
final class ProbeCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private CommonOptions options = new CommonOptions();

    @Option(names = "--all", description = "Connect to every address, also after one that works.")
    private boolean all;

    @Option(
            names = "--recipients",
            description = "Offer the sender (mail.mx.from, else <>) and the recipients, with MAIL and RCPT.")
    private boolean offer;

    @Mixin
    private Recipients recipients = new Recipients();

    @Override
    public Integer call() {
        TextOutput out = options.text(spec.commandLine());
        ProbeReport report = probe(out);
        if (options.json()) {
            spec.commandLine().getOut().println(report.toJson());
        } else {
            print(report, out);
        }
        return exitCode(report);
    }

    private ProbeReport probe(TextOutput out) {
        ProbeOptions choice = ProbeOptions.DEFAULT;
        choice = all ? choice.withAllAddresses() : choice;
        choice = offer ? choice.withRecipients() : choice;
        choice = options.json() ? choice : choice.withListener(step -> print(step, out));
        try {
            return Postroad.probe(options.session(), choice, recipients.addresses());
        } catch (MessagingException e) { // a setting is wrong
            throw new CliException(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
        }
    }

    private static void print(ProbeStep step, TextOutput out) {
        if (step.stage() == Stage.CONNECT) {
            out.line(step.remote().toString(), Look.HEADING);
        }
        out.line("  " + step, Look.PLAIN);
        out.flush();
    }

    private static void print(ProbeReport report, TextOutput out) {
        for (ProbedDomain domain : report.domains()) {
            out.line(domain.route().domain().toString(), Look.HEADING);
            for (AddressProbe probe : domain.addresses()) {
                out.line("  " + probe.contact(), Look.PLAIN);
                Look look = look(worst(probe));
                probe.summary().lines().forEach(line -> out.line("    " + line, look));
            }
            if (domain.addresses().isEmpty()) {
                domain.route()
                        .recipients()
                        .forEach(result -> out.line("  " + result, look(ExitCode.of(result.status()))));
            }
        }
        for (InvalidRecipient invalid : report.invalidRecipients()) {
            out.line(invalid.toString(), Look.PERMANENT);
        }
    }

    private static Look look(int code) {
        return switch (code) {
            case ExitCode.OK -> Look.GOOD;
            case ExitCode.TEMPORARY -> Look.TEMPORARY;
            default -> Look.PERMANENT;
        };
    }

    private int exitCode(ProbeReport report) {
        int worst = report.invalidRecipients().isEmpty() ? ExitCode.OK : ExitCode.PERMANENT;
        for (ProbedDomain domain : report.domains()) {
            worst = Math.max(worst, exitCode(domain));
        }
        return worst;
    }

    private int exitCode(ProbedDomain domain) {
        List<Integer> codes =
                domain.addresses().stream().map(ProbeCommand::worst).sorted().toList();
        if (codes.isEmpty()) {
            return domain.route().recipients().stream()
                    .mapToInt(result -> ExitCode.of(result.status()))
                    .max()
                    .orElse(ExitCode.OK);
        }
        return all ? codes.get(codes.size() - 1) : codes.get(0);
    }

    /** Returns the code of one address: that of its failure, or of the worst recipient. */
    private static int worst(AddressProbe probe) {
        int worst =
                probe.failure().map(failure -> ExitCode.of(failure.status())).orElse(ExitCode.OK);
        for (RecipientOutcome refused : probe.refused()) {
            worst = Math.max(
                    worst,
                    refused.outcome()
                            .serverReply()
                            .map(reply -> ExitCode.of(reply.status()))
                            .orElse(ExitCode.TEMPORARY));
        }
        return worst;
    }
}
