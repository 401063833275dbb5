// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dsn;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postroad.api.EnhancedStatus;
import org.postroad.api.IpAddress;
import org.postroad.api.Mailbox;
import org.postroad.api.RemoteMta;
import org.postroad.api.Reply;

/** The human-readable part of a notice. */
class HumanTextTest {

    private static final Instant FIRST = Instant.parse("2026-11-25T09:30:20Z");
    private static final Instant SECOND = Instant.parse("2026-11-25T13:30:20Z");

    @Test
    void failure_ofOneRecipientIsExplained() {
        Reply reply = new Reply(550, List.of("5.1.1 <nobody@example.org>: no such user here"));
        DeliveryNotice notice = new DeliveryNotice(
                Event.FAILED,
                Samples.REPORTER,
                submission(Optional.of("Invoice 4711"), Optional.empty()),
                List.of(recipient("nobody@example.org", reply, Optional.empty())));

        assertThat(HumanText.of(notice, ReturnedContent.FULL)).isEqualTo(lines("""
                Your message "Invoice 4711" of 25 November 2026, 09:30 UTC could not be
                delivered to this address:

                    nobody@example.org

                        There is no such mailbox at example.org.

                        What you can do: Check the address for typing errors, correct
                        it, and send the message again. If it is right, ask the person
                        in another way which address to use.

                        The mail server mx.example.org answered:

                            550 5.1.1 <nobody@example.org>: no such user here

                This is final: we do not try again. If the message has other recipients,
                nothing is said about them here.

                Your message is attached. If it could not be returned in full, only its
                header is attached.

                The mail system of mail.example.net


                Technical details for mail administrators
                =========================================

                nobody@example.org: failed, 5.1.1
                    25 Nov 2026, 09:30:20 UTC
                        mx.example.org[192.0.2.1]:25: no answer: timed out
                    25 Nov 2026, 13:30:20 UTC
                        mx.example.org[192.0.2.1]:25, RCPT TO: 550 5.1.1
                        <nobody@example.org>: no such user here
                """));
    }

    @Test
    void delay_ofOneRecipientIsExplained() {
        Reply reply = new Reply(451, List.of("4.7.1 Greylisted, please come back in five minutes"));
        DeliveryNotice notice = new DeliveryNotice(
                Event.DELAYED,
                Samples.REPORTER,
                submission(Optional.empty(), Optional.empty()),
                List.of(recipient("busy@example.org", reply, Optional.of(Instant.parse("2026-11-30T09:30:15Z")))));

        assertThat(HumanText.of(notice, ReturnedContent.HEADERS)).isEqualTo(lines("""
                Your message of 25 November 2026, 09:30 UTC has not yet been delivered
                to this address:

                    busy@example.org

                        The mail server of example.org does not accept the message under
                        its rules for now.

                        The mail server mx.example.org answered:

                            451 4.7.1 Greylisted, please come back in five minutes

                        We keep trying until 30 November 2026, 09:30 UTC.

                You need not do anything. Please do not send the message again: it might
                arrive twice. If we finally give up, we will inform you, unless you
                asked us not to.

                The header of your message is attached, so that you can tell which one
                it was.

                The mail system of mail.example.net


                Technical details for mail administrators
                =========================================

                busy@example.org: delayed, 4.7.1
                    25 Nov 2026, 09:30:20 UTC
                        mx.example.org[192.0.2.1]:25: no answer: timed out
                    25 Nov 2026, 13:30:20 UTC
                        mx.example.org[192.0.2.1]:25, RCPT TO: 451 4.7.1 Greylisted,
                        please come back in five minutes
                """));
    }

