// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.postroad.provider.internal.message.Samples.COMPLETE;
import static org.postroad.provider.internal.message.Samples.spool;
import static org.postroad.provider.internal.message.Samples.spooled;

import jakarta.mail.BodyPart;
import jakarta.mail.internet.ContentType;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import jakarta.mail.internet.MimeUtility;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postroad.api.EnhancedStatus;
import org.postroad.api.Printable;

/** Headers with octets above 127: encoded for servers without SMTPUTF8 and, unless they are UTF-8, for all servers. */
final class HeaderEncodingTest {

    private static final Receiver NO_UTF8 = new Receiver(true, false, Samples.SEVEN_BIT.aLabels());

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Subject: Grüße | Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=",
                "X-Raw:Grüße | X-Raw: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=",
                "Subject: a  ü ß b | Subject: a  =?utf-8?Q?=C3=BC_=C3=9F?= b",
                "Subject: =?us-ascii?Q?x?= ü y | Subject: =?us-ascii?Q?x?= =?utf-8?Q?_=C3=BC?= y",
                "Subject: ü =?us-ascii?Q?x?= y | Subject: =?utf-8?Q?=C3=BC_?= =?us-ascii?Q?x?= y",
                "From: Jörg <j@example.org> | From: =?utf-8?Q?J=C3=B6rg?= <j@example.org>",
                "From: \"M, Jörg\"<j@example.org> | From: =?utf-8?Q?M=2C_J=C3=B6rg?= <j@example.org>",
                "To: a@b, Jörg B <j@x>, c@d (ö (ü) x) | To: a@b, =?utf-8?Q?J=C3=B6rg?= B <j@x>, c@d (=?utf-8?Q?=C3=B6?= (=?utf-8?Q?=C3=BC?=) x)",
                "Cc: Fünf: a@b, c@d; | Cc: =?utf-8?Q?F=C3=BCnf?=: a@b, c@d;",
                "Reply-To: <j@münchen.example> | Reply-To: <j@xn--mnchen-3ya.example>",
                "Resent-To: j@münchen.example (x) | Resent-To: j@xn--mnchen-3ya.example (x)",
                "In-Reply-To: Your mail, Jörg <1@x> | In-Reply-To: Your mail, =?utf-8?Q?J=C3=B6rg?= <1@x>",
                "Received: from x (Jörg) by y; now | Received: from x (=?utf-8?Q?J=C3=B6rg?=) by y; now",
                "Keywords: grün, rot | Keywords: =?utf-8?Q?gr=C3=BCn?=, rot"
            })
    void onlyText_isEncoded(String field, String encoded) throws IOException {
        assertThat(encoded(utf8(field), NO_UTF8)).isEqualTo(encoded);
        assertThat(kept(utf8(field))).isEqualTo(utf8(field)); // if SMTPUTF8 is offered
    }

    @Test
    void parameters_becomeExtendedParameters() throws Exception {
        String part =
                "Content-Type: multipart/mixed; boundary=B\r\n\r\n--B\r\nContent-Type: text/plain; name=\"Grüße.txt\"\r\n"
                        + "Content-Disposition: attachment; filename=\"Sehr, sehr lange Grüße; und noch viel längere Wünsche an alle.txt\"; size=1\r\n"
                        + "Content-Description: Grüße\r\n\r\nx\r\n--B--\r\n";
        String sent = converted(utf8(part), NO_UTF8);
        assertThat(sent).contains("name*=utf-8''Gr%C3%BC%C3%9Fe.txt\r\n", "filename*0*=utf-8''", "; size=1\r\n");
        assertThat(sent.chars().allMatch(c -> c < 128)).isTrue();
        BodyPart body = ((MimeMultipart) ReadBack.message(sent).getContent()).getBodyPart(0);
        assertThat(body.getFileName()).isEqualTo("Sehr, sehr lange Grüße; und noch viel längere Wünsche an alle.txt");
        assertThat(body.getDescription()).isEqualTo("Grüße");
        assertThat(new ContentType(body.getContentType()).getParameter("name")).isEqualTo("Grüße.txt");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "From: jörg@example.org | the local part of an address is never changed",
                "To: <jörg@münchen.example> | the local part of an address is never changed",
                "To: a@x.example, \"jörg\"@x.example | the local part of an address is never changed",
                "To: a@unknown-ü.example | the domain of an address has no A-labels",
                "References: <jörg@x> | it is not text that can be encoded",
                "Message-ID: <jörg@x> | it is not text that can be encoded",
                "Größe: x | the name of a field is never changed",
                "Content-Type: text/plain; charset=ü | a parameter cannot be encoded",
                "Content-Type: täxt/plain | it is not text that can be encoded"
            })
    void fieldThatIsNotText_isRefusedWithoutSmtpUtf8(String field, String reason) throws IOException {
        Conversion.ConversionResult result = convert(utf8(field) + "\r\n" + COMPLETE + "\r\nx\r\n", NO_UTF8);
        assertThat(result)
                .isEqualTo(new Conversion.Impossible(
                        EnhancedStatus.NON_ASCII_NOT_PERMITTED_5_6_7,
                        "octets above 127 in the field "
                                + Printable.clean(utf8(field).split(":", -1)[0]) + ": " + reason));
        assertThat(kept(utf8(field))).isEqualTo(utf8(field));
    }

    @Test
    void signedHeader_isNeverChanged() throws IOException {
        String message = "DKIM-Signature: x\r\nSubject: Gr\u00fc\u00dfe\r\n" + COMPLETE + "\r\nx\r\n";
        assertThat(spooled(message)).isEqualTo(message);
        assertThat(convert(message, NO_UTF8))
                .isEqualTo(new Conversion.Impossible(
                        EnhancedStatus.NON_ASCII_NOT_PERMITTED_5_6_7,
                        "octets above 127 in the field Subject: the message has a DKIM-Signature"));
        assertThat(spool(message).warnings())
                .extracting(Object::toString)
                .containsExactly(
                        "Subject: octets above 127 that are not UTF-8 are sent unchanged: the message has a DKIM-Signature");
    }

    @Test
    void otherCharsets_areNamedIfDeclared() throws Exception {
        String raw = "Subject: Gr\u00fc\u00dfe\r\nFrom: J\u00f6rg <j@x.example>\r\n" + COMPLETE;
        String unknown = spooled(raw + "\r\nx\r\n");
        assertThat(unknown)
                .startsWith(
                        "Subject: =?unknown-8bit?Q?Gr=FC=DFe?=\r\nFrom: =?unknown-8bit?Q?J=F6rg?= <j@x.example>\r\n");
        String declared = spooled(raw + "Content-Type: text/plain; charset=\"ISO-8859-1\"\r\n\r\nx\r\n");
        assertThat(declared).startsWith("Subject: =?iso-8859-1?Q?Gr=FC=DFe?=\r\n");
        assertThat(ReadBack.message(declared).getSubject()).isEqualTo("Grüße");
        assertThat(((InternetAddress) ReadBack.message(declared).getFrom()[0]).getPersonal())
                .isEqualTo("Jörg");
    }

    @Test
    void otherCharsets_ofSeveralOctetsAreNotSplit() throws Exception {
        String words = "日本語のとても長い件名です".repeat(8);
        String subject = new String(words.getBytes("Shift_JIS"), StandardCharsets.ISO_8859_1);
        String sent = spooled(
                "Subject: " + subject + "\r\nContent-Type: text/plain; charset=Shift_JIS\r\n" + COMPLETE + "\r\nx\r\n");
        assertThat(ReadBack.message(sent).getSubject()).isEqualTo(words);
    }

    @ParameterizedTest
    @ValueSource(strings = {"utf-8", "us-ascii", "no-such-charset", "bad charset", "utf-16"})
    void anImpossibleCharset_isIgnored(String charset) {
        assertThat(spooled("Subject: \u00fc\r\nContent-Type: text/plain; charset=\"" + charset + "\"\r\n" + COMPLETE
                        + "\r\n"))
                .startsWith("Subject: =?unknown-8bit?Q?=FC?=\r\n");
    }

    @Test
    void headerOfAnEmbeddedMessage_isBodyAndChangesOnlyForSevenBits() throws IOException {
        String message = COMPLETE
                + "MIME-Version: 1.0\r\nContent-Type: message/rfc822\r\n\r\nSubject: Gr\u00fc\u00dfe\r\n\r\nx\r\n";
        assertThat(spooled(message)).isEqualTo(message);
        assertThat(text(convert(message, NO_UTF8))).isEqualTo(message);
        assertThat(text(convert(message, Samples.SEVEN_BIT))).contains("\r\nSubject: =?unknown-8bit?Q?Gr=FC=DFe?=\r\n");
        String signed = message.replace("Subject:", "DKIM-Signature: x\r\nSubject:");
        assertThat(convert(signed, Samples.SEVEN_BIT))
                .isEqualTo(new Conversion.Impossible(
                        EnhancedStatus.CONVERSION_REQUIRED_5_6_3,
                        "octets above 127 in the field Subject: it is in a message with a DKIM-Signature"));
    }

    @Property(tries = 500)
    void anySubject_isReadBackUnchanged(@ForAll("subjects") String subject) throws Exception {
        String sent = converted("Subject: " + utf8(subject) + "\r\n", NO_UTF8);
        MimeMessage read = ReadBack.message(sent);
        assertThat(read.getSubject()).isEqualTo(MimeUtility.decodeText(subject));
        assertThat(sent.chars().allMatch(c -> c < 128)).isTrue();
        assertThat(sent.lines()).allMatch(line -> line.length() <= 998);
    }

    @Provide
    Arbitrary<String> subjects() {
        Arbitrary<String> word = Arbitraries.oneOf(
                Arbitraries.of("x", "Grüße", "日本語", "=?", "=?utf-8?Q?=C3=BC?=", "_", "(ü)", "\"ö\"", "😀", "a=b?c"),
                Arbitraries.strings()
                        .withCharRange('!', '\u04ff')
                        .ofMinLength(1)
                        .ofMaxLength(80));
        return word.list()
                .ofMinSize(1)
                .ofMaxSize(12)
                .map(words -> String.join(" ", words))
                .filter(text -> text.chars().noneMatch(c -> c >= 0x7f && c < 0xa0))
                // A reader drops the space between two adjacent encoded words, before and after the conversion.
                .filter(text -> !text.contains("=?="));
    }

    private static String kept(String field) {
        String sent = spooled(field + "\r\n" + COMPLETE + "\r\nx\r\n");
        return sent.substring(sent.indexOf(field), sent.indexOf(field) + field.length());
    }

    private static String encoded(String field, Receiver receiver) throws IOException {
        String sent = converted(field + "\r\n", receiver);
        return sent.substring(0, sent.indexOf("\r\nDate:"));
    }

    private static String converted(String fields, Receiver receiver) throws IOException {
        return fields.contains("\r\n\r\n")
                ? text(convert(COMPLETE + fields, receiver))
                : text(convert(fields + COMPLETE + "\r\nx\r\n", receiver));
    }

    private static Conversion.ConversionResult convert(String message, Receiver receiver) throws IOException {
        return Conversion.convert(spool(message), receiver, SpoolSettings.DEFAULTS);
    }

    private static String text(Conversion.ConversionResult result) {
        return result.fold(converted -> Samples.text(converted.message()), impossible -> {
            throw new AssertionError(impossible.reason());
        });
    }

    /** Returns the UTF-8 octets of the text, one per character. */
    private static String utf8(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }
}
