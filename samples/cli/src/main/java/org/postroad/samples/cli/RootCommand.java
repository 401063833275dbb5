// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.cli;

import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The program without a command: its help. */
@Command(
        name = "postroad",
        mixinStandardHelpOptions = true,
        versionProvider = RootCommand.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        header = "Sends mail without a smarthost, says where it would go and why, and administers queues.",
        description = {
            "",
            "Each command has its own help with examples: @|bold postroad route --help|@. Settings of Postroad, which"
                    + " begin with mail.mx., are given with @|bold -s|@ or in a file.",
            ""
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "  0:it worked",
            "  1:a temporary failure; the same command may work later",
            "  2:a permanent failure",
            " 64:the command line or a setting is wrong",
            " 70:a defect of the program",
            "141:the reader of the output went away"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  postroad send message.eml --to someone@example.org",
            "  postroad route someone@example.org",
            "  postroad probe --all example.org",
            "  postroad audit example.org",
            "  postroad explain '<1234@app.example.net>'",
            "  postroad queue list --domain example.org",
            "  postroad route --json example.org | jq '.domains[].contacts[0].remote.address'",
            "  source <(postroad generate-completion)      completes commands and options in bash and zsh"
        },
        subcommands = {
            SendCommand.class,
            RouteCommand.class,
            ProbeCommand.class,
            AuditCommand.class,
            ExplainCommand.class,
            QueueCommand.class,
            CommandLine.HelpCommand.class,
            GenerateCompletion.class
        })
final class RootCommand implements Runnable {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "A command is missing");
    }

    /** The version in the manifest of the jar. */
    static final class Version implements CommandLine.IVersionProvider {

        @Override
        public String[] getVersion() {
            String version = RootCommand.class.getPackage().getImplementationVersion();
            return new String[] {"postroad " + (version == null ? "(not from its jar)" : version)};
        }
    }
}
