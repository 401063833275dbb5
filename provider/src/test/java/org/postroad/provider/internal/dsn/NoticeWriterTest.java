// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dsn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.mail.Header;
import jakarta.mail.internet.InternetHeaders;
import jakarta.mail.internet.MailDateFormat;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.eclipse.angus.mail.dsn.DeliveryStatus;
import org.eclipse.angus.mail.dsn.MultipartReport;
import org.junit.jupiter.api.Test;
import org.postroad.api.EnhancedStatus;
import org.postroad.api.IpAddress;
import org.postroad.api.Mailbox;
import org.postroad.api.Reply;
import org.postroad.provider.internal.envelope.MessageId;
import org.postroad.provider.internal.envelope.Returned;

/** Reads notices with Angus Mail. */
class NoticeWriterTest {

    private static final Instant TRIED = Instant.parse("2026-11-25T09:30:59Z");
    private static final Instant UNTIL = Instant.parse("2026-11-30T09:30:15Z");

    @Test
    void header_namesSenderRecipientAndAutoSubmitted() throws Exception {
        byte[] octets = Samples.write(complete(Event.FAILED), Samples.Original.of(Samples.ORIGINAL));
        MimeMessage message = Samples.read(octets);

        assertThat(fields(Collections.list(message.getAllHeaders())))
                .containsExactly(
                        "From: Mail Delivery System <MAILER-DAEMON@mail.example.net>",
                        "To: <sender@example.net>",
                        "Subject: Undelivered mail: nobody@example.org",
                        "Date: Wed, 25 Nov 2026 09:31:00 +0000",
                        "Message-ID: <notice-1@mail.example.net>",
                        "In-Reply-To: <original@example.net>",
                        "References: <original@example.net>",
                        "Auto-Submitted: auto-replied",
                        "MIME-Version: 1.0",
                        "Content-Type: multipart/report; report-type=delivery-status; boundary=\"" + Samples.BOUNDARY
                                + "\"",
                        "Content-Transfer-Encoding: 7bit");
        assertThat(message.getSentDate().toInstant()).isEqualTo(Samples.NOW);
        assertThat(Samples.isAscii(octets)).isTrue();
        assertThat(Samples.longestLine(octets)).isLessThanOrEqualTo(78);
    }

    @Test
    void notice_isAHeaderAndThreeParts() throws IOException {
        DeliveryNotice notice = complete(Event.FAILED);
        String wire =
                new String(Samples.write(notice, Samples.Original.of(Samples.ORIGINAL)), StandardCharsets.US_ASCII);
        String delimiter = "\r\n--" + Samples.BOUNDARY;

        assertThat(wire.substring(wire.indexOf("\r\n\r\n") + 4))
                .isEqualTo("This is a delivery status notification in MIME format (RFC 3464).\r\n" + delimiter
                        + "\r\nContent-Type: text/plain; charset=us-ascii\r\nContent-Description: What happened\r\n"
                        + "Content-Transfer-Encoding: 7bit\r\n\r\n" + HumanText.of(notice, ReturnedContent.FULL)
                        + delimiter
                        + "\r\nContent-Type: message/delivery-status\r\nContent-Description: Delivery report\r\n"
                        + "Content-Transfer-Encoding: 7bit\r\n\r\n"
                        + new String(
                                StatusReport.of(notice, NoticeEncoding.SEVEN_BIT)
                                        .octets(),
                                StandardCharsets.US_ASCII)
                        + delimiter
                        + "\r\nContent-Type: message/rfc822\r\nContent-Description: Your message\r\n"
                        + "Content-Transfer-Encoding: 7bit\r\n\r\n" + Samples.ORIGINAL + delimiter + "--\r\n");
    }

    @Test
    void report_hasEveryField() throws Exception {
        MultipartReport report = report(complete(Event.FAILED));

        assertThat(report.getCount()).isEqualTo(3);
        DeliveryStatus status = (DeliveryStatus) report.getReport();
        assertThat(fields(status.getMessageDSN()))
                .containsExactly(
                        "Original-Envelope-Id: order 4711",
                        "Reporting-MTA: dns; mail.example.net",
                        "Arrival-Date: Wed, 25 Nov 2026 09:30:15 +0000");
        assertThat(status.getRecipientDSNCount()).isEqualTo(1);
        assertThat(fields(status.getRecipientDSN(0)))
                .containsExactly(
                        "Original-Recipient: rfc822; info+tag@example.com",
                        "Final-Recipient: rfc822; nobody@example.org",
                        "Action: failed",
                        "Status: 5.1.1",
                        "Remote-MTA: dns; mx.example.org",
                        "Diagnostic-Code: smtp; 550 5.1.1 No such user here",
                        "Last-Attempt-Date: Wed, 25 Nov 2026 09:30:59 +0000");
    }

