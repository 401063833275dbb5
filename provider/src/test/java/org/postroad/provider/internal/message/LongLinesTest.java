// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.postroad.provider.internal.message.Samples.COMPLETE;
import static org.postroad.provider.internal.message.Samples.spool;
import static org.postroad.provider.internal.message.Samples.spooled;

import jakarta.mail.Message;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines longer than every server must accept (RFC 5321 §4.5.3.1.6). */
final class LongLinesTest {

    private static final String MIME = COMPLETE + "MIME-Version: 1.0\r\n";
    private static final String MIXED = MIME + "Content-Type: multipart/mixed; boundary=B\r\n\r\n";
    private static final String LONG = "x".repeat(999);

    @ParameterizedTest
    @CsvSource({
        "text/html,7bit,quoted-printable",
        "text/plain,8bit,quoted-printable",
        "image/x,7bit,base64",
        "application/json,8bit,base64"
    })
    void body_isEncoded(String type, String label, String encoding) throws Exception {
        String content = "<b>" + LONG + "\r\nend";
        String sent = spooled(MIXED + "--B\r\nContent-Type: " + type + "\r\nContent-Transfer-Encoding: " + label
                + "\r\n\r\n" + content + "\r\n--B--\r\n");
        assertThat(sent).contains("Content-Transfer-Encoding: " + encoding + "\r\n");
        assertThat(ReadBack.leaves(sent)).containsExactly(content);
        assertShort(sent);
    }

    @Test
    void body_of998OctetsIsNotChanged() {
        String message = COMPLETE + "\r\n" + "x".repeat(998) + "\r\n";
        assertThat(spooled(message)).isEqualTo(message);
        assertThat(spool(message).warnings()).isEmpty();
    }

    @Test
    void body_withoutMimeHeaderGetsNoCharset() {
        assertThat(spooled(COMPLETE + "\r\n" + LONG + "\r\n"))
                .startsWith(COMPLETE + "MIME-Version: 1.0\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nxxx");
    }

    @Test
    void body_ofBase64InOneLineIsWrapped() throws Exception {
        String sent = spooled(MIXED + "--B\r\nContent-Type: image/x\r\nContent-Transfer-Encoding: base64\r\n\r\n"
                + "QUJD".repeat(1000) + "\r\n--B\r\n\r\nx\r\n--B--\r\n");
        assertThat(ReadBack.leaves(sent)).containsExactly("ABC".repeat(1000), "x");
        assertShort(sent);
    }

    @Test
    void body_ofQuotedPrintableInOneLineGetsSoftBreaks() throws Exception {
        String line = "=C3=BC -" + "--B=3D=\r\n " + "-y=20".repeat(700);
        String sent = spooled(
                MIXED + "--B\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" + line + "\r\n\r\n--B--\r\n");
        assertThat(ReadBack.leaves(sent)).containsExactly("\u00c3\u00bc ---B= " + "-y ".repeat(700) + "\r\n");
        assertShort(sent);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DKIM-Signature: x~~@~",
                "Content-Type: multipart/signed; boundary=B~~--B~~@~--B--~",
                "Content-Type: multipart/mixed; boundary=B~~@~--B~~x~--B--~",
                "Content-Transfer-Encoding: x-uuencode~~@~",
                "Content-Type: message/partial~~@~",
                "Content-Type: message/rfc822~~DKIM-Signature: x~~@~"
            })
    void partThatMustNotBeChanged_isSentUnchangedAndReported(String rest) {
        String message = COMPLETE + rest.replace("~", "\r\n").replace("@", LONG);
        assertThat(spooled(message)).isEqualTo(message);
        assertThat(spool(message).warnings()).singleElement().satisfies(warning -> {
            assertThat(warning.about()).isEqualTo("body");
            assertThat(warning.text()).startsWith("a line has 999 octets, and servers need not take more than 998; ");
        });
    }

    @Test
    void header_isFoldedAtWhiteSpaceOrSeparators() throws Exception {
        String to = "To: " + String.join(",", Collections.nCopies(100, "\"a, b\" <someone@example.org>"));
        String references = "References: " + "<1234567890@example.org>".repeat(60);
        String subject = "Subject: " + "word  ".repeat(300) + "end";
        String sent = spooled(to + "\r\n" + references + "\r\n" + subject + "\r\n" + COMPLETE + "\r\nx\r\n");
        assertThat(sent.lines()).allMatch(line -> line.length() <= 78);
        assertThat(ReadBack.message(sent).getRecipients(Message.RecipientType.TO))
                .hasSize(100);
        assertThat(ReadBack.message(sent).getSubject()).isEqualTo(subject.substring(9));
        assertThat(sent.replaceAll("\r\n ", ""))
                .contains(references.replace(" ", "").substring(11));
        assertThat(spool(to + "\r\n" + COMPLETE + "\r\n").warnings()).isEmpty();
    }

    @Test
    void header_withoutAPlaceToFoldIsSentUnchangedAndReported() {
        String message = "X-Token: a" + LONG + "\r\n" + COMPLETE + "\r\nx\r\n";
        assertThat(spooled(message)).isEqualTo(message);
        assertThat(spool(message).warnings())
                .extracting(Object::toString)
                .containsExactly(
                        "X-Token: a line has 1009 octets, and servers need not take more than 998; it is sent unchanged: it cannot be folded so that its lines are short enough");
        String signed = "DKIM-Signature: x\r\nSubject: " + "word ".repeat(300) + "\r\n" + COMPLETE + "\r\nx\r\n";
        assertThat(spooled(signed)).isEqualTo(signed);
        assertThat(spool(signed).warnings())
                .extracting(warning -> warning.about())
                .isEqualTo(List.of("Subject"));
    }

    @Test
    void header_of998OctetsIsNotChanged() {
        String message = "X: " + "y ".repeat(497) + "z\r\n" + COMPLETE + "\r\nx\r\n";
        assertThat(message.indexOf('\r')).isEqualTo(998);
        assertThat(spooled(message)).isEqualTo(message);
        assertThat(spooled("X" + message)).isNotEqualTo("X" + message);
    }

    private static void assertShort(String sent) {
        assertThat(sent.lines()).allMatch(line -> line.length() <= 76);
        assertThat(sent).doesNotContain("x".repeat(77));
    }
}
