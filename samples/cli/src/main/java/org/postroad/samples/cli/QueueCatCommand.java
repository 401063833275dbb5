// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.cli;

import java.io.IOException;
import java.io.PrintStream;
import org.postroad.provider.MailQueue;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Writes the content of a message. */
@Command(
        name = "cat",
        header = "Writes a message in the queue to the standard output, exactly as it is stored.",
        description = {"%nLines end with CR LF, as in SMTP. The options --json and --color have no effect.%n"},
        footerHeading = "%nExamples:%n",
        footer = {
            "  postroad queue cat 0MG7JC1Q2... > message.eml",
            "  postroad queue cat '<1234@app.example.net>' | less"
        })
final class QueueCatCommand extends QueueTask {

    private final PrintStream octets;

    @Parameters(
            arity = "1",
            paramLabel = "ID",
            description = "The id of a message, or its Message-ID in angle brackets.")
    private String name = "";

    /** @param octets where the message goes */
    QueueCatCommand(PrintStream octets) {
        this.octets = octets;
    }

    @Override
    int run(MailQueue queue) {
        String id = new MessageNames(queue).inQueue(name);
        try {
            if (!queue.writeTo(id, octets)) {
                throw new CliException(ExitCode.PERMANENT, "The message " + id + " has just left the queue");
            }
        } catch (IOException e) { // not of the stream, whose errors are noticed at the end
            throw new CliException(ExitCode.PERMANENT, String.valueOf(e.getMessage()), e);
        }
        return ExitCode.OK;
    }
}
