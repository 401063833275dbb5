// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.cli;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.postroad.api.AttemptReport;
import org.postroad.api.MailHistory;
import org.postroad.api.MailHistory.RecipientHistory;
import org.postroad.api.Printable;
import org.postroad.samples.cli.Story.Fact;
import org.postroad.samples.cli.Story.Part;
import org.postroad.samples.cli.Story.Step;
import org.postroad.samples.cli.TextOutput.Look;

/** The story of a message of a queue: its history, and the reports of its attempts that were kept. */
final class QueueStory {

    /** Maximum number of recipients that are listed. */
    private static final int MAX_RECIPIENTS = 20;

    private static final Step NOT_KEPT = Step.of(
            "steps", "not kept: mail.mx.queue.keepreports excludes this attempt, or its process died", Look.MINOR);

    private QueueStory() {}

    /** A part, and its place in the story. */
    private record TimedPart(Instant endedAt, Part part) {}

    /** An attempt at a domain. */
    private record Attempt(String domain, int number) {}

    static Story of(MailHistory mail, List<AttemptReport> reports) {
        List<TimedPart> parts = new ArrayList<>();
        Set<Attempt> reported = new HashSet<>();
        for (AttemptReport report : reports) {
            Attempt attempt = new Attempt(report.domain().toString(), report.attempt());
            reported.add(attempt);
            String heading = heading(attempt, report.endedAt());
            ReportReader.parts(report.json(), "The report of attempt " + attempt.number(), heading)
                    .forEach(part -> parts.add(new TimedPart(report.endedAt(), part)));
        }
        parts.addAll(unreported(mail, reported));
        List<Part> inOrder = parts.stream()
                .sorted(Comparator.comparing(TimedPart::endedAt))
                .map(TimedPart::part)
                .toList();
        return new Story("Message " + mail.id(), facts(mail), inOrder);
    }

    private static String heading(Attempt attempt, Instant endedAt) {
        return ", attempt " + attempt.number() + ", ended at " + endedAt;
    }

    /** Returns the results of attempts whose reports were not kept. */
    private static List<TimedPart> unreported(MailHistory mail, Set<Attempt> reported) {
        TreeMap<String, TimedPart> parts = new TreeMap<>();
        for (RecipientHistory one : mail.recipients()) {
            Attempt attempt = new Attempt(one.recipient().domain().toString(), one.attempts());
            if (one.result().isPresent() && !reported.contains(attempt)) {
                String heading = attempt.domain() + heading(attempt, one.changedAt());
                TimedPart part = parts.computeIfAbsent(
                        heading,
                        key -> new TimedPart(one.changedAt(), new Part(heading, new ArrayList<>(List.of(NOT_KEPT)))));
                part.part().steps().add(result(one, one.result().get()));
            }
        }
        return List.copyOf(parts.values());
    }

    private static Step result(RecipientHistory one, MailHistory.AttemptResult result) {
        String protection = result.protection()
                .map(level -> ", TLS " + level.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .orElse("");
        return Step.of(
                "result",
                "<" + Printable.clean(one.recipient().toString()) + "> " + one.fate() + " " + result.status() + " ("
                        + Printable.clean(result.decision().rule()) + "): "
                        + Printable.clean(result.decision().explanation()) + protection,
                HistoryTable.look(one.fate()));
    }

    private static List<Fact> facts(MailHistory mail) {
        List<Fact> facts = new ArrayList<>();
        facts.add(new Fact(
                "from",
                "<"
                        + mail.sender()
                                .map(sender -> Printable.clean(sender.toString()))
                                .orElse("") + ">",
                Look.PLAIN));
        mail.messageId().ifPresent(id -> facts.add(new Fact("Message-ID", Printable.clean(id), Look.PLAIN)));
        mail.subject().ifPresent(subject -> facts.add(new Fact("subject", Printable.clean(subject), Look.PLAIN)));
        facts.add(new Fact("queued", mail.queuedAt() + ", " + mail.size() + " octets", Look.PLAIN));
        mail.recipients().stream().limit(MAX_RECIPIENTS).forEach(one -> facts.add(recipient(one)));
        if (mail.recipients().size() > MAX_RECIPIENTS) {
            facts.add(new Fact(
                    "", mail.recipients().size() - MAX_RECIPIENTS + " more recipients: " + others(mail), Look.MINOR));
        }
        return facts;
    }

    private static Fact recipient(RecipientHistory one) {
        return new Fact(
                "to",
                "<" + Printable.clean(one.recipient().toString()) + "> " + one.fate() + " at " + one.changedAt()
                        + (one.attempts() > 1 ? ", after " + one.attempts() + " attempts" : ""),
                HistoryTable.look(one.fate()));
    }

    private static String others(MailHistory mail) {
        return mail.recipients().stream()
                .skip(MAX_RECIPIENTS)
                .collect(Collectors.groupingBy(RecipientHistory::fate, TreeMap::new, Collectors.counting()))
                .entrySet()
                .stream()
                .map(fate -> fate.getValue() + " " + fate.getKey())
                .collect(Collectors.joining(", "));
    }
}
