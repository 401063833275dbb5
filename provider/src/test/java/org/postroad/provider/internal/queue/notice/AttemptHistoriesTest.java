// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue.notice;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.postroad.api.Mailbox;
import org.postroad.api.QueuedMail.PastAttempt;
import org.postroad.api.Reply;
import org.postroad.provider.internal.dsn.RecipientStatus.HistoryLine;
import org.postroad.provider.internal.dsn.RecipientStatus.LastAttempt;

/** The history of attempts in a notice, for each recipient. */
class AttemptHistoriesTest {

    private static final Instant FIRST = Instant.parse("2026-11-25T09:30:20Z");
    private static final Instant SECOND = FIRST.plus(Duration.ofHours(1));
    private static final Mailbox A = Mailbox.parse("a@v4.test");
    private static final Mailbox B = Mailbox.parse("b@v4.test");
    private static final Mailbox ODD = Mailbox.parse("\"x> y\"@v4.test");
    private static final LastAttempt SILENT = new LastAttempt(SECOND, Optional.empty(), Optional.empty());

    private static LastAttempt answered(String text) {
        return new LastAttempt(SECOND, Optional.empty(), Optional.of(new Reply(550, List.of(text))));
    }

    private static List<String> words(List<HistoryLine> lines) {
        return lines.stream().map(HistoryLine::words).toList();
    }

    @Test
    void lines_areTheCommonOnesAndTheRecipientsOwnInOrder() {
        AttemptHistories reports = new AttemptHistories(
                List.of(
                        new PastAttempt(FIRST, """
                                v4.test
                                  contact  mx1
                                           <a@v4.test> RCPT TO: 450 a
                                           <b@v4.test> RCPT TO: 450 b, said <a@v4.test>
                                  contact  mx2
                                           <"x> y"@v4.test> RCPT TO: 450 odd
                                  result   <a@v4.test> deferred"""),
                        new PastAttempt(SECOND, "v4.test\n  contact  mx3\n  result   <c@v4.test> deferred")),
                List.of(A, B, ODD));
        assertThat(words(reports.of(A, SILENT)))
                .containsExactly(
                        "contact  mx1",
                        "<a@v4.test> RCPT TO: 450 a",
                        "contact  mx2",
                        "result   <a@v4.test> deferred",
                        "contact  mx3");
        assertThat(words(reports.of(B, SILENT)))
                .containsExactly(
                        "contact  mx1", "<b@v4.test> RCPT TO: 450 b, said <a@v4.test>", "contact  mx2", "contact  mx3");
        assertThat(words(reports.of(ODD, SILENT)))
                .containsExactly("contact  mx1", "contact  mx2", "<\"x> y\"@v4.test> RCPT TO: 450 odd", "contact  mx3");
    }

    /** The stored report is limited in length; what was cut off must still be shown. */
    @Test
    void lines_theReplyReplacesATruncatedReportOfTheLastAttempt() {
        AttemptHistories reports = new AttemptHistories(
                List.of(
                        new PastAttempt(FIRST, "v4.test\n  result   <b@v4.test> deferred"),
                        new PastAttempt(
                                SECOND, "v4.test\n  contact  mx1\n           <a@v4.test> RCPT TO: 550 no\n\u2026")),
                List.of(A, B));
        assertThat(words(reports.of(A, answered("no")))).containsExactly("contact  mx1", "<a@v4.test> RCPT TO: 550 no");
        assertThat(words(reports.of(B, answered("5.1.1 nobody"))))
                .containsExactly("result   <b@v4.test> deferred", "contact  mx1", "<b@v4.test> 550 5.1.1 nobody");
        assertThat(words(reports.of(Mailbox.parse("d@v4.test"), answered("never"))))
                .containsExactly("contact  mx1", "<d@v4.test> 550 never");
    }

    /** Once in total, not once for each recipient. */
    @Test
    void reports_areReadOnce() {
        AtomicInteger read = new AtomicInteger();
        List<PastAttempt> attempts = new AbstractList<>() {
            @Override
            public PastAttempt get(int index) {
                read.incrementAndGet();
                return new PastAttempt(FIRST, "v4.test\n  contact  mx" + index);
            }

            @Override
            public int size() {
                return 50;
            }
        };
        List<Mailbox> recipients = IntStream.range(0, 5000)
                .mapToObj(i -> Mailbox.parse("user" + i + "@v4.test"))
                .toList();
        AttemptHistories reports = new AttemptHistories(attempts, recipients);
        List<List<HistoryLine>> histories = new ArrayList<>();
        recipients.forEach(recipient -> histories.add(reports.of(recipient, SILENT)));
        assertThat(read).hasValue(50);
        assertThat(histories).allSatisfy(history -> assertThat(history).isSameAs(histories.get(0)));
    }
}