    @Test
    void report_ofADelayHasTheRetryLimit() throws Exception {
        DeliveryStatus status = (DeliveryStatus) report(complete(Event.DELAYED)).getReport();

        assertThat(fields(status.getRecipientDSN(0)))
                .contains("Action: delayed", "Status: 4.1.1", "Will-Retry-Until: Mon, 30 Nov 2026 09:30:15 +0000");
    }

    @Test
    void report_withoutOptionalFacts_hasTheRequiredFields() throws Exception {
        DeliveryNotice notice = new DeliveryNotice(
                Event.FAILED,
                IpAddress.parse("2001:db8::1"),
                Samples.submission(),
                List.of(Samples.found("a@example.org", EnhancedStatus.NULL_MX_5_1_10)));
        MimeMessage message = Samples.read(Samples.write(notice, Samples.Original.of(Samples.ORIGINAL)));
        DeliveryStatus status = (DeliveryStatus) ((MultipartReport) message.getContent()).getReport();

        assertThat(message.getHeader("From", null))
                .isEqualTo("Mail Delivery System <MAILER-DAEMON@[IPv6:2001:db8::1]>");
        assertThat(message.getHeader("In-Reply-To")).isNull();
        assertThat(message.getHeader("References")).isNull();
        assertThat(fields(status.getMessageDSN()))
                .containsExactly(
                        "Reporting-MTA: dns; [IPv6:2001:db8::1]", "Arrival-Date: Wed, 25 Nov 2026 09:30:15 +0000");
        assertThat(fields(status.getRecipientDSN(0)))
                .containsExactly("Final-Recipient: rfc822; a@example.org", "Action: failed", "Status: 5.1.10");
    }

    @Test
    void report_hasAGroupForEachRecipient() throws Exception {
        DeliveryNotice notice = Samples.failed(
                Samples.refused("a@example.org", 550, "5.1.1 no"),
                Samples.found("b@example.com", EnhancedStatus.NO_ANSWER_4_4_1),
                Samples.refused("c@example.org", 552, "5.2.2 full"));
        DeliveryStatus status = (DeliveryStatus) report(notice).getReport();

        assertThat(status.getRecipientDSNCount()).isEqualTo(3);
        assertThat(List.of(
                        status.getRecipientDSN(0).getHeader("Final-Recipient")[0],
                        status.getRecipientDSN(1).getHeader("Final-Recipient")[0],
                        status.getRecipientDSN(2).getHeader("Final-Recipient")[0]))
                .containsExactly("rfc822; a@example.org", "rfc822; b@example.com", "rfc822; c@example.org");
        assertThat(status.getRecipientDSN(1).getHeader("Status")).containsExactly("4.4.1");
    }

    @Test
    void subject_namesTheEventAndTheNumberOfRecipients() throws Exception {
        RecipientStatus failed = Samples.found("a@example.org", EnhancedStatus.NULL_MX_5_1_10);
        RecipientStatus delayed = Samples.found("a@example.org", EnhancedStatus.NO_ANSWER_4_4_1);
        RecipientStatus passed = Samples.found("a@example.org", EnhancedStatus.SUCCESS_2_0_0);

        assertThat(subject(Event.FAILED, failed)).isEqualTo("Undelivered mail: a@example.org");
        assertThat(subject(Event.FAILED, failed, failed)).isEqualTo("Undelivered mail: a@example.org and another");
        assertThat(subject(Event.FAILED, failed, failed, failed))
                .isEqualTo("Undelivered mail: a@example.org and 2 others");
        assertThat(subject(Event.DELAYED, delayed)).isEqualTo("Delayed mail, still trying: a@example.org");
        assertThat(subject(Event.RELAYED, passed)).isEqualTo("Mail passed on: a@example.org");
    }