    @Test
    void failure_ofSeveralRecipientsHasEachReason() {
        Reply reply = new Reply(
                552,
                List.of(
                        "5.3.4 Your message is larger than what we take here, which is 10 MB at present, see",
                        "5.3.4   https://help.example.org/how/large/may/a/message/be/that/is/sent/to/us?lang=en",
                        ""));
        RecipientStatus large = recipient("box@example.org", reply, Optional.empty());
        RecipientStatus moved = new RecipientStatus(
                new RecipientStatus.Address(large.address().current(), Optional.of(Mailbox.parse("team@example.com"))),
                large.status(),
                large.lastAttempt(),
                Optional.empty(),
                large.history());
        RecipientStatus silent = new RecipientStatus(
                Samples.to("someone@example.com"),
                EnhancedStatus.NO_ANSWER_4_4_1,
                Optional.of(new RecipientStatus.LastAttempt(SECOND, Optional.empty(), Optional.empty())),
                Optional.empty(),
                List.of(
                        new RecipientStatus.HistoryLine(FIRST, "mx.example.com[2001:db8::1]:25: no answer: timed out"),
                        new RecipientStatus.HistoryLine(
                                SECOND, "mx.example.com[192.0.2.7]:25: no answer: connection refused")));
        DeliveryNotice notice = new DeliveryNotice(
                Event.FAILED,
                Samples.REPORTER,
                submission(Optional.of("Photographs"), Optional.of("order 4711")),
                List.of(moved, silent, Samples.found("me@exmaple.org", EnhancedStatus.BAD_DESTINATION_SYSTEM_5_1_2)));

        assertThat(HumanText.of(notice, ReturnedContent.HEADERS)).isEqualTo(lines("""
                Your message "Photographs" of 25 November 2026, 09:30 UTC could not be
                delivered to these 3 addresses:

                    box@example.org
                    (you wrote to team@example.com, which leads there)

                        The message is larger than example.org takes.

                        What you can do: Make it smaller, for example by sharing a large
                        file as a link, and send it again.

                        The mail server mx.example.org answered:

                            552 5.3.4 Your message is larger than what we take here,
                            which is 10 MB at present, see
                            https://help.example.org/how/large/may/a/message/be/that/is/sent/to/us?lang=en

                    someone@example.com

                        No mail server of example.com answered. This was still so when
                        we gave up.

                        What you can do: Send the message again later. If it is urgent,
                        contact the person in another way.

                    me@exmaple.org

                        There is nothing in the Internet named exmaple.org that receives
                        mail.

                        What you can do: Check the address for typing errors, correct
                        it, and send the message again. If it is right, ask the person
                        in another way which address to use.

                This is final: we do not try again. If the message has other recipients,
                nothing is said about them here.

                The header of your message is attached, so that you can tell which one
                it was.

                The mail system of mail.example.net


                Technical details for mail administrators
                =========================================

                Envelope id: order 4711

                box@example.org: failed, 5.3.4
                    25 Nov 2026, 09:30:20 UTC
                        mx.example.org[192.0.2.1]:25: no answer: timed out
                    25 Nov 2026, 13:30:20 UTC
                        mx.example.org[192.0.2.1]:25, RCPT TO: 552 5.3.4 Your message is
                        larger than what we take here, which is 10 MB at present, see /
                        5.3.4
                        https://help.example.org/how/large/may/a/message/be/that/is/sent/to/us?lang=en
                        /

                someone@example.com: failed, 4.4.1
                    25 Nov 2026, 09:30:20 UTC
                        mx.example.com[2001:db8::1]:25: no answer: timed out
                    25 Nov 2026, 13:30:20 UTC
                        mx.example.com[192.0.2.7]:25: no answer: connection refused

                me@exmaple.org: failed, 5.1.2
                """));
    }

    @Test
    void relayed_saysThatNothingIsWrong() {
        RecipientStatus passed = recipient("a@example.org", new Reply(250, List.of("2.0.0 ok")), Optional.empty());
        DeliveryNotice notice = new DeliveryNotice(
                Event.RELAYED, Samples.REPORTER, submission(Optional.empty(), Optional.empty()), List.of(passed));

        assertThat(HumanText.of(notice, ReturnedContent.HEADERS)).startsWith(lines("""
                Your message of 25 November 2026, 09:30 UTC was passed on for this
                address:

                    a@example.org

                        The mail server mx.example.org took it. It sends no
                        confirmations.

                Nothing is wrong. This is as far as we can follow the message, and we do
                not send any further confirmation.
                """));
    }

    @Test
    void equalOriginalRecipient_andBlankSubject_areNotMentioned() {
        RecipientStatus refused = Samples.refused("a@example.org", 550, "no");
        RecipientStatus same = new RecipientStatus(
                new RecipientStatus.Address(
                        refused.address().current(),
                        Optional.of(refused.address().current())),
                refused.status(),
                refused.lastAttempt(),
                Optional.empty(),
                List.of());
        DeliveryNotice notice = new DeliveryNotice(
                Event.FAILED, Samples.REPORTER, submission(Optional.of("  "), Optional.empty()), List.of(same));

        assertThat(HumanText.of(notice, ReturnedContent.HEADERS))
                .startsWith("Your message of 25")
                .doesNotContain("you wrote to");
    }

