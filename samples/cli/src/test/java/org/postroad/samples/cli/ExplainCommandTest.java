// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The command {@code explain}: a report of REPORT.md, and messages of a queue. */
@Timeout(300)
class ExplainCommandTest extends QueueCliTesting {

    private static final Path REPORT = Path.of("src/test/resources/org/postroad/samples/cli/report.json");

    private Result explain(String... arguments) {
        String[] all = new String[arguments.length + 3];
        all[0] = "explain";
        all[1] = "--queue";
        all[2] = file().toString();
        System.arraycopy(arguments, 0, all, 3, arguments.length);
        return bare(all);
    }

    /** Replaces durations, and which connection was used, as well. */
    private Result story(String message) {
        Result result = settled(explain(message));
        String out = result.out()
                .replaceAll("\\+\\d+\\.\\d+ s {4,}\\d+ ms", "+0.000 s      1 ms")
                .replaceAll(", which had carried \\d+ transactions? before", "")
                .replaceAll("(?m)^ .*(connecting|waiting for the greeting|EHLO)\\R", "");
        return new Result(result.code(), out, result.err());
    }

    @Test
    void explain_aReportAsText() throws Exception {
        Result result = bare("explain", REPORT.toString());
        assertGolden("explain-report.txt", result);
        assertThat(result.code()).isEqualTo(ExitCode.OK);
    }

    @Test
    void explain_aReportAsAPage() throws Exception {
        Path page = folder.resolve("report.html");
        Result result = bare("explain", REPORT.toString(), "--html", page.toString());
        assertThat(result.out()).isEqualTo("Written to " + page + System.lineSeparator());
        assertGolden("explain-report.html", new Result(result.code(), Files.readString(page), result.err()));
    }

    @Test
    void explain_messagesOfAQueueAlsoAfterTheirEnd() throws Exception {
        fill();
        assertGolden("explain-failed.txt", story(id(2)));
        assertGolden("explain-deferred.txt", story("<3@client.test>"));
        assertGolden("explain-delivered.txt", story(id(1)));
        assertThat(explain(id(4)).out())
                .contains("to          <frank@other.test> WAITING at ")
                .doesNotContain("attempt 1");
    }

    @Test
    void explain_aMessageOfAQueueAsJsonHasItsHistoryAndItsReports() throws Exception {
        fill();
        assertThat(explain("--json", id(2)).out())
                .startsWith("{\"version\":1,\"message\":{\"version\":1,\"id\":\"" + id(2) + "\"")
                .contains("\"attempts\":[{\"domain\":\"dual.test\",\"attempt\":1,", "\"report\":{\"version\":1,")
                .hasLineCount(1);
    }

    @Test
    void explain_anUnknownMessageIsPermanent() throws Exception {
        fill();
        assertError(
                explain("NOSUCHID"),
                ExitCode.PERMANENT,
                "postroad explain: The history has no message \"NOSUCHID\"; it may have ended longer ago than"
                        + " mail.mx.queue.keep");
        assertThat(explain("<7@client.test>").code()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void explain_whatIsNotAReportIsRefusedInOneLine() throws Exception {
        Path other = folder.resolve("other.json");
        String begin = "postroad explain: \"" + other + "\" is ";
        Files.writeString(other, "{\"version\":7,\"domains\":[]}");
        assertError(
                bare("explain", other.toString()),
                ExitCode.USAGE,
                begin + "a report of version 7; this program reads version 1");
        for (String text :
                new String[] {"", "{", "[]", "17", "{\"domains\":[]}", "{\"version\":1,\"domains\":[3]}", "\u0000"}) {
            Files.writeString(other, text);
            Result result = bare("explain", other.toString());
            assertThat(result.err())
                    .as(text)
                    .startsWith(begin + "not the JSON of a report")
                    .hasLineCount(1);
            assertThat(result.code()).as(text).isEqualTo(ExitCode.USAGE);
        }
    }

    @Test
    void explain_textsOfServersCannotChangeThePage() throws Exception {
        String report = Files.readString(REPORT, StandardCharsets.UTF_8)
                .replace("no such user", "<script>alert(1)</script>\\u001b[31m\\u202e");
        Path hostile = folder.resolve("hostile.json");
        Files.writeString(hostile, report);
        Path page = folder.resolve("hostile.html");
        bare("explain", hostile.toString(), "--html", page.toString());
        assertThat(Files.readString(page))
                .doesNotContain("<script>", "\u001b", "\u202e")
                .contains("&lt;script&gt;");
        assertThat(bare("explain", hostile.toString()).out()).doesNotContain("\u001b", "\u202e");
    }

    @Test
    void explain_aDeeplyNestedDocumentIsRefused() throws Exception {
        Path deep = folder.resolve("deep.json");
        Files.writeString(deep, "[".repeat(100_000));
        Result result = bare("explain", deep.toString());
        assertThat(result.code()).isEqualTo(ExitCode.USAGE);
        assertThat(result.err()).hasLineCount(1);
    }
}
