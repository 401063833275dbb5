// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.cli;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postroad.api.AuditFinding.Level;
import org.postroad.api.AuditOptions;
import org.postroad.api.AuditReport;
import org.postroad.api.Domain;
import org.postroad.api.Printable;
import org.postroad.provider.Postroad;
import org.postroad.samples.cli.TextOutput.Look;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Audits how domains receive mail. */
@Command(
        name = "audit",
        header = "Audits how a domain receives mail over IPv4 and IPv6, and what to change.",
        description = {
            "%nWho takes the mail of senders that reach IPv4 only, IPv6 only, or both, with everything working and with each"
                    + " mail exchanger and address down; then ten rules, AUDIT-01 to AUDIT-10, each finding with the DNS record"
                    + " or setting to change. No message is sent.%n"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  postroad audit example.org",
            "  postroad audit --no-connect example.org example.net        DNS only",
            "  postroad audit --html audit.html example.org",
            "  postroad audit --rcpt --own-sender --settings production.properties example.org",
            "  postroad audit --json example.org | jq '.findings[] | select(.level == \"PROBLEM\")'",
            "",
            "The exit code is 0 if there is no problem, 2 if there is one, 1 if there is none, but something failed"
                    + " temporarily. Warnings do not count."
        })
final class AuditCommand implements Callable<Integer> {

    private static final Pattern FINDING = Pattern.compile("  AUDIT-\\d\\d  ([a-z ]+): .*");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private CommonOptions options = new CommonOptions();

    @Parameters(
            arity = "1..*",
            paramLabel = "DOMAIN",
            description = "A domain such as example.org; an address stands for its domain.")
    private List<String> domains = List.of();

    @Option(names = "--no-connect", description = "Ask DNS only, and do not connect to mail servers.")
    private boolean dnsOnly;

    @Option(
            names = "--connections",
            paramLabel = "NUMBER",
            description = "Connections to each address, one after the other, 1 to 10. Default: 3.")
    private @Nullable Integer connections;

    @Option(
            names = "--rcpt",
            description = "Offer the postmaster of the domain to each address once, with MAIL and RCPT (AUDIT-04).")
    private boolean postmaster;

    @Option(
            names = "--own-sender",
            description = "This host sends mail of the site: check that it reaches both families (AUDIT-08).")
    private boolean ownSender;

    @Option(names = "--html", paramLabel = "FILE", description = "Also write a page, complete in one file.")
    private @Nullable Path html;

    @Override
    public Integer call() {
        AuditOptions choice = choice();
        List<Domain> wanted = domains.stream().map(AuditCommand::domain).toList();
        Session session = options.session();
        TextOutput out = options.text(spec.commandLine());
        List<AuditReport> reports = new ArrayList<>();
        for (Domain domain : wanted) {
            AuditReport report = audit(session, domain, choice);
            if (options.json()) {
                spec.commandLine().getOut().println(report.toJson());
            } else {
                print(report, reports.isEmpty(), out);
            }
            reports.add(report);
        }
        if (html != null) {
            AuditPage.of(reports).write(html);
        }
        return exitCode(reports);
    }

    private AuditOptions choice() {
        if (dnsOnly && (postmaster || connections != null)) {
            throw new CliException(
                    ExitCode.USAGE,
                    "--no-connect is given with " + (postmaster ? "--rcpt" : "--connections")
                            + ", which needs connections; allowed is one of them");
        }
        AuditOptions choice = dnsOnly ? AuditOptions.DEFAULT.withoutConnections() : AuditOptions.DEFAULT;
        try {
            choice = connections == null ? choice : choice.withConnectionsPerAddress(connections);
        } catch (IllegalArgumentException e) {
            throw new CliException(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
        }
        choice = postmaster ? choice.withPostmaster() : choice;
        choice = ownSender ? choice.withOwnSender() : choice;
        boolean onTerminal = spec.commandLine().getColorScheme().ansi().enabled();
        return onTerminal
                ? choice.withListener(line -> spec.commandLine().getErr().println(line + " ..."))
                : choice;
    }

    private static Domain domain(String text) {
        try {
            return Domain.parse(text.substring(text.lastIndexOf('@') + 1));
        } catch (IllegalArgumentException e) {
            throw new CliException(
                    ExitCode.USAGE,
                    "The domain " + Printable.quote(text) + " cannot be audited: " + e.getMessage()
                            + "; international names are given as A-labels (xn--...)",
                    e);
        }
    }

    private static AuditReport audit(Session session, Domain domain, AuditOptions choice) {
        try {
            return Postroad.audit(session, domain, choice);
        } catch (MessagingException | IllegalArgumentException e) { // a setting is wrong, or the domain is an address
            throw new CliException(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
        }
    }

    private static void print(AuditReport report, boolean first, TextOutput out) {
        if (!first) {
            out.line("", Look.PLAIN);
        }
        Look look = Look.PLAIN;
        for (String line : report.toString().split("\n", -1)) {
            look = look(line, look);
            out.line(line, look);
        }
        out.flush();
    }

    /** Returns the look of a line; what belongs to a finding has that of its first line. */
    private static Look look(String line, Look before) {
        Matcher finding = FINDING.matcher(line);
        if (finding.matches()) {
            return look(finding.group(1));
        } else if (line.isEmpty() || !line.startsWith(" ")) {
            return line.isEmpty() ? Look.PLAIN : Look.HEADING;
        } else if (line.startsWith("            ")) {
            return before;
        }
        return line.contains(" bounces ") ? Look.PERMANENT : line.contains(" waits ") ? Look.TEMPORARY : Look.PLAIN;
    }

    private static Look look(String level) {
        return switch (level) {
            case "ok" -> Look.GOOD;
            case "problem" -> Look.PERMANENT;
            case "not checked" -> Look.MINOR;
            default -> Look.TEMPORARY;
        };
    }

    private static int exitCode(List<AuditReport> reports) {
        if (reports.stream().anyMatch(report -> report.worst() == Level.PROBLEM)) {
            return ExitCode.PERMANENT;
        }
        return reports.stream().anyMatch(report -> report.worst() == Level.TEMPORARY)
                ? ExitCode.TEMPORARY
                : ExitCode.OK;
    }
}
