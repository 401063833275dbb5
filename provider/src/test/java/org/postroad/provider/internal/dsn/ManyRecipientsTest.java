// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dsn;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.eclipse.angus.mail.dsn.DeliveryStatus;
import org.eclipse.angus.mail.dsn.MultipartReport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postroad.api.EnhancedStatus;

/** Notices about many recipients: a short human-readable part, a complete machine-readable part. */
class ManyRecipientsTest {

    private static DeliveryNotice notice(int recipients, IntFunction<RecipientStatus> one) {
        return new DeliveryNotice(
                Event.FAILED,
                Samples.REPORTER,
                Samples.submission(),
                IntStream.range(0, recipients).mapToObj(one).toList());
    }

    private static RecipientStatus unknown(int number) {
        String address = "user" + number + "@example.org";
        RecipientStatus refused = Samples.refused(address, 550, "5.1.1 <" + address + ">: no such user");
        return withHistory(
                refused,
                List.of(
                        new RecipientStatus.HistoryLine(Samples.NOW, "contact  mx.example.org, no TLS"),
                        new RecipientStatus.HistoryLine(
                                Samples.NOW, "<" + address + "> RCPT TO: 550 5.1.1 no such user")));
    }

    private static RecipientStatus withHistory(RecipientStatus recipient, List<RecipientStatus.HistoryLine> history) {
        return new RecipientStatus(
                recipient.address(), recipient.status(), recipient.lastAttempt(), Optional.empty(), history);
    }

    private static int count(String part, String text) {
        return (text.length() - text.replace(part, "").length()) / part.length();
    }

    @ParameterizedTest
    @CsvSource({"99, 99, 0", "100, 100, 0", "101, 100, 1", "1000, 100, 900"})
    void human_commonReasonsAreGrouped(int recipients, int listed, int counted) {
        String text = HumanText.of(notice(recipients, ManyRecipientsTest::unknown), ReturnedContent.HEADERS);
        assertThat(count("There is no such mailbox at example.org.", text)).isEqualTo(1);
        assertThat(count("contact mx.example.org", text)).isEqualTo(1);
        assertThat(text.lines().filter(line -> line.matches(" {4}user\\d+@example\\.org")))
                .hasSize(listed);
        assertThat(text)
                .contains("550 5.1.1 <user0@example.org>: no such user")
                .contains("user0@example.org and " + (recipients - 1) + " others: failed, 5.1.1");
        assertThat(text.contains("more address")).isEqualTo(counted > 0);
        if (counted > 0) {
            assertThat(text)
                    .contains("(" + (counted == 1 ? "1 more address; " : counted + " more addresses; ") + "all are in");
        }
    }

    @Test
    void human_differentReasonsAreSeparate() {
        List<RecipientStatus> recipients = List.of(
                unknown(1), Samples.refused("full@example.org", 552, "5.2.2 mailbox full"), unknown(2), unknown(3));
        String text = HumanText.of(notice(4, recipients::get), ReturnedContent.HEADERS);
        assertThat(text).contains("    user1@example.org\r\n    user2@example.org\r\n    user3@example.org\r\n\r\n");
        assertThat(text)
                .contains("    full@example.org\r\n\r\n        The mailbox is full.")
                .contains("user1@example.org and 2 others: failed, 5.1.1")
                .contains("full@example.org: failed, 5.2.2");
    }

    /** The same refusal in a different attempt is a different history. */
    @Test
    void human_differentHistoriesAreSeparate() {
        RecipientStatus later = withHistory(
                unknown(2), List.of(new RecipientStatus.HistoryLine(Samples.NOW.plus(Duration.ofHours(1)), "later")));
        String text = HumanText.of(notice(2, i -> i == 0 ? unknown(1) : later), ReturnedContent.HEADERS);
        assertThat(text).contains("user1@example.org: failed, 5.1.1", "user2@example.org: failed, 5.1.1");
        assertThat(count("There is no such mailbox", text)).isEqualTo(1);
    }

