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
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.SQLInvalidAuthorizationSpecException;
import java.sql.SQLTransientConnectionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import picocli.CommandLine.Help.Ansi;

/** What goes wrong with a queue is one line that says what to do, and an exit code. */
@Timeout(300)
class QueueErrorTest extends QueueCliTesting {

    @Test
    void queue_aFileThatDoesNotExistIsNotCreated() {
        assertError(
                queue("list"),
                ExitCode.USAGE,
                "postroad queue list: There is no queue in " + file()
                        + ": the file does not exist. The process that delivers"
                        + " a queue creates it when it opens it");
        assertThat(file()).doesNotExist();
    }

    @Test
    void queue_aFileWithoutTablesIsNoQueue() throws Exception {
        Files.createFile(file());
        Result result = queue("list");
        assertThat(result.err())
                .startsWith("postroad queue list: There is no queue in " + file())
                .hasLineCount(1);
        assertThat(result.code()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void queue_aFileThatIsNoDatabase() throws Exception {
        Files.writeString(file(), "something else\n".repeat(100));
        Result result = queue("list");
        assertThat(result.err())
                .startsWith("postroad queue list: The queue in " + file() + " cannot be read: ")
                .contains("not a database")
                .hasLineCount(1);
        assertThat(result.code()).isEqualTo(ExitCode.PERMANENT);
    }

    @Test
    void queue_ofANewerVersionIsNotChanged() throws Exception {
        change("CREATE TABLE postroad_schema (version INTEGER NOT NULL)");
        change("INSERT INTO postroad_schema VALUES (99)");
        Result result = queue("list");
        assertThat(result.err())
                .startsWith("postroad queue list: The tables of the queue in " + file() + " have version 99, but")
                .contains("nothing was changed")
                .hasLineCount(1);
        assertThat(result.code()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void queue_anUnknownIdAndOneThatHasLeft() throws Exception {
        fill();
        assertError(
                queue("show", "17"),
                ExitCode.PERMANENT,
                "postroad queue show: No message \"17\" is in the queue; an id is in the output of queue list, and a Message-ID"
                        + " is in <>");
        assertError(
                queue("show", id(1)),
                ExitCode.PERMANENT,
                "postroad queue show: The message \"" + id(1) + "\" has left the queue: postroad queue history " + id(1)
                        + " says what became of it");
        assertError(
                queue("history", "17"),
                ExitCode.PERMANENT,
                "postroad queue history: The history has no message \"17\"; it may have ended longer ago than"
                        + " mail.mx.queue.keep");
    }

    @Test
    void queue_twoMessagesWithTheSameMessageId() throws Exception {
        fill();
        assertError(
                queue("show", "<7@client.test>"),
                ExitCode.USAGE,
                "postroad queue show: The Message-ID \"<7@client.test>\" is that of 2 messages; give the id of one: "
                        + id(8) + " " + id(7));
    }

    @Test
    void usage_whatIsWrongInTheCommandLine() {
        assertUsage(
                "queue list",
                "Invalid value for option '--older-than': \"2x\" is not a number with s, m, h or d,"
                        + " such as 90s, 30m, 2h or 5d",
                "--older-than=2x");
        assertUsage(
                "queue list",
                "Invalid value for option '--sender': The address \"x\" has no domain;"
                        + " user@example.org is an example",
                "--sender=x");
        assertUsage("queue list", "--limit is 1 or more, not 0", "--limit=0");
        assertUsage("queue search", "--limit is 1 to 1000, not 1001", "--limit=1001", "x");
        assertUsage("queue show", "Missing required parameter: 'ID'");
        assertUsage(
                "queue history",
                "Ids and other options that select messages exclude each other",
                "17",
                "--fate=failed");
        assertError(bare("queue"), ExitCode.USAGE, "postroad queue: A command is missing (postroad queue --help)");
    }

    private void assertUsage(String command, String problem, String... arguments) {
        assertError(
                queue(command.substring("queue ".length()), arguments),
                ExitCode.USAGE,
                "postroad " + command + ": " + problem + " (postroad " + command + " --help)");
    }

    @Test
    void queue_aDatabaseWithoutADriver() {
        assertError(
                bare("queue", "list", "--queue=jdbc:nosuch://user:secret@host/db"),
                ExitCode.USAGE,
                "postroad queue list: There is no JDBC driver for \"jdbc:nosuch:\" on the class path; set POSTROAD_CLASSPATH"
                        + " to its jar");
    }

    /** SQLite waits ten seconds for another process. */
    @Test
    void queue_aLockedFileIsTemporary() throws Exception {
        fill();
        try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file())) {
            other.createStatement().execute("BEGIN IMMEDIATE");
            assertThat(queue("list").code()).as("reading").isEqualTo(ExitCode.OK);
            Result result = queue("pause", "dual.test");
            assertThat(result.err())
                    .startsWith("postroad queue pause: ")
                    .contains("try again")
                    .hasLineCount(1);
            assertThat(result.code()).isEqualTo(ExitCode.TEMPORARY);
        }
    }

    /** Postroad explains an error of the driver, which has the reason. */
    @Test
    void queue_theFirstCauseDecidesTheExitCode() {
        SQLException denied = new SQLException("may only read", new SQLInvalidAuthorizationSpecException("denied"));
        SQLException lost = new SQLException("lost", new SQLTransientConnectionException("reset"));
        assertThat(QueueErrors.ofOperation(new IllegalStateException("x", denied)))
                .extracting(CliException::exitCode)
                .isEqualTo(ExitCode.PERMANENT);
        assertThat(QueueErrors.ofOperation(new IllegalStateException("x", lost)))
                .extracting(CliException::exitCode)
                .isEqualTo(ExitCode.TEMPORARY);
        assertThat(QueueErrors.ofOperation(new IllegalStateException("x"))).isNull();
    }

    @Test
    void output_aClosedPipeEndsQuietly() throws Exception {
        fill();
        OutputStream closed = new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
                throw new IOException("Broken pipe");
            }
        };
        StringWriter err = new StringWriter();
        for (String[] command : new String[][] {{"list"}, {"list", "--json"}, {"cat", id(3)}}) {
            String[] all = new String[command.length + 3];
            System.arraycopy(command, 0, all, 1, command.length);
            all[0] = "queue";
            all[command.length + 1] = "--queue";
            all[command.length + 2] = file().toString();
            int code = Main.run(
                    InputStream.nullInputStream(),
                    new PrintStream(closed, false, StandardCharsets.UTF_8),
                    new PrintWriter(err, true),
                    Ansi.OFF,
                    all);
            assertThat(code).as(String.join(" ", command)).isEqualTo(ExitCode.CLOSED_PIPE);
        }
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void settings_nameTheQueueAsWell() throws Exception {
        fill();
        Path settings = folder.resolve("app.properties");
        Files.writeString(settings, "mail.mx.queue.url=jdbc:sqlite:" + file() + "\n");
        assertThat(bare("queue", "list", "--settings", settings.toString()).out())
                .contains(id(3));
        assertThat(bare("queue", "list", "-s=mail.mx.queue.url=jdbc:sqlite:" + file())
                        .out())
                .contains(id(3));
    }
}
