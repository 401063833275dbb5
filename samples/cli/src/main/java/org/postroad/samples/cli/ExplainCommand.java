// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postroad.api.AttemptReport;
import org.postroad.api.MailHistory;
import org.postroad.api.Printable;
import org.postroad.provider.MailQueue;
import org.postroad.samples.cli.TextOutput.Look;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Tells the story of a message. */
@Command(
        name = "explain",
        header = "Shows what happened to a message, step by step: DNS, connections, TLS, replies, results.",
        description = {
            "%nThe message is one of a queue, whether or not it has left it, or it is the JSON of a report. The queue keeps"
                    + " the steps of failed attempts; with @|bold mail.mx.queue.keepreports=all|@ those of all. Of the"
                    + " other attempts it knows the result.%n"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  postroad explain --queue /var/lib/app/queue.db 0MG7JC1Q2...",
            "  postroad explain '<1234@app.example.net>'",
            "  postroad explain report.json --html report.html",
            "  postroad send -t --json message.eml | postroad explain -"
        })
final class ExplainCommand implements Callable<Integer> {

    /** Maximum size of the JSON of a report, in octets. */
    private static final int MAX_SIZE = 32 << 20;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private CommonOptions options = new CommonOptions();

    @Mixin
    private QueueChoice choice = new QueueChoice();

    @Option(names = "--html", paramLabel = "FILE", description = "Write a page for a browser; it needs no network.")
    private @Nullable Path html;

    @Parameters(
            paramLabel = "MESSAGE",
            description = "The id of a message in a queue, its Message-ID in angle brackets, a file with the JSON of a"
                    + " report, or - for the standard input.")
    private String name = "";

    @Override
    public Integer call() {
        if (name.equals("-")) {
            explain(read("the standard input", () -> System.in), "the standard input");
        } else if (!MessageNames.isMessageId(name) && Files.isRegularFile(Path.of(name))) {
            String source = Printable.quote(name);
            explain(read(source, () -> Files.newInputStream(Path.of(name))), source);
        } else {
            explainQueued();
        }
        return ExitCode.OK;
    }

    /** Opens what is read. */
    @FunctionalInterface
    private interface Source {
        InputStream open() throws IOException;
    }

    private static String read(String name, Source source) {
        try (InputStream in = source.open()) {
            byte[] octets = in.readNBytes(MAX_SIZE + 1);
            if (octets.length > MAX_SIZE) {
                throw new CliException(
                        ExitCode.USAGE, name + " has more than " + MAX_SIZE + " octets, the maximum for a report");
            }
            return new String(octets, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new CliException(ExitCode.USAGE, name + " cannot be read: " + Printable.describe(e), e);
        }
    }

    private void explain(String json, String source) {
        Story story = new Story(
                "Report of a send",
                List.of(new Story.Fact("from", source, Look.PLAIN)),
                ReportReader.parts(json, source, ""));
        if (options.json()) {
            spec.commandLine().getOut().println(json.strip());
        } else {
            show(story);
        }
    }

    private void explainQueued() {
        try (MailQueue queue = choice.attach(options)) {
            MailHistory mail = new MessageNames(queue).history(name);
            List<AttemptReport> reports = queue.reports(mail.id());
            if (options.json()) {
                spec.commandLine().getOut().println(json(mail, reports));
            } else {
                show(QueueStory.of(mail, reports));
            }
        }
    }

    private static String json(MailHistory mail, List<AttemptReport> reports) {
        String attempts = reports.stream()
                .map(report -> new JsonLine()
                        .with("domain", report.domain().toString())
                        .with("attempt", report.attempt())
                        .with("endedAt", report.endedAt().toString())
                        .withObject("report", report.json())
                        .toString())
                .collect(Collectors.joining(",", "[", "]"));
        return new JsonLine()
                .with("version", 1)
                .withObject("message", mail.toJson())
                .withObject("attempts", attempts)
                .toString();
    }

    private void show(Story story) {
        TextOutput out = options.text(spec.commandLine());
        if (html == null) {
            new StoryText(out).print(story);
        } else {
            StoryPage.of(story).write(html);
            out.line("Written to " + html, Look.PLAIN);
        }
    }
}
