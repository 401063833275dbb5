// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.cli;

import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.List;
import org.postroad.api.Printable;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The program {@code postroad}. */
public final class Main {

    private static final String DEBUG = "--debug";
    private static final int HELP_WIDTH = 100;

    private final PrintWriter err;
    private final boolean debug;

    private Main(PrintWriter err, List<String> arguments) {
        this.err = err;
        this.debug = arguments.contains(DEBUG);
    }

    /** Runs the command of the arguments and ends the process. */
    public static void main(String... arguments) {
        LogLines.install(Arrays.asList(arguments).contains(DEBUG));
        PrintWriter err = new PrintWriter(System.err, true, Charset.defaultCharset());
        System.exit(run(System.in, System.out, err, Ansi.AUTO, arguments));
    }

    /**
     * Runs the command of the arguments.
     *
     * @param in where a message is read that is not in a file
     * @param octets where text is printed in the charset of the platform, and messages as they are
     * @param colours whether the help, and output with {@code --color=auto}, is in colours
     * @return the exit code
     */
    static int run(InputStream in, PrintStream octets, PrintWriter err, Ansi colours, String... arguments) {
        Main main = new Main(err, List.of(arguments));
        PrintWriter out = new PrintWriter(octets, false, Charset.defaultCharset());
        CommandLine command = commands(in, octets)
                .setOut(out)
                .setErr(err)
                .setColorScheme(CommandLine.Help.defaultColorScheme(colours))
                .setUsageHelpWidth(HELP_WIDTH)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(main::wrongUsage)
                .setExecutionExceptionHandler(main::failed);
        int code = command.execute(arguments);
        return out.checkError() ? ExitCode.CLOSED_PIPE : code; // flushes
    }

    /** Returns the program with its commands. */
    static CommandLine commands(InputStream in, PrintStream octets) {
        return new CommandLine(new RootCommand(), new Factory(in, octets));
    }

    /** Creates commands, and gives them the streams that they need. */
    private record Factory(InputStream in, PrintStream octets) implements CommandLine.IFactory {

        @Override
        public <K> K create(Class<K> type) throws Exception {
            if (type == SendCommand.class) {
                return type.cast(new SendCommand(in));
            } else if (type == QueueCatCommand.class) {
                return type.cast(new QueueCatCommand(octets));
            }
            return CommandLine.defaultFactory().create(type);
        }
    }

    private int wrongUsage(ParameterException problem, String[] arguments) {
        String command = problem.getCommandLine().getCommandSpec().qualifiedName();
        err.println(command + ": " + complaint(problem) + " (" + command + " --help)");
        return ExitCode.USAGE;
    }

    private static String complaint(ParameterException problem) {
        if (problem instanceof UnmatchedArgumentException unmatched) {
            String similar = String.join(" or ", unmatched.getSuggestions());
            return Printable.quote(unmatched.getUnmatched().get(0)) + " is not known here"
                    + (similar.isEmpty() ? "" : "; did you mean " + similar + "?");
        }
        return Printable.clean(String.valueOf(problem.getMessage()));
    }

    private int failed(Exception problem, CommandLine command, CommandLine.ParseResult parsed) {
        String name = command.getCommandSpec().qualifiedName();
        if (debug) {
            problem.printStackTrace(err);
        }
        if (problem instanceof CliException known) {
            err.println(name + ": " + known.getMessage());
            return known.exitCode();
        }
        CliException ofQueue = QueueErrors.ofOperation(problem);
        if (ofQueue != null) {
            err.println(name + ": " + ofQueue.getMessage());
            return ofQueue.exitCode();
        }
        err.println(name + ": this is a defect of the program: " + Printable.describe(problem) + " (" + DEBUG
                + " shows where)");
        return ExitCode.DEFECT;
    }
}
