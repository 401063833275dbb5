// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The commands of {@code queue} that only read. */
@Timeout(300)
class QueueCommandTest extends QueueCliTesting {

    @BeforeEach
    void fillTheQueue() throws Exception {
        fill();
    }

    @Test
    void list_oneLineForEachMessageAndDomain() throws Exception {
        Result result = settled(queue("list"));
        assertGolden("queue-list.txt", result);
        assertThat(result.code()).isEqualTo(ExitCode.OK);
    }

    @Test
    void list_asJson() throws Exception {
        assertGolden("queue-list.json", settled(queue("list", "--json")));
    }

    @Test
    void list_goesOnAfterAPage() {
        Result first = queue("list", "--limit", "2");
        assertThat(first.out())
                .contains(id(3), id(4))
                .endsWith("There are more than 2: --after " + id(4) + " goes on, and --limit sets their number"
                        + System.lineSeparator());
        assertThat(queue("list", "--limit=4", "--after", id(4)).out())
                .contains(id(5), id(8))
                .doesNotContain("more");
        assertThat(queue("list", "--json", "--limit=1").out()).contains(id(3)).hasLineCount(1);
    }

    @Test
    void list_filtersApplyTogether() {
        assertThat(queue("list", "--domain", "paused.test", "--state", "held").out())
                .contains(id(5))
                .hasLineCount(2);
        assertThat(queue("list", "--recipient=carl@dual.test", "--sender=me@client.test")
                        .out())
                .contains(id(3))
                .hasLineCount(2);
        assertThat(queue("list", "--domain=nowhere.test").out())
                .isEqualTo("No message matches" + System.lineSeparator());
    }

    @Test
    void show_aMessageWithItsAttempts() throws Exception {
        assertGolden("queue-show.txt", settled(queue("show", id(3), "<4@client.test>")));
        assertGolden("queue-show.json", settled(queue("show", "--json", id(4))));
    }

    @Test
    void search_findsByEveryName() throws Exception {
        assertGolden("queue-search.txt", settled(queue("search", "me@client.test")));
        for (String text : new String[] {"order-17", "<6@client.test>", "6@client.test", "hans@paused.test", id(6)}) {
            assertThat(queue("search", text).out()).as(text).contains(id(6)).hasLineCount(2);
        }
        assertThat(queue("search", "other.test").out()).contains(id(4), "frank").hasLineCount(2);
        assertThat(queue("search", "<7@client.test>", "--json").out())
                .contains(id(7), id(8))
                .hasLineCount(2);
    }

    @Test
    void search_nothingIsPermanent() {
        Result result = queue("search", "nobody@dual.test");
        assertThat(result.out()).isEqualTo("Nothing is found" + System.lineSeparator());
        assertThat(result.code()).isEqualTo(ExitCode.PERMANENT);
    }

    @Test
    void history_ofMessagesThatHaveLeftTheQueue() throws Exception {
        assertGolden("queue-history.txt", settled(queue("history", "--domain=dual.test")));
        assertGolden("queue-history-id.txt", settled(queue("history", id(2), "<4@client.test>")));
        assertGolden("queue-history.json", settled(queue("history", "--json", "--fate", "failed")));
        assertThat(queue("history", "--reason", "GREYLISTED").out())
                .contains(id(3))
                .hasLineCount(2);
        assertThat(queue("history", "--older-than", "1h").out()).startsWith("No message matches");
        assertThat(queue("history", "--newer-than=1h", "--key=order-17").out())
                .contains(id(6))
                .hasLineCount(2);
    }

    @Test
    void status_howMuchIsThere() throws Exception {
        assertGolden("queue-status.txt", settled(queue("status")));
        assertGolden("queue-status.json", settled(queue("status", "--json")));
    }

    @Test
    void cat_theOctetsOfTheMessage() {
        Result result = queue("cat", "<5@client.test>");
        assertThat(result.out())
                .isEqualTo(
                        "From: me@client.test\r\nDate: Mon, 2 Mar 2026 08:30:00 +0000\r\nMessage-ID: <5@client.test>\r\n"
                                + "Subject: Number 5\r\nTo: gina@paused.test\r\n\r\nHello \u00fc\u00fc\u00fc\u00fc\u00fc\r\n");
        assertThat(result.code()).isEqualTo(ExitCode.OK);
    }

    @Test
    void why_mailToADomainWaits() throws Exception {
        assertGolden("queue-why.txt", settled(queue("why")));
        assertGolden("queue-why.json", settled(queue("why", "--json")));
        assertThat(queue("why", "paused.test").out()).startsWith("paused.test: ");
        assertThat(queue("why", "nowhere.test").out())
                .isEqualTo("No mail to nowhere.test waits" + System.lineSeparator());
    }

    @Test
    void shape_byDomainAndAge() throws Exception {
        assertGolden("queue-shape.txt", settled(queue("shape")));
        assertGolden("queue-shape.json", settled(queue("shape", "--json")));
    }

    @Test
    void output_coloursOnlyIfWanted() {
        assertThat(queue("list").out()).doesNotContain("\u001b");
        assertThat(queue("list", "--color=always").out())
                .startsWith("\u001b[1mID ")
                .contains("\u001b[33m" + id(5));
    }
}
