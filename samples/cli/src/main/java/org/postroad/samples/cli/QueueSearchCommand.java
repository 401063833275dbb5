// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.postroad.api.Domain;
import org.postroad.api.HistoryFilter;
import org.postroad.api.MailHistory;
import org.postroad.api.Mailbox;
import org.postroad.provider.MailQueue;
import org.postroad.samples.cli.TextOutput.Look;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Finds messages by any of their names. */
@Command(
        name = "search",
        header = "Finds messages by Message-ID, recipient, sender, domain, key or id, in the queue and in the history.",
        description = {
            "%nOne line for each recipient, with the id of the message, when it was queued, and what became of it, the latest"
                    + " first. The text must be complete: all of a Message-ID, an address, a domain or a key.%n"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  postroad queue search someone@example.org",
            "  postroad queue search '<1234@app.example.net>'",
            "  postroad queue search example.org --limit 500",
            "  postroad queue search order-17-confirmation",
            "",
            "The exit code is 2 if nothing is found. Subjects are not searched: the queue has no index of them. A part of"
                    + " a reason is found by postroad queue history --reason."
        })
final class QueueSearchCommand extends QueueTask {

    @Parameters(arity = "1", paramLabel = "TEXT", description = "What to search for.")
    private String text = "";

    @Option(
            names = "--limit",
            paramLabel = "NUMBER",
            description = "The maximum number of messages, up to 1000. Default: ${DEFAULT-VALUE}.")
    private int limit = 50;

    @Override
    void check() {
        if (limit < 1 || limit > MailQueue.MAX_PAGE) {
            throw wrong("--limit is 1 to " + MailQueue.MAX_PAGE + ", not " + limit);
        } else if (text.isEmpty() || text.length() > HistoryFilter.MAX_TEXT) {
            throw wrong(
                    "The text to search for has 1 to " + HistoryFilter.MAX_TEXT + " characters, not " + text.length());
        }
    }

    @Override
    int run(MailQueue queue) {
        TreeMap<String, MailHistory> found =
                new TreeMap<>(Comparator.reverseOrder()); // later messages have greater ids
        queue.history(text).ifPresent(mail -> found.put(mail.id(), mail));
        for (HistoryFilter filter : meanings()) {
            queue.history(filter, "", limit).forEach(mail -> found.putIfAbsent(mail.id(), mail));
        }
        List<MailHistory> first = found.values().stream().limit(limit).toList();
        HistoryTable table = new HistoryTable(text());
        for (MailHistory mail : first) {
            if (json()) {
                print(mail.toJson());
            } else {
                table.add(mail);
            }
        }
        table.print();
        if (!json()) {
            printEnd(first.size());
        }
        return found.isEmpty() ? ExitCode.PERMANENT : ExitCode.OK;
    }

    private void printEnd(int shown) {
        if (shown == 0) {
            text().line("Nothing is found", Look.MINOR);
        } else if (shown == limit) {
            text().line(
                            "There may be more than " + limit + ": --limit shows more, and postroad queue history all",
                            Look.MINOR);
        }
    }

    /** Returns what the text can be. */
    private List<HistoryFilter> meanings() {
        List<HistoryFilter> meanings = new ArrayList<>();
        meanings.add(HistoryFilter.ALL.withMessageId(text));
        meanings.add(HistoryFilter.ALL.withKey(text));
        parsed(Mailbox::parse).ifPresent(mailbox -> {
            meanings.add(HistoryFilter.ALL.withRecipient(mailbox));
            meanings.add(HistoryFilter.ALL.withSender(mailbox));
        });
        parsed(Domain::parse).ifPresent(domain -> meanings.add(HistoryFilter.ALL.withDomain(domain)));
        return meanings;
    }

    private <T> Optional<T> parsed(Function<String, T> parser) {
        try {
            return Optional.of(parser.apply(text));
        } catch (IllegalArgumentException e) { // it is something else
            return Optional.empty();
        }
    }
}
