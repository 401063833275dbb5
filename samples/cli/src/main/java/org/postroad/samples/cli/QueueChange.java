// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.cli;

import java.util.List;
import org.postroad.api.SelectionCount;
import org.postroad.provider.MailQueue;
import org.postroad.provider.QueueSelection;
import org.postroad.samples.cli.TextOutput.Look;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A command that changes messages: those with the given ids, or all that a filter selects, of which it first says how many they are. */
abstract class QueueChange extends QueueTask {

    @Parameters(
            arity = "0..*",
            paramLabel = "ID",
            description = "The id of a message, or its Message-ID in angle brackets. It is changed at once.")
    private List<String> names = List.of();

    @Mixin
    private MessageFilters filters = new MessageFilters();

    @Option(names = "--all", description = "All messages in the queue.")
    private boolean all;

    @Option(
            names = "--yes",
            description =
                    "Change the messages that the options select. Without, the command says what it would change.")
    private boolean yes;

    private final String command;
    private final String done;

    /**
     * @param command such as {@code hold}
     * @param done such as {@code held}
     */
    QueueChange(String command, String done) {
        this.command = command;
        this.done = done;
    }

    @Override
    void check() {
        boolean isFiltered = all || filters.areGiven();
        if (names.isEmpty() && !isFiltered) {
            throw wrong("Which messages? Give ids, or options such as --domain, or --all");
        } else if (!names.isEmpty() && isFiltered) {
            throw wrong("Ids and options that select messages exclude each other");
        } else if (all && filters.areGiven()) {
            throw wrong("--all and other options that select messages exclude each other");
        }
    }

    @Override
    final int run(MailQueue queue) throws InterruptedException {
        return names.isEmpty() ? changeSelected(queue) : changeNamed(queue);
    }

    /** Returns what is counted: deliveries, unless a command says otherwise. */
    String counted(long number) {
        return number(number, "delivery", "deliveries");
    }

    /** Changes one message. Returns the number of its deliveries that were changed. */
    abstract int change(MailQueue queue, String id) throws InterruptedException;

    /** Changes all selected messages. Returns the number of deliveries that were changed. */
    abstract long change(QueueSelection selection) throws InterruptedException;

    private int changeNamed(MailQueue queue) throws InterruptedException {
        int code = ExitCode.OK;
        for (String id : new MessageNames(queue).inQueue(names)) {
            boolean isNoticeOnly =
                    queue.show(id).filter(mail -> mail.deliveries().isEmpty()).isPresent();
            int changed = change(queue, id);
            if (json()) {
                print(json(false).with("id", id).with("changed", changed).toString());
            } else if (changed == 0) {
                String why = isNoticeOnly ? "; only a notice to its sender was left" : "";
                text().line(id + ": no delivery could be " + done + why, Look.TEMPORARY);
            } else {
                text().line(id + ": " + counted(changed) + " " + done, Look.PLAIN);
            }
            code = changed == 0 ? ExitCode.TEMPORARY : code;
        }
        return code;
    }

    private int changeSelected(MailQueue queue) throws InterruptedException {
        QueueSelection selection = queue.select(filters.filter());
        if (!yes) {
            announce(selection.count());
            return ExitCode.OK;
        }
        Progress progress = progress();
        long changed;
        try {
            changed = change(selection.onProgress(number -> progress.show(counted(number) + " " + done)));
        } finally {
            progress.end();
        }
        if (json()) {
            print(json(false).with("changed", changed).toString());
        } else {
            text().line(counted(changed) + " " + done, Look.PLAIN);
        }
        return ExitCode.OK;
    }

    private void announce(SelectionCount count) {
        if (json()) {
            JsonLine line = json(true)
                    .with("messages", count.messages())
                    .with("deliveries", count.deliveries())
                    .with("recipients", count.recipients());
            count.oldest().ifPresent(oldest -> line.with("oldest", Times.utc(oldest)));
            print(line.toString());
        } else if (count.messages() == 0) {
            text().line("No message matches; nothing was changed", Look.MINOR);
        } else {
            String oldest = count.oldest()
                    .map(time -> "; the oldest was queued " + Times.since(time) + " ago")
                    .orElse("");
            text().line(
                            "Would " + command + " " + number(count.messages(), "message", "messages") + " with "
                                    + number(count.deliveries(), "delivery", "deliveries") + " to "
                                    + number(count.recipients(), "recipient", "recipients") + oldest,
                            Look.HEADING);
            text().line("Nothing was changed; --yes does it", Look.MINOR);
        }
    }

    private JsonLine json(boolean isDryRun) {
        return new JsonLine().with("version", 1).with("command", command).with("dryRun", isDryRun);
    }

    static String number(long number, String one, String several) {
        return number + " " + (number == 1 ? one : several);
    }
}
