// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.cli;

import org.postroad.api.QueueShape;
import org.postroad.provider.MailQueue;
import org.postroad.samples.cli.TextOutput.Look;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows what waits, by domain and age. */
@Command(
        name = "shape",
        header = "Shows how much waits for each domain, by age, and why.",
        description = {
            "%nAs Postfix's qshape: T is the number of deliveries, and the columns are their ages in minutes. Then the reasons"
                    + " of the last failures with their numbers.%n"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  postroad queue shape",
            "  postroad queue shape --limit 100",
            "  postroad queue shape --json | jq '.reasons[0]'"
        })
final class QueueShapeCommand extends QueueTask {

    @Option(
            names = "--limit",
            paramLabel = "NUMBER",
            description =
                    "The maximum number of domains, and of reasons; the others are one sum. Default: ${DEFAULT-VALUE}.")
    private int limit = 20;

    @Override
    void check() {
        if (limit < 1 || limit > MailQueue.MAX_PAGE) {
            throw wrong("--limit is 1 to " + MailQueue.MAX_PAGE + ", not " + limit);
        }
    }

    @Override
    int run(MailQueue queue) {
        QueueShape shape = queue.shape(limit);
        if (json()) {
            print(shape.toJson());
            return ExitCode.OK;
        }
        TextOutput out = text();
        boolean[] isFirst = {true};
        shape.toString().lines().forEach(line -> {
            out.line(line, isFirst[0] ? Look.HEADING : Look.PLAIN);
            isFirst[0] = false;
        });
        return ExitCode.OK;
    }
}
