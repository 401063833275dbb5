// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The group of commands that inspect and administer a queue. */
@Command(
        name = "queue",
        synopsisSubcommandLabel = "COMMAND",
        header = "Inspects and administers a queue, also while another process delivers it.",
        description = {
            "%nA message is named by its id, or by its Message-ID in angle brackets. The queue is that of the settings, or of"
                    + " @|bold --queue|@. No command of this group delivers mail: the process that has the queue open does.%n"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  postroad queue status --queue /var/lib/app/queue.db",
            "  postroad queue list --domain example.org",
            "  postroad queue show 0MG7JC1Q2...                  a message, its attempts and their replies",
            "  postroad queue why example.org                    why mail to a domain waits",
            "  postroad queue hold --domain example.org          what would be held",
            "  postroad queue hold --domain example.org --yes    holds it",
            "",
            "@|bold postroad queue COMMAND --help|@ has the options of a command, with examples."
        },
        subcommands = {
            QueueStatusCommand.class,
            QueueListCommand.class,
            QueueShowCommand.class,
            QueueCatCommand.class,
            QueueSearchCommand.class,
            QueueHistoryCommand.class,
            QueueShapeCommand.class,
            QueueWhyCommand.class,
            QueuePageCommand.class,
            QueueChangeCommands.Hold.class,
            QueueChangeCommands.Release.class,
            QueueChangeCommands.Retry.class,
            QueueChangeCommands.Expire.class,
            QueueChangeCommands.Remove.class,
            QueueChangeCommands.Bounce.class,
            QueuePauseCommands.Pause.class,
            QueuePauseCommands.Resume.class,
            QueueDrainCommand.class,
            HelpCommand.class
        })
final class QueueCommand implements Runnable {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    @SuppressWarnings("UnusedVariable") // picocli reads it
    private boolean help;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "A command is missing");
    }
}
