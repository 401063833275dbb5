// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.activation.DataHandler;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import jakarta.mail.util.ByteArrayDataSource;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postroad.api.RecipientReport;
import org.postroad.api.Verdict;
import org.postroad.fixtures.ReceivedMessage;

/** Messages of applications that SMTP cannot transfer unchanged. */
class MessageRepairTest extends TransportTesting {

    private static final byte[] PNG = octets("\u0089PNG\r\n\u001a\n\0\0\0\rIHDR\n\r\r\n");

    @ParameterizedTest
    @ValueSource(strings = {"", "8BITMIME"})
    void binaryPart_arrivesOctetForOctet(String keywords) throws Exception {
        mx4.keywords(keywords.split(" "));
        MimeBodyPart image = new MimeBodyPart();
        image.setDataHandler(new DataHandler(new ByteArrayDataSource(PNG, "image/png")));
        image.setHeader("Content-Transfer-Encoding", "binary");
        send(withParts("mixed", image));
        assertThat(content(received(), 0)).isEqualTo(PNG);
        assertThat(mx4.received().get(0).text()).doesNotContain("\0").doesNotContain("binary");
    }

    @Test
    void signedBinaryPart_isRefusedWithoutContact() throws Exception {
        MimeBodyPart image = new MimeBodyPart();
        image.setDataHandler(new DataHandler(new ByteArrayDataSource(PNG, "image/png")));
        image.setHeader("Content-Transfer-Encoding", "binary");
        MxSendFailedException failure = failure(withParts("signed", image));
        assertThat(failure.report().recipients()).singleElement().satisfies(report -> {
            assertThat(report.verdict()).isEqualTo(Verdict.FAILED);
            assertThat(report.status()).hasToString("5.6.3");
            assertThat(report.decision().explanation()).contains("NUL octets", "multipart/signed");
        });
        assertThat(failure.getValidUnsentAddresses()).hasSize(1);
        assertThat(transcript.lines()).isEmpty();
    }

    @Test
    void rawHeader_isDeliveredToAllRecipients() throws Exception {
        mx6.keywords("8BITMIME", "SMTPUTF8");
        MimeMessage message = message("a@v4.test", "b@v6.test");
        message.setHeader("X-Raw", "Gr\u00fc\u00dfe");
        message.setHeader("From", "J\u00f6rg <me@client.test>");
        message.setHeader("Reply-To", "J\u00f6rg <me@m\u00fcnchen.example>");
        send(message);
        assertThat(mx4.received().get(0).text())
                .contains("X-Raw: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=\r\n")
                .contains("From: =?utf-8?Q?J=C3=B6rg?= <me@client.test>\r\n")
                .contains("Reply-To: =?utf-8?Q?J=C3=B6rg?= <me@xn--mnchen-3ya.example>\r\n");
        assertThat(mx6.received().get(0).text())
                .contains("Reply-To: " + utf8("J\u00f6rg <me@m\u00fcnchen.example>") + "\r\n");
        assertThat(transcript.linesOf("mx6< MAIL")).allMatch(line -> line.contains("SMTPUTF8"));
    }

    /** As in a file of stored mail. */
    @Test
    void rawHeaderOfAnotherCharset_isNeverSentAsUtf8() throws Exception {
        mx4.keywords("8BITMIME", "SMTPUTF8");
        MimeMessage message = new MimeMessage(message("a@v4.test")) {
            @Override
            public void writeTo(OutputStream out, String @Nullable [] ignored) throws IOException {
                out.write(octets("From: J\u00f6rg <me@client.test>\r\nSubject: Gr\u00fc\u00dfe\r\n\r\nx\r\n"));
            }
        };
        send(message);
        assertThat(mx4.received().get(0).text())
                .contains(
                        "From: =?unknown-8bit?Q?J=F6rg?= <me@client.test>\r\nSubject: =?unknown-8bit?Q?Gr=FC=DFe?=\r\n");
        assertThat(transcript.linesOf("mx4< MAIL")).noneMatch(line -> line.contains("SMTPUTF8"));
    }

    @Test
    void localPartBeyondAscii_isNeverChanged() throws Exception {
        MimeMessage message = message("a@v4.test");
        message.setHeader("Reply-To", "j\u00f6rg@x.example");
        RecipientReport report = failure(message).report().recipients().get(0);
        assertThat(report.status()).hasToString("5.6.7");
        assertThat(report.decision().explanation()).contains("Reply-To");
        assertThat(mx4.received()).isEmpty();
    }

    @Test
    void longLines_areEncodedAndFolded() throws Exception {
        MimeMessage message = message("a@v4.test");
        String html = "<p>" + "word ".repeat(500) + "</p>";
        message.setContent(html, "text/html; charset=us-ascii");
        message.setHeader("Content-Transfer-Encoding", "7bit");
        message.setHeader("References", "<1234567890@client.test> ".repeat(100).strip());
        send(message);
        assertThat(mx4.received().get(0).text().lines()).allMatch(line -> line.length() <= 998);
        assertThat(received().getContent()).isEqualTo(html + "\r\n");
    }

    @Test
    void lineThatCannotBeFolded_isSentUnchangedAndReported() throws Exception {
        properties.setProperty("mail.mx.reportsuccess", "true");
        MimeMessage message = message("a@v4.test");
        message.setHeader("X-Token", "x".repeat(2000));
        MxSendFailedException success = failure(message);
        assertThat(success.report().recipients().get(0).verdict()).isEqualTo(Verdict.DELIVERED);
        assertThat(success.report().warnings())
                .filteredOn(warning -> warning.about().equals("X-Token"))
                .singleElement()
                .satisfies(warning -> assertThat(warning.text()).contains("2009 octets"));
        assertThat(mx4.received().get(0).text()).contains("X-Token: " + "x".repeat(2000) + "\r\n");
    }

    private MimeMessage withParts(String kind, MimeBodyPart... parts) throws MessagingException {
        MimeMessage message = message("a@v4.test");
        message.setContent(new MimeMultipart(kind, parts));
        return message;
    }

    private MimeMessage received() throws MessagingException {
        ReceivedMessage received = mx4.received().get(0);
        return new MimeMessage(
                Session.getInstance(new Properties()), new ByteArrayInputStream(octets(received.text())));
    }

    private static byte[] content(MimeMessage message, int part) throws MessagingException, IOException {
        try (InputStream in =
                ((MimeMultipart) message.getContent()).getBodyPart(part).getInputStream()) {
            return in.readAllBytes();
        }
    }

    private static String utf8(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
