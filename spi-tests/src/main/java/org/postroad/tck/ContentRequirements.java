// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.Part;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.postroad.fixtures.FakeSmtpServer;

/** MAIL-30, 31, 34: content that not every server accepts unchanged. */
abstract class ContentRequirements extends SmtpRequirements {

    /** Only for the suite of this package. */
    ContentRequirements() {}

    /** Parses the message as the recipient's client would. */
    private MimeMessage readBack(String text) throws MessagingException {
        byte[] octets = text.getBytes(StandardCharsets.ISO_8859_1);
        return new MimeMessage(session(), new ByteArrayInputStream(octets));
    }

    private static String decoded(Part part) throws MessagingException, IOException {
        try (InputStream in =
                part instanceof MimeBodyPart inner ? inner.getInputStream() : ((MimeMessage) part).getInputStream()) {
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    /** Bodies and headers with octets that are not ASCII text lines. */
    @Nested
    class Octets {

        @Requirement
        void MAIL_30_nulIsEncodedOrNotSent() throws Exception {
            expectDecoded("MIME-Version: 1.0\r\nContent-Type: text/plain\r\n", "one\0two\r\n");
        }

        @Requirement
        void MAIL_30_binaryContentIsEncodedOrNotSent() throws Exception {
            expectDecoded(
                    "MIME-Version: 1.0\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: binary\r\n",
                    "\u0089PNG\r\n\u001a\n\0\rend");
        }

        private void expectDecoded(String header, String body) throws Exception {
            FakeSmtpServer good = server().keywords("8BITMIME");
            SendResult result = sendRaw(HEAD + header + "\r\n" + body);
            if (result.failure().isPresent()) {
                expectStatus(result, "a@good.test", "5.6.3");
                CONTENT.equal("messages:", 0, good.received().size());
                return;
            }
            String text = received(good);
            CONTENT.isTrue("no NUL on the wire", text.indexOf('\0') < 0, text);
            CONTENT.equal("decoded:", body, decoded(readBack(text)));
        }

        @Requirement
        void MAIL_31_nonAsciiHeadersAreEncodedOrNotSent() throws Exception {
            FakeSmtpServer good = server().keywords("8BITMIME");
            SendResult result = sendRaw(HEAD + "X-Raw: gr\u00c3\u00bcn\r\n\r\ntext\r\n");
            if (result.failure().isPresent()) {
                expectStatus(result, "a@good.test", "5.6.7");
                CONTENT.equal("messages:", 0, good.received().size());
                return;
            }
            String text = received(good);
            CONTENT.isTrue(
                    "seven bits only", StandardCharsets.US_ASCII.newEncoder().canEncode(text), text);
        }
    }

    /** Lines longer than a server must accept (RFC 5321 §4.5.3.1.6). */
    @Nested
    class LongLines {

        private static final int MOST = 998;

        private static final String LONG = "x".repeat(MOST + 1);
        private static final String TEXT = "short\r\n" + LONG + "\r\na = " + LONG + LONG + " \r\nend";
        private static final String MULTIPART = "MIME-Version: 1.0\r\nContent-Type: multipart/%s; boundary=B\r\n\r\n"
                + "--B\r\nContent-Type: text/plain\r\n\r\nas it is\r\n"
                + "--B\r\nContent-Type: text/html\r\n\r\n%s\r\n--B--\r\n";

        private String sent(String text) throws Exception {
            FakeSmtpServer good = server();
            expectAccepted(sendRaw(text), "a@good.test");
            String received = received(good);
            CONTENT.equal(
                    "the lengths of lines with more than " + MOST + " octets:",
                    List.of(),
                    Arrays.stream(received.split("\r\n", -1))
                            .map(String::length)
                            .filter(length -> length > MOST)
                            .toList());
            return received;
        }

        @Requirement
        void MAIL_34_aBodyWithALongLineIsEncoded() throws Exception {
            String received = sent(HEAD + "MIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\n" + TEXT + "\r\n");
            CONTENT.equal("decoded:", TEXT + "\r\n", decoded(readBack(received)));
        }

        @Requirement
        void MAIL_34_aBodyWithoutMimeHeaderIsEncoded() throws Exception {
            String received = sent(HEAD + "\r\n" + TEXT + "\r\n");
            CONTENT.equal("decoded:", TEXT + "\r\n", decoded(readBack(received)));
        }

        @Requirement
        void MAIL_34_aPartOfAMultipartIsEncoded() throws Exception {
            MimeMessage read = readBack(sent(HEAD + MULTIPART.formatted("mixed", TEXT)));
            Multipart parts = new MimeMultipart(read.getDataHandler().getDataSource());
            List<String> decoded = new ArrayList<>();
            for (int i = 0; i < parts.getCount(); i++) {
                decoded.add(decoded(parts.getBodyPart(i)));
            }
            CONTENT.equal("decoded:", List.of("as it is", TEXT), decoded);
        }

        @Requirement
        void MAIL_34_aSignedPartIsNeverChanged() throws Exception {
            expectUnchanged(HEAD + MULTIPART.formatted("signed", TEXT));
        }

        @Requirement
        void MAIL_34_aMessageWithDkimIsNeverChanged() throws Exception {
            expectUnchanged("DKIM-Signature: v=1; d=client.test\r\n" + HEAD + "\r\n" + TEXT + "\r\n");
        }

        private void expectUnchanged(String text) throws Exception {
            FakeSmtpServer good = server();
            if (sendRaw(text).failure().isPresent()) {
                CONTENT.equal("messages:", 0, good.received().size());
            } else {
                CONTENT.equal("the message", text, received(good));
            }
        }
    }
}
