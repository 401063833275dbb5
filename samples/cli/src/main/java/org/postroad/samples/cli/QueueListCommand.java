// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postroad.api.Mailbox;
import org.postroad.api.QueuedMail;
import org.postroad.provider.MailQueue;
import org.postroad.samples.cli.TextOutput.Look;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists messages of the queue. */
@Command(
        name = "list",
        header = "Lists the messages in the queue, the oldest first.",
        description = {
            "%nOne line for each message and domain with waiting recipients. DUE says when the next attempt is made.%n"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  postroad queue list",
            "  postroad queue list --domain example.org --older-than 1d",
            "  postroad queue list --state held",
            "  postroad queue list --json | jq -r 'select(.size > 1000000).id'",
            "",
            "With --json, each message is one line, and there is no limit unless --limit is given."
        })
final class QueueListCommand extends QueueTask {

    private static final long TEXT_LIMIT = 50;

    @Mixin
    private MessageFilters filters = new MessageFilters();

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
        }
    }

    @Override
    int run(MailQueue queue) {
        long most = limit != null ? limit : json() ? Long.MAX_VALUE : TEXT_LIMIT;
        TextOutput out = text();
        Table table = new Table(out, "ID", "AGE", ">OCTETS", "STATE", ">TRIES", "DUE", "SENDER", "RECIPIENTS");
        long shown = 0;
        String last = after;
        List<QueuedMail> page;
        do {
            int size = (int) Math.min(most - shown, MailQueue.MAX_PAGE);
            page = queue.list(filters.filter(), last, size);
            page.forEach(mail -> {
                if (json()) {
                    print(mail.toJson());
                } else {
                    add(mail, table);
                }
            });
            table.print();
            shown += page.size();
            last = page.isEmpty() ? last : page.get(page.size() - 1).id();
        } while (!page.isEmpty() && shown < most);
        if (!json()) {
            printEnd(queue, shown, most, last, out);
        }
        return ExitCode.OK;
    }

    private void printEnd(MailQueue queue, long shown, long most, String last, TextOutput out) {
        if (shown == 0) {
            out.line("No message" + (filters.areGiven() ? " matches" : " is in the queue"), Look.MINOR);
        } else if (shown == most && !queue.list(filters.filter(), last, 1).isEmpty()) {
            out.line(
                    "There are more than " + shown + ": --after " + last + " goes on, and --limit sets their number",
                    Look.MINOR);
        }
    }

    private static void add(QueuedMail mail, Table table) {
        String sender = mail.sender().map(Mailbox::toString).orElse("<>");
        String age = Times.since(mail.queuedAt());
        String size = String.valueOf(mail.size());
        boolean isFirst = true;
        for (QueuedMail.Delivery delivery : mail.deliveries()) {
            table.row(
                    look(mail, delivery),
                    isFirst ? mail.id() : "",
                    isFirst ? age : "",
                    isFirst ? size : "",
                    delivery.state() + (delivery.inDoubt() ? ", in doubt" : ""),
                    String.valueOf(delivery.attempts()),
                    due(delivery),
                    isFirst ? sender : "",
                    recipients(delivery.recipients()));
            isFirst = false;
        }
        if (isFirst) {
            table.row(
                    mail.damage().isPresent() ? Look.PERMANENT : Look.MINOR,
                    mail.id(),
                    age,
                    size,
                    mail.damage().isPresent() ? "DAMAGED" : "NOTICE",
                    "",
                    "",
                    sender,
                    "");
        }
    }

    private static Look look(QueuedMail mail, QueuedMail.Delivery delivery) {
        if (mail.damage().isPresent()) {
            return Look.PERMANENT;
        }
        return switch (delivery.state()) {
            case HELD -> Look.TEMPORARY;
            case TRYING -> Look.GOOD;
            case FUTURE -> Look.MINOR;
            default -> Look.PLAIN;
        };
    }

    private static String due(QueuedMail.Delivery delivery) {
        if (delivery.state() != QueuedMail.State.OPEN && delivery.state() != QueuedMail.State.FUTURE) {
            return "";
        }
        Instant now = Instant.now();
        return delivery.dueAt().isAfter(now) ? "in " + Times.words(Duration.between(now, delivery.dueAt())) : "now";
    }

    private static String recipients(List<Mailbox> recipients) {
        if (recipients.isEmpty()) {
            return "";
        }
        int more = recipients.size() - 1;
        return recipients.get(0) + (more == 0 ? "" : " and " + more + " more");
    }
}