    @Test
    void action_isThatOfTheEvent() throws Exception {
        RecipientStatus passed = Samples.found("a@example.org", EnhancedStatus.SUCCESS_2_0_0);
        DeliveryNotice notice =
                new DeliveryNotice(Event.RELAYED, Samples.REPORTER, Samples.submission(), List.of(passed));
        DeliveryStatus status = (DeliveryStatus) report(notice).getReport();
        assertThat(status.getRecipientDSN(0).getHeader("Action")).containsExactly("relayed");
    }

    @Test
    void dates_canBeParsed() throws ParseException {
        Instant early = Instant.parse("2026-03-01T00:00:00Z");
        assertThat(new MailDateFormat().parse(Dates.inHeader(early)).toInstant())
                .isEqualTo(early);
        assertThat(Dates.inHeader(early)).isEqualTo("Sun, 1 Mar 2026 00:00:00 +0000");
    }

    @Test
    void write_passesOnAFailureOfTheOriginal() {
        OriginalMessage broken = new OriginalMessage() {
            @Override
            public InputStream open() throws IOException {
                throw new IOException("the disk is gone");
            }

            @Override
            public OriginalFacts facts() {
                return new OriginalFacts(10, false, false, false);
            }
        };
        assertThatThrownBy(() -> Samples.write(complete(Event.FAILED), broken))
                .isInstanceOf(IOException.class)
                .hasMessage("the disk is gone");
    }

    @Test
    void write_flushesAndDoesNotClose() throws IOException {
        List<String> seen = new ArrayList<>();
        OutputStream out = new OutputStream() {
            @Override
            public void write(int octet) {
                seen.add("octet");
            }

            @Override
            public void close() {
                seen.add("closed");
            }
        };
        NoticeWriter.write(complete(Event.FAILED), Samples.Original.of(Samples.ORIGINAL), Samples.STAMP, out);

        assertThat(seen)
                .hasSize(Samples.write(complete(Event.FAILED), Samples.Original.of(Samples.ORIGINAL)).length)
                .doesNotContain("closed");
    }

    /** Returns a notice with every value present. */
    private static DeliveryNotice complete(Event event) {
        boolean delay = event == Event.DELAYED;
        Reply reply = new Reply(delay ? 450 : 550, List.of(delay ? "4.1.1 Later" : "5.1.1 No such user here"));
        RecipientStatus recipient = new RecipientStatus(
                new RecipientStatus.Address(
                        Mailbox.parse("nobody@example.org"), Optional.of(Mailbox.parse("info+tag@example.com"))),
                reply.status(),
                Optional.of(new RecipientStatus.LastAttempt(TRIED, Optional.of(Samples.MX), Optional.of(reply))),
                delay ? Optional.of(UNTIL) : Optional.empty(),
                List.of(new RecipientStatus.HistoryLine(TRIED, "mx.example.org[192.0.2.1]:25, RCPT TO: " + reply)));
        Submission submission = new Submission(
                new Submission.EnvelopeFacts(
                        Optional.of(Samples.SENDER), Optional.of("order 4711"), Optional.of(Returned.FULL)),
                Samples.ARRIVED,
                MessageId.tryParse(" <original@example.net> "),
                Optional.of("Invoice 4711"));
        return new DeliveryNotice(event, Samples.REPORTER, submission, List.of(recipient));
    }

    private static MultipartReport report(DeliveryNotice notice) throws Exception {
        return (MultipartReport) Samples.read(Samples.write(notice, Samples.Original.of(Samples.ORIGINAL)))
                .getContent();
    }

    private static String subject(Event event, RecipientStatus... recipients) throws Exception {
        DeliveryNotice notice = new DeliveryNotice(event, Samples.REPORTER, Samples.submission(), List.of(recipients));
        return Samples.read(Samples.write(notice, Samples.Original.of(Samples.ORIGINAL)))
                .getSubject();
    }

    private static List<String> fields(InternetHeaders headers) {
        return fields(Collections.list(headers.getAllHeaders()));
    }

    private static List<String> fields(List<Header> headers) {
        return headers.stream()
                .map(header -> header.getName() + ": " + header.getValue().replace("\r\n", ""))
                .toList();
    }
}
