// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.cli;

import java.util.List;
import org.postroad.api.QueuedMail;
import org.postroad.provider.MailQueue;
import org.postroad.samples.cli.TextOutput.Look;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Shows messages of the queue with their attempts. */
@Command(
        name = "show",
        header = "Shows a message in the queue: its recipients, their state, and the latest attempts.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  postroad queue show 0MG7JC1Q2...",
            "  postroad queue show '<1234@app.example.net>'",
            "  postroad queue show --json 0MG7JC1Q2... | jq .deliveries[].dueAt",
            "",
            "A message that has left the queue is in the history: postroad queue history ID."
        })
final class QueueShowCommand extends QueueTask {

    @Parameters(
            arity = "1..*",
            paramLabel = "ID",
            description = "The id of a message, or its Message-ID in angle brackets.")
    private List<String> names = List.of();

    @Override
    int run(MailQueue queue) {
        TextOutput out = text();
        for (String id : new MessageNames(queue).inQueue(names)) {
            queue.show(id).ifPresent(mail -> show(mail, out)); // it may be delivered meanwhile
        }
        return ExitCode.OK;
    }

    private void show(QueuedMail mail, TextOutput out) {
        if (json()) {
            print(mail.toJson());
            return;
        }
        boolean[] isFirst = {true};
        mail.toString().lines().forEach(line -> {
            out.line(line, isFirst[0] ? Look.HEADING : line.startsWith("  DAMAGED") ? Look.PERMANENT : Look.PLAIN);
            isFirst[0] = false;
        });
    }
}
