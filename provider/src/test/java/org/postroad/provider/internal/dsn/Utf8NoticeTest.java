// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dsn;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.mail.BodyPart;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.eclipse.angus.mail.dsn.DeliveryStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postroad.api.Mailbox;

/** Notices with non-ASCII content (RFC 6533). */
class Utf8NoticeTest {

    private static final Mailbox UTF8_SENDER = Mailbox.parse("s\u00f8ren@example.net");
    private static final String RECIPIENT = "j\u00fcrgen+x@example.org";
    private static final String UTF8_HEADER = "From: s\u00f8ren@example.net\r\nSubject: gr\u00f8d\r\n";
    private static final String UTF8_ORIGINAL = UTF8_HEADER + "\r\nb\u00f8dy\r\n";

    @Test
    void toAnAsciiSender_everythingIsSevenBit() throws Exception {
        byte[] octets = Samples.write(
                Samples.failed(Samples.refused(RECIPIENT, 550, "5.1.1 \u4e2d gone")),
                Samples.Original.of(UTF8_ORIGINAL, true, true));
        MimeMessage message = Samples.read(octets);

        assertThat(Samples.isAscii(octets)).isTrue();
        assertThat(Samples.longestLine(octets)).isLessThanOrEqualTo(78);
        assertThat(message.getEncoding()).isEqualTo("7bit");
        assertThat(message.getHeader("Subject", null)).startsWith("=?utf-8?B?");
        assertThat(message.getSubject()).isEqualTo("Undelivered mail: " + RECIPIENT);
        BodyPart human = Samples.part(message, 0);
        assertThat(human.getContentType()).isEqualTo("text/plain; charset=utf-8");
        assertThat(human.getHeader("Content-Transfer-Encoding")).containsExactly("quoted-printable");
        assertThat(Samples.content(human)).contains("    " + RECIPIENT + "\r\n", "550 5.1.1 \u4e2d gone");
        BodyPart status = Samples.part(message, 1);
        assertThat(status.getContentType()).isEqualTo("message/delivery-status");
        assertThat(status(status).getRecipientDSN(0).getHeader("Final-Recipient"))
                .containsExactly("utf-8; j\\x{FC}rgen\\x{2B}x@example.org");
        assertThat(status(status).getRecipientDSN(0).getHeader("Diagnostic-Code"))
                .containsExactly("smtp; 550 5.1.1 \\x{4E2D} gone");
        BodyPart original = Samples.part(message, 2);
        assertThat(original.getContentType()).isEqualTo("message/global");
        assertThat(original.getHeader("Content-Transfer-Encoding")).containsExactly("quoted-printable");
        assertThat(Samples.messageContent(original)).isEqualTo(UTF8_ORIGINAL);
    }

    @Test
    void toANonAsciiSender_nothingIsEncoded() throws Exception {
        byte[] octets = Samples.write(
                Samples.failedFor(UTF8_SENDER, Samples.refused(RECIPIENT, 550, "5.1.1 \u4e2d gone")),
                Samples.Original.of(UTF8_ORIGINAL, true, true));
        MimeMessage message = Samples.read(octets);

        assertThat(message.getEncoding()).isEqualTo("8bit");
        assertThat(message.getHeader("To", null)).isEqualTo("<s\u00f8ren@example.net>");
        assertThat(message.getHeader("Subject", null)).isEqualTo("Undelivered mail: " + RECIPIENT);
        BodyPart human = Samples.part(message, 0);
        assertThat(human.getHeader("Content-Transfer-Encoding")).containsExactly("8bit");
        assertThat(Samples.content(human)).contains("    " + RECIPIENT + "\r\n");
        BodyPart status = Samples.part(message, 1);
        assertThat(status.getContentType()).isEqualTo("message/global-delivery-status");
        assertThat(status.getHeader("Content-Transfer-Encoding")).containsExactly("8bit");
        assertThat(Samples.content(status))
                .contains(
                        "Final-Recipient: utf-8; " + RECIPIENT + "\r\n",
                        "Diagnostic-Code: smtp; 550 5.1.1 \u4e2d gone\r\n");
        BodyPart original = Samples.part(message, 2);
        assertThat(original.getContentType()).isEqualTo("message/global");
        assertThat(original.getHeader("Content-Transfer-Encoding")).containsExactly("8bit");
        assertThat(Samples.messageContent(original)).isEqualTo(UTF8_ORIGINAL);
    }

    @Test
    void toANonAsciiSender_asciiPartsAreOrdinary() throws Exception {
        MimeMessage message = Samples.read(Samples.write(
                Samples.failedFor(UTF8_SENDER, Samples.refused("a@example.org", 550, "5.1.1 gone")),
                Samples.Original.of(Samples.ORIGINAL)));

        assertThat(message.getEncoding()).isEqualTo("7bit");
        assertThat(Samples.part(message, 0).getContentType()).isEqualTo("text/plain; charset=us-ascii");
        assertThat(Samples.part(message, 1).getContentType()).isEqualTo("message/delivery-status");
        assertThat(Samples.part(message, 2).getContentType()).isEqualTo("message/rfc822");
    }

    @Test
    void originalRecipient_isWrittenLikeTheFinalOne() throws Exception {
        RecipientStatus refused = Samples.refused("a@example.org", 550, "no");
        RecipientStatus forwarded = new RecipientStatus(
                new RecipientStatus.Address(refused.address().current(), Optional.of(Mailbox.parse(RECIPIENT))),
                refused.status(),
                refused.lastAttempt(),
                Optional.empty(),
                List.of());
        byte[] octets = Samples.write(Samples.failed(forwarded), Samples.Original.of(Samples.ORIGINAL));

        assertThat(new String(octets, StandardCharsets.UTF_8))
                .contains("Original-Recipient: utf-8; j\\x{FC}rgen\\x{2B}x@example.org\r\n")
                .contains("Final-Recipient: rfc822; a@example.org\r\n");
    }

    @ParameterizedTest
    @CsvSource({
        "SEVEN_BIT, a+b=c@example.org,       rfc822; a+b=c@example.org",
        "UTF8,      a+b=c@example.org,       rfc822; a+b=c@example.org",
        "SEVEN_BIT, \u00e9=@example.org,     utf-8; \\x{E9}\\x{3D}@example.org",
        "UTF8,      \u00e9=@example.org,     utf-8; \u00e9=@example.org",
        "SEVEN_BIT, \ud83d\ude00@example.org, utf-8; \\x{1F600}@example.org",
        "UTF8,      \ud83d\ude00@example.org, utf-8; \ud83d\ude00@example.org",
        "UTF8,      \u00e9\u202e+@example.org, utf-8; \u00e9\\x{202E}\\x{2B}@example.org"
    })
    void address_hasItsTypeAndForm(NoticeEncoding form, String address, String expected) {
        assertThat(form.address(Mailbox.parse(address))).isEqualTo(expected);
    }

    @Test
    void address_withASpaceOrABackslash_isOneXtextWord() {
        Mailbox mailbox = Mailbox.parse("\"\u00e9 \\\"\"@example.org");
        assertThat(NoticeEncoding.SEVEN_BIT.address(mailbox))
                .isEqualTo("utf-8; \"\\x{E9}\\x{20}\\x{5C}\"\"@example.org");
        assertThat(NoticeEncoding.UTF8.address(mailbox)).isEqualTo("utf-8; \"\u00e9\\x{20}\\x{5C}\"\"@example.org");
    }

    private static DeliveryStatus status(BodyPart part) throws Exception {
        return new DeliveryStatus(new ByteArrayInputStream(Samples.content(part).getBytes(StandardCharsets.UTF_8)));
    }
}
