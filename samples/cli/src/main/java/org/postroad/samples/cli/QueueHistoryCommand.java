// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.postroad.api.Domain;
import org.postroad.api.HistoryFilter;
import org.postroad.api.MailHistory;
import org.postroad.api.Mailbox;
import org.postroad.provider.MailQueue;
import org.postroad.samples.cli.TextOutput.Look;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what became of messages. */
@Command(
        name = "history",
        header = "Shows what became of messages, also of those that have left the queue.",
        description = {
            "%nWith ids, each recipient with the time, the attempts, the reason and the host. Without, a list of those that"
                    + " match the options, the latest first.%n"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  postroad queue history '<1234@app.example.net>'",
            "  postroad queue history --recipient someone@example.org --newer-than 7d",
            "  postroad queue history --domain example.org --fate failed",
            "  postroad queue history --reason 'spf' --newer-than 1d --json",
            "",
            "It has messages until mail.mx.queue.keep (by default 7 days) after their end, without their content."
        })
final class QueueHistoryCommand extends QueueTask {

    private static final long TEXT_LIMIT = 50;

    @Parameters(
            arity = "0..*",
            paramLabel = "ID",
            description = "The id of a message, or its Message-ID in angle brackets.")
    private List<String> names = List.of();

    @Option(
            names = "--domain",
            paramLabel = "DOMAIN",
            converter = AddressReaders.OfDomain.class,
            description = "Messages to this domain.")
    private @Nullable Domain domain;

    @Option(
            names = "--sender",
            paramLabel = "ADDRESS",
            converter = AddressReaders.OfMailbox.class,
            description = "Messages with this envelope sender.")
    private @Nullable Mailbox sender;

    @Option(
            names = "--recipient",
            paramLabel = "ADDRESS",
            converter = AddressReaders.OfMailbox.class,
            description = "Messages to this address.")
    private @Nullable Mailbox recipient;

    @Option(names = "--key", paramLabel = "KEY", description = "The message with this key of the application.")
    private @Nullable String key;

    @Option(
            names = "--fate",
            paramLabel = "FATE",
            description = "What became of a recipient: ${COMPLETION-CANDIDATES}.")
    private MailHistory.@Nullable Fate fate;

    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            description = "Messages whose last result says this. Give a time as well.")
    private @Nullable String reason;

    @Option(
            names = "--older-than",
            paramLabel = "TIME",
            converter = Times.DurationReader.class,
            description = "Messages that were queued before, such as 2h (s, m, h, d).")
    private @Nullable Duration olderThan;

    @Option(
            names = "--newer-than",
            paramLabel = "TIME",
            converter = Times.DurationReader.class,
            description = "Messages that were queued since then.")
    private @Nullable Duration newerThan;

    @Option(
            names = "--limit",
            paramLabel = "NUMBER",
            description = "The maximum number of messages. Default: 50, and no limit with --json.")
    private @Nullable Long limit;

    @Option(
            names = "--after",
            paramLabel = "ID",
            description = "Begin after this message, the last one of an earlier list.")
    private String after = "";

    @Override
    void check() {
        if (limit != null && limit < 1) {
            throw wrong("--limit is 1 or more, not " + limit);
        } else if (!names.isEmpty() && areFiltersGiven()) {
            throw wrong("Ids and other options that select messages exclude each other");
        }
    }

    private boolean areFiltersGiven() {
        return Stream.of(domain, sender, recipient, key, fate, reason, olderThan, newerThan)
                .anyMatch(option -> option != null);
    }

    private HistoryFilter filter() {
        Instant now = Instant.now();
        HistoryFilter filter = HistoryFilter.ALL;
        filter = domain == null ? filter : filter.withDomain(domain);
        filter = sender == null ? filter : filter.withSender(sender);
        filter = recipient == null ? filter : filter.withRecipient(recipient);
        filter = fate == null ? filter : filter.withFate(fate);
        filter = olderThan == null ? filter : filter.withQueuedBefore(now.minus(olderThan));
        filter = newerThan == null ? filter : filter.withQueuedSince(now.minus(newerThan));
        try {
            filter = key == null ? filter : filter.withKey(key);
            return reason == null ? filter : filter.withReason(reason);
        } catch (IllegalArgumentException e) {
            throw new CliException(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    int run(MailQueue queue) {
        if (names.isEmpty()) {
            list(queue);
        } else {
            MessageNames finder = new MessageNames(queue);
            List<MailHistory> found = names.stream().map(finder::history).toList();
            found.forEach(this::show);
        }
        return ExitCode.OK;
    }

    private void list(MailQueue queue) {
        HistoryFilter filter = filter();
        long most = limit != null ? limit : json() ? Long.MAX_VALUE : TEXT_LIMIT;
        TextOutput out = text();
        HistoryTable table = new HistoryTable(out);
        long shown = 0;
        String last = after;
        List<MailHistory> page;
        do {
            page = queue.history(filter, last, (int) Math.min(most - shown, MailQueue.MAX_PAGE));
            for (MailHistory mail : page) {
                if (json()) {
                    print(mail.toJson());
                } else {
                    table.add(mail);
                }
            }
            table.print();
            shown += page.size();
            last = page.isEmpty() ? last : page.get(page.size() - 1).id();
        } while (!page.isEmpty() && shown < most);
        if (json()) {
            return;
        } else if (shown == 0) {
            out.line("No message matches", Look.MINOR);
        } else if (shown == most && !queue.history(filter, last, 1).isEmpty()) {
            out.line(
                    "There are more than " + shown + ": --after " + last + " goes on, and --limit sets their number",
                    Look.MINOR);
        }
    }

    private void show(MailHistory mail) {
        if (json()) {
            print(mail.toJson());
            return;
        }
        TextOutput out = text();
        out.line(mail.toString().lines().findFirst().orElse(mail.id()), Look.HEADING);
        mail.recipients().forEach(one -> out.line("  " + one, HistoryTable.look(one.fate())));
    }
}
