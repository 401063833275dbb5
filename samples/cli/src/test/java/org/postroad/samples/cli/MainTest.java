// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** What all commands have in common: help, usage errors, completion, and the end of the output. */
class MainTest extends CliTesting {

    @Test
    void usage_aMissingCommandAndMissingArgumentsAreOneLine() {
        assertError(bare(), ExitCode.USAGE, "postroad: A command is missing (postroad --help)");
        assertError(
                bare("route"),
                ExitCode.USAGE,
                "postroad route: Missing required parameter: 'ADDRESS' (postroad route --help)");
    }

    @Test
    void usage_theNearestCommandAndOptionAreNamed() {
        Result similar = bare("rout", "a@dual.test");
        assertThat(similar.code()).isEqualTo(ExitCode.USAGE);
        assertThat(similar.err())
                .startsWith("postroad: \"rout\" is not known here; did you mean route")
                .hasLineCount(1);
        assertError(
                bare("route", "--jsom", "a@dual.test"),
                ExitCode.USAGE,
                "postroad route: \"--jsom\" is not known here; did you mean --json? (postroad route --help)");
    }

    /** Every command, also those that are added later, and those of a group. */
    @Test
    void help_everyCommandHasADescriptionAndExamples() {
        assertHelp("", root());
    }

    private static CommandLine root() {
        return Main.commands(InputStream.nullInputStream(), System.out);
    }

    private static void assertHelp(String group, CommandLine above) {
        assertThat(above.getSubcommands()).isNotEmpty();
        above.getSubcommands().forEach((name, command) -> {
            CommandLine.Model.UsageMessageSpec usage = command.getCommandSpec().usageMessage();
            assertThat(usage.header().length + usage.description().length)
                    .as(name)
                    .isPositive();
            if (command.getCommandSpec().userObject().getClass().getPackage().equals(Main.class.getPackage())) {
                String full = (group + " " + name).strip();
                List<String> arguments = new ArrayList<>(List.of(full.split(" ")));
                arguments.add("--help");
                Result help = bare(arguments.toArray(String[]::new));
                assertThat(help.out()).as(full).contains("Examples:", "postroad " + full);
                assertThat(help.code()).isEqualTo(ExitCode.OK);
                if (command.getSubcommands().isEmpty()) {
                    assertThat(help.out()).as(full).contains("--json", "--settings");
                } else {
                    assertHelp(full, command);
                }
            }
        });
    }

    /** As code, or with its arguments. */
    @Test
    void readme_namesEveryCommand() throws IOException {
        String readme = Files.readString(Path.of("README.md"));
        Stream<String> names = root().getSubcommands().entrySet().stream()
                .flatMap(command -> Stream.concat(
                        Stream.of(command.getKey()), command.getValue().getSubcommands().keySet().stream()));
        assertThat(names).allSatisfy(name -> assertThat(readme).containsPattern("(?m)^\\|.*`" + name + "[` ]"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "help"})
    void help_exitCodesAndExamplesAreListed(String argument) {
        Result result = bare(argument);
        assertThat(result.code()).isEqualTo(ExitCode.OK);
        assertThat(result.out()).contains("Exit codes:", "64   ", "Examples:", "postroad route");
    }

    @Test
    void completion_theScriptKnowsTheCommands() {
        assertThat(bare("generate-completion").out())
                .contains("complete -F", "route", "send", "--dry-run", "queue", "pause", "--older-than");
    }

    /** In a JVM of its own, because the JDK reads its configuration of logging once. */
    @Test
    void log_aWarningIsOneLine() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "route",
                        "-s=mail.mx.famlies=ipv4",
                        "-s=mail.mx.dns.servers=127.0.0.1:1",
                        "a.test")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        assertThat(err.lines())
                .containsExactly(
                        "postroad: warning: The property mail.mx.famlies is not known; the nearest known one is"
                                + " mail.mx.families");
    }

    @Test
    void output_aClosedPipeEndsQuietly() {
        OutputStream closed = new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
                throw new IOException("Broken pipe");
            }
        };
        StringWriter err = new StringWriter();
        int code = Main.run(
                InputStream.nullInputStream(),
                new PrintStream(closed, false, StandardCharsets.UTF_8),
                new PrintWriter(err, true),
                Ansi.OFF,
                "--help");
        assertThat(code).isEqualTo(ExitCode.CLOSED_PIPE);
        assertThat(err.toString()).isEmpty();
    }
}