    @ParameterizedTest
    @CsvSource({
        "FULL, 'Your message is attached. If it could not be returned in full, only its header is attached.'",
        "HEADERS, 'The header of your message is attached, so that you can tell which one it was.'",
        "NOTHING, 'Nothing of your message could be attached.'"
    })
    void closing_namesTheAttachment(ReturnedContent returned, String sentence) {
        DeliveryNotice notice = new DeliveryNotice(
                Event.FAILED,
                Samples.REPORTER,
                submission(Optional.empty(), Optional.empty()),
                List.of(Samples.refused("a@example.org", 550, "no")));

        assertThat(HumanText.of(notice, returned).replaceAll("\\s+", " ")).contains(sentence);
    }

    @Test
    void server_isNamedByItsRole() {
        Reply reply = new Reply(554, List.of("5.7.0 no"));
        assertThat(answered(new RemoteMta(RemoteMta.Role.RELAY, Samples.MX.host(), Samples.MX.address(), 587), reply))
                .contains("The server that passes on our mail does not accept", "The relay mx.example.org answered:");
        IpAddress address = IpAddress.parse("2001:db8::1");
        assertThat(answered(new RemoteMta(RemoteMta.Role.ROUTE, address, address, 25), reply))
                .contains("The mail server [2001:db8::1] answered:");
    }

    @ParameterizedTest
    @CsvSource({"49, 49, ''", "50, 50, ''", "51, 50, (1 earlier)", "52, 50, (2 earlier)"})
    void history_isLimitedToTheNewest(int lines, int shown, String counted) {
        List<RecipientStatus.HistoryLine> history = IntStream.range(0, lines)
                .mapToObj(i -> new RecipientStatus.HistoryLine(FIRST.plus(Duration.ofHours(i)), "attempt-" + i + "."))
                .toList();
        RecipientStatus recipient = new RecipientStatus(
                Samples.to("a@example.org"),
                EnhancedStatus.NO_ANSWER_4_4_1,
                Optional.empty(),
                Optional.empty(),
                history);
        String text = HumanText.of(Samples.failed(recipient), ReturnedContent.HEADERS);

        assertThat(text.lines().filter(line -> line.contains("attempt-"))).hasSize(shown);
        assertThat(text).contains("attempt-" + (lines - 1) + ".", counted);
        assertThat(text.contains("earlier)")).isEqualTo(!counted.isEmpty());
    }

    @Test
    void lines_areShortUnlessAWordIsLong() {
        String address = "a-local-part-that-is-nearly-as-long-as-it-may-be-in-practice-64@"
                + "a-long-domain-name-for-the-sake-of-this-test.example.org";
        RecipientStatus recipient =
                Samples.refused(address, 550, "5.1.1 " + "word ".repeat(50), "x".repeat(300), "y".repeat(2000));
        String text = HumanText.of(Samples.failed(recipient), ReturnedContent.HEADERS);

        assertThat(text.lines().filter(line -> line.length() >= 78))
                .isNotEmpty()
                .allMatch(line -> !line.strip().contains(" "));
        assertThat(text).contains(address);
    }

    private static String answered(RemoteMta remote, Reply reply) {
        RecipientStatus recipient = new RecipientStatus(
                Samples.to("a@example.org"),
                reply.status(),
                Optional.of(new RecipientStatus.LastAttempt(SECOND, Optional.of(remote), Optional.of(reply))),
                Optional.empty(),
                List.of());
        return HumanText.of(Samples.failed(recipient), ReturnedContent.HEADERS);
    }

    private static RecipientStatus recipient(String address, Reply reply, Optional<Instant> until) {
        return new RecipientStatus(
                Samples.to(address),
                reply.status(),
                Optional.of(new RecipientStatus.LastAttempt(SECOND, Optional.of(Samples.MX), Optional.of(reply))),
                until,
                List.of(
                        new RecipientStatus.HistoryLine(FIRST, "mx.example.org[192.0.2.1]:25: no answer: timed out"),
                        new RecipientStatus.HistoryLine(SECOND, Samples.MX + ", RCPT TO: " + reply)));
    }

    private static Submission submission(Optional<String> subject, Optional<String> id) {
        return new Submission(
                new Submission.EnvelopeFacts(Optional.of(Samples.SENDER), id, Optional.empty()),
                Samples.ARRIVED,
                Optional.empty(),
                subject);
    }

    private static String lines(String text) {
        return text.replace("\n", "\r\n");
    }
}