    @Test
    void human_hasALimitIfAllReasonsDiffer() {
        DeliveryNotice notice = notice(
                5000,
                i -> withHistory(
                        Samples.refused("user" + i + "@example.org", 550, "5.1.1 no such user, see id " + i),
                        List.of(new RecipientStatus.HistoryLine(Samples.NOW, "attempt " + i))));
        String text = HumanText.of(notice, ReturnedContent.HEADERS);
        assertThat(text.length()).isBetween(2 * HumanText.MAX_SECTION, 2 * HumanText.MAX_SECTION + 4096);
        assertThat(text).contains("see id 0", " more addresses; all are in the delivery report");
        assertThat(count("more addresses", text)).isEqualTo(2);
        int shown = count("see id", text);
        assertThat(text).contains("(" + (5000 - shown) + " more addresses");
    }

    @Test
    void report_hasTheStatusAndReplyOfEach() throws Exception {
        int recipients = 1000;
        DeliveryNotice notice = notice(
                recipients,
                i -> i % 3 == 0
                        ? Samples.found("user" + i + "@example.org", EnhancedStatus.NO_ANSWER_4_4_1)
                        : Samples.refused("user" + i + "@example.org", 550 + i % 3, "5.1." + i % 7 + " reply " + i));
        byte[] octets = Samples.write(notice, Samples.Original.of(Samples.ORIGINAL));
        DeliveryStatus report =
                (DeliveryStatus) ((MultipartReport) Samples.read(octets).getContent()).getReport();
        assertThat(report.getRecipientDSNCount()).isEqualTo(recipients);
        for (int i = 0; i < recipients; i++) {
            var fields = report.getRecipientDSN(i);
            assertThat(fields.getHeader("Final-Recipient")).containsExactly("rfc822; user" + i + "@example.org");
            assertThat(fields.getHeader("Status")).containsExactly(i % 3 == 0 ? "4.4.1" : "5.1." + i % 7);
            assertThat(fields.getHeader("Diagnostic-Code"))
                    .isEqualTo(
                            i % 3 == 0
                                    ? null
                                    : new String[] {"smtp; " + (550 + i % 3) + " 5.1." + i % 7 + " reply " + i});
        }
        assertThat(octets.length).isLessThan(350_000);
    }

    /** Replies are complete up to the limit; beyond it, only replies longer than their share are cut. */
    @Test
    void report_allRepliesTogetherHaveALimit() {
        int recipients = 1024;
        int share = StatusReport.MAX_REPLIES / recipients;
        assertThat(reply(0).length()).isEqualTo(share);
        String whole = text(StatusReport.of(notice(recipients, i -> refused(i, 0)), NoticeEncoding.SEVEN_BIT));
        assertThat(whole).doesNotContain(" ...");

        String cut = text(StatusReport.of(
                notice(
                        recipients,
                        i -> i == 1 ? Samples.refused("user1@example.org", 550, "short") : refused(i, i == 0 ? 1 : 20)),
                NoticeEncoding.SEVEN_BIT));
        assertThat(cut).contains("550 short");
        assertThat(count(" ...", cut)).isEqualTo(recipients - 1);
        assertThat(cut.length()).isLessThan(StatusReport.MAX_REPLIES + recipients * 400);
    }

    /** A reply of eight lines; up to 300 characters of each line are shown. */
    private static RecipientStatus refused(int number, int more) {
        String[] lines = new String[8];
        Arrays.fill(lines, "x".repeat(255));
        lines[7] = "x".repeat(252 + more);
        return Samples.refused("user" + number + "@example.org", 550, lines);
    }

    private static String reply(int more) {
        return ReplyText.line(refused(0, more).reply().orElseThrow());
    }

    private static String text(Fields fields) {
        return new String(fields.octets(), StandardCharsets.UTF_8);
    }
}
