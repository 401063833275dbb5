// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.postroad.provider.internal.message.Samples.COMPLETE;
import static org.postroad.provider.internal.message.Samples.spooled;

import jakarta.mail.Message;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The fields that are dropped and added (RFC 5322 §3.6), and the limit of the header. */
final class HeaderFilterTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Bcc: secret@example.net\r\n",
                "BCC:secret@example.net\r\n",
                "bcc : secret@example.net\r\n",
                "Bcc\t: secret@example.net\r\n",
                "Bcc: a@example.net,\r\n secret@example.net,\r\n\tb@example.net\r\n",
                "Bcc:\r\n secret@example.net\r\n \r\n\t\r\n",
                "Bcc: secret@example.net\r\nBcc: again@example.net\r\n",
                "resent-BCC: secret@example.net\r\n",
                "Return-Path: <secret@example.net>\r\n",
                "content-LENGTH: 77\r\n",
                "Bcc\r\n : secret@example.net\r\n",
                "Bcc \r\n\t\r\n : secret@example.net\r\n",
                "\fBcc: secret@example.net\r\n",
                "\u0001 Bcc\u0000\u000b: secret@example.net\r\n",
                "resent-bcc\r\n\t: secret@example.net\r\n"
            })
    void message_envelopeFieldsAreDroppedWithTheLinesThatContinueThem(String field) {
        assertThat(spooled(COMPLETE + "From: a@example.org\r\n" + field + "Subject: x\r\n\r\nBody\r\n"))
                .isEqualTo(COMPLETE + "From: a@example.org\r\nSubject: x\r\n\r\nBody\r\n");
        assertThat(spooled(field + COMPLETE + "\r\nBody\r\n")).isEqualTo(COMPLETE + "\r\nBody\r\n");
        assertThat(spooled(COMPLETE + field + "\r\nBody\r\n")).isEqualTo(COMPLETE + "\r\nBody\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Bcc: stays\r\n",
                "Bcc2: stays\r\n",
                "Subject: Bcc: stays\r\n",
                "Subject: x\r\n Bcc: stays\r\n",
                "Cc: a@example.org\r\n",
                "a line that is no field\r\n",
                " a continuation of nothing\r\n",
                ": no name\r\n",
                "X-Odd:   spaces  and\ttabs \r\n  folded \r\n"
            })
    void message_everyOtherHeaderLineStaysOctetForOctet(String field) {
        assertThat(spooled(field + COMPLETE + "\r\n")).isEqualTo(field + COMPLETE + "\r\n");
    }

    /** Anything that Jakarta Mail reads as a Bcc, and therefore sends to, is dropped, however it is written. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Bcc\r\n : secret@example.net",
                "\fBcc: secret@example.net",
                "\u0007BCC\t \r\n\t : secret@example.net",
                "Bcc: secret@example.net"
            })
    void message_aBccOfJakartaMailIsNeverSent(String line) throws Exception {
        MimeMessage message = new MimeMessage(Session.getInstance(new Properties()));
        message.setText("x");
        message.addHeaderLine(line);
        assertThat(message.getRecipients(Message.RecipientType.BCC)).hasSize(1);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        message.writeTo(out);
        assertThat(spooled(Samples.text(out.toByteArray()))).doesNotContainIgnoringCase("secret");
    }

    @Test
    void message_aFirstContinuationLineIsDroppedAsABcc() {
        assertThat(spooled(" Bcc: secret@example.net\r\n" + COMPLETE + "\r\n")).isEqualTo(COMPLETE + "\r\n");
    }

    @Test
    void message_bccInTheBodyAndInAnEmbeddedMessageStays() {
        String message = COMPLETE
                + "Content-Type: message/rfc822\r\n\r\nBcc: b@example.org\r\nReturn-Path: <>\r\n\r\nBcc: c@example.org\r\n";
        assertThat(spooled(message)).isEqualTo(message);
    }

    @Test
    void message_bccAfterALineThatIsNotAFieldIsDropped() {
        assertThat(spooled(COMPLETE + "no field\r\nBcc: secret@example.net\r\n\r\n"))
                .isEqualTo(COMPLETE + "no field\r\n\r\n");
    }

    @Test
    void message_missingDateAndMessageIdAreAddedAtTheTop() {
        String spooled = spooled("Subject: x\r\n\r\nBody\r\n");
        assertThat(spooled)
                .startsWith("Date: Tue, 3 Nov 2026 04:05:06 +0000\r\nMessage-ID: <")
                .endsWith("@example.org>\r\nSubject: x\r\n\r\nBody\r\n")
                .matches("(?s)Date: [^\r]+\r\nMessage-ID: <[0-9a-z.]{10,60}@example\\.org>\r\nSubject.*");
    }

    @ParameterizedTest
    @CsvSource({"dAtE,Message-ID", "message-id,Date", "Date ,Message-ID", "MESSAGE-ID\t,Date"})
    void message_anExistingFieldIsNotAddedAgain(String present, String added) {
        String spooled = spooled(present + ": mine\r\n\r\n");
        assertThat(spooled).startsWith(added + ": ").endsWith("\r\n" + present + ": mine\r\n\r\n");
        assertThat(spooled.lines()).hasSize(3);
    }

    @Test
    void message_dateInTheBodyOrInAnotherFieldDoesNotCount() {
        assertThat(spooled("Resent-Date: x\r\nSubject: y\r\n Date: z\r\n\r\nDate: body\r\nMessage-ID: <b@c>\r\n"))
                .startsWith("Date: Tue, 3 Nov")
                .contains("\r\nMessage-ID: <")
                .endsWith("Resent-Date: x\r\nSubject: y\r\n Date: z\r\n\r\nDate: body\r\nMessage-ID: <b@c>\r\n");
    }

    @Test
    void message_messageIdsOfTheSameMillisecondDiffer() {
        HeaderDefaults defaults = Samples.defaults();
        List<String> made = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            made.add(defaults.messageId());
        }
        assertThat(new HashSet<>(made)).hasSize(1000);
    }

    @Test
    void message_withoutEmptyLineIsAllHeaderAndGetsAnEmptyLine() {
        assertThat(spooled(COMPLETE + "Bcc: secret@example.net\r\nSubject: x"))
                .isEqualTo(COMPLETE + "Subject: x\r\n\r\n");
    }

    @Test
    void message_thatEndsWithItsHeaderHasAnEmptyBody() {
        assertThat(spooled(COMPLETE + "\r\n")).isEqualTo(COMPLETE + "\r\n");
    }

    @Test
    void message_withALeadingEmptyLineIsAllBody() {
        assertThat(spooled("\r\nBcc: body\r\n"))
                .startsWith("Date: ")
                .contains("\r\nMessage-ID: ")
                .endsWith(">\r\n\r\nBcc: body\r\n");
    }

    @Test
    void message_withoutOctetsGetsAHeader() {
        assertThat(spooled("")).matches("Date: [^\r]+\r\nMessage-ID: [^\r]+\r\n\r\n");
    }

    @Test
    void message_headerLimitIsExactToTheOctet() {
        String prefix = COMPLETE + "X: ";
        String fits = prefix + "x".repeat(HeaderFilter.MAX_HEADER - prefix.length() - 2) + "\r\n";
        assertThat(spooled(fits + "\r\nBody\r\n")).isEqualTo(fits + "\r\nBody\r\n");
        assertThatThrownBy(() -> spooled("y" + fits + "\r\nBody\r\n"))
                .hasRootCauseInstanceOf(MessageTooLargeException.class)
                .hasMessageContaining("header of the message is larger than 1048576 octets");
    }

    @Test
    void message_headerLimitDoesNotCountTheBody() {
        String message = COMPLETE + "\r\n" + "b\r\n".repeat(HeaderFilter.MAX_HEADER / 2);
        assertThat(spooled(message)).isEqualTo(message);
    }
}
