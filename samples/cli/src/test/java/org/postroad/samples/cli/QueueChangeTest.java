// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The commands that change messages: by id at once, by a filter with {@code --yes} only. */
@Timeout(300)
class QueueChangeTest extends QueueCliTesting {

    private static final String NL = System.lineSeparator();

    @BeforeEach
    void fillTheQueue() throws Exception {
        fill();
    }

    private String states() {
        return queue("list", "--json")
                .out()
                .replaceAll("(?m)^.*?\"state\":\"(\\w+)\".*?(?:\"state\":\"(\\w+)\".*)?$", "$1$2")
                .replace(NL, " ")
                .strip();
    }

    private static final String UNCHANGED = "OPEN OPENOPEN HELD FUTURE OPEN OPEN";

    @Test
    void hold_byIdAndMessageIdAtOnce() {
        assertThat(states()).isEqualTo(UNCHANGED);
        Result result = queue("hold", id(3), "<4@client.test>");
        assertThat(result.out()).isEqualTo(id(3) + ": 1 delivery held" + NL + id(4) + ": 2 deliveries held" + NL);
        assertThat(result.code()).isEqualTo(ExitCode.OK);
        assertThat(states()).isEqualTo("HELD HELDHELD HELD FUTURE OPEN OPEN");
        assertThat(queue("release", id(4)).out()).isEqualTo(id(4) + ": 2 deliveries released" + NL);
    }

    @Test
    void hold_nothingIsChangedIfOneIdIsWrong() {
        Result result = queue("hold", id(3), "17");
        assertThat(result.code()).isEqualTo(ExitCode.PERMANENT);
        assertThat(result.err())
                .startsWith("postroad queue hold: No message \"17\" is in the queue")
                .hasLineCount(1);
        assertThat(queue("hold", "<7@client.test>").code()).isEqualTo(ExitCode.USAGE);
        assertThat(states()).isEqualTo(UNCHANGED);
    }

    @Test
    void release_ofAMessageThatIsNotHeldIsTemporary() {
        Result result = queue("release", id(4));
        assertThat(result.out()).isEqualTo(id(4) + ": no delivery could be released" + NL);
        assertThat(result.code()).isEqualTo(ExitCode.TEMPORARY);
    }

    @Test
    void hold_byAFilterIsADryRunWithoutYes() throws Exception {
        List<String> filter = List.of("--domain=paused.test", "--state=open", "--sender=me@client.test");
        String[] dry = filter.toArray(String[]::new);
        assertGolden("queue-hold-dry.txt", settled(queue("hold", dry)));
        assertThat(states()).isEqualTo(UNCHANGED);
        String[] wet = {"--domain=paused.test", "--state=open", "--sender=me@client.test", "--yes"};
        assertThat(queue("hold", wet).out()).isEqualTo("3 deliveries held" + NL);
        assertThat(states()).isEqualTo("OPEN OPENHELD HELD FUTURE HELD HELD");
    }

    @Test
    void hold_asJson() throws Exception {
        assertGolden("queue-hold-dry.json", settled(queue("hold", "--all", "--json")));
        assertThat(queue("hold", "--all", "--json", "--yes").out())
                .isEqualTo("{\"version\":1,\"command\":\"hold\",\"dryRun\":false,\"changed\":6}" + NL);
        assertThat(queue("release", "--json", id(5)).out())
                .isEqualTo("{\"version\":1,\"command\":\"release\",\"dryRun\":false,\"id\":\"" + id(5)
                        + "\",\"changed\":1}" + NL);
    }

    @Test
    void remove_onlyTheDeliveriesToTheDomain() {
        assertThat(queue("remove", "--domain=other.test", "--yes").out()).isEqualTo("1 delivery removed" + NL);
        assertThat(queue("show", id(4)).out()).contains("paused.test").doesNotContain("other.test");
        assertThat(queue("remove", id(4), id(3)).out())
                .isEqualTo(id(4) + ": 1 delivery removed" + NL + id(3) + ": 1 delivery removed" + NL);
        assertThat(queue("history", id(3)).out()).contains("<carl@dual.test> REMOVED");
        assertThat(states()).isEqualTo("HELD FUTURE OPEN OPEN");
    }

    @Test
    void retryBounceAndExpire() {
        assertThat(queue("retry", "--reason=GREYLISTED", "--yes").out()).isEqualTo("1 delivery retried" + NL);
        assertThat(queue("list", "--domain=dual.test").out()).contains("  now  ");
        assertThat(queue("expire", "--in=2d", id(3), id(4)).out())
                .isEqualTo(id(3) + ": 1 message given a new end" + NL + id(4) + ": 1 message given a new end" + NL);
        assertThat(queue("expire", "--at=2035-01-01T00:00:00Z", "--all", "--yes")
                        .out())
                .isEqualTo("6 messages given a new end" + NL);
        assertThat(queue("show", id(5)).out()).contains("expires at 2035-01-01T00:00:00Z");
        assertThat(queue("bounce", id(5)).out()).isEqualTo(id(5) + ": 1 delivery bounced" + NL);
    }

    @Test
    void filters_byAgeAndPriority() {
        assertThat(queue("hold", "--older-than=1h").out()).isEqualTo("No message matches; nothing was changed" + NL);
        assertThat(queue("hold", "--newer-than=1h", "--recipient=ida@paused.test")
                        .out())
                .startsWith("Would hold 1 message with 1 delivery to 1 recipient; the oldest was queued ");
        assertThat(queue("list", "--priority=high").out()).isEqualTo("No message matches" + NL);
        assertThat(queue("list", "--priority=normal", "--reason", "come back").out())
                .contains(id(3))
                .hasLineCount(2);
    }

    @Test
    void usage_idsOrAFilter() {
        String help = " (postroad queue hold --help)";
        assertError(
                queue("hold"),
                ExitCode.USAGE,
                "postroad queue hold: Which messages? Give ids, or options such as --domain, or --all" + help);
        assertError(
                queue("hold", id(3), "--all"),
                ExitCode.USAGE,
                "postroad queue hold: Ids and options that select messages exclude each other" + help);
        assertError(
                queue("hold", "--state=held", "--all"),
                ExitCode.USAGE,
                "postroad queue hold: --all and other options that select messages exclude each other" + help);
        assertError(
                queue("expire", id(3)),
                ExitCode.USAGE,
                "postroad queue expire: Give one of --in and --at (postroad queue expire --help)");
        assertError(
                queue("hold", "--reason="),
                ExitCode.USAGE,
                "postroad queue hold: The reason to search for has 1 to 250 characters, not 0: \"\"");
    }
}
