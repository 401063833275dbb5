// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.postroad.provider.internal.message.Samples.COMPLETE;
import static org.postroad.provider.internal.message.Samples.settings;
import static org.postroad.provider.internal.message.Samples.spool;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Conversion to seven bits for servers without 8BITMIME. */
final class SevenBitTest {

    private static final String MIME = COMPLETE + "MIME-Version: 1.0\r\n";
    private static final String MIXED = MIME + "Content-Type: multipart/mixed; boundary=B\r\n\r\n";
    private static final String TEXT_8BIT =
            "Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: 8bit\r\n";
    private static final String TEXT_QP =
            "Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n";

    @Test
    void message_textBecomesQuotedPrintable() {
        assertThat(converted(MIME + TEXT_8BIT + "\r\nCaf\u00e9 = \r\n\r\nend\t\r\n"))
                .isEqualTo(MIME + TEXT_QP + "\r\nCaf=E9 =3D=20\r\n\r\nend=09\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Content-Transfer-Encoding: 7bit\r\n",
                "content-transfer-ENCODING:\r\n 8BIT (really)\r\n",
                "Content-Transfer-Encoding: binary\r\n"
            })
    void message_theOctetsDecideAndNotTheLabel(String label) {
        assertThat(converted(MIME + "Content-Type: text/html\r\n" + label + "\r\n\u00ff\r\n"))
                .isEqualTo(
                        MIME + "Content-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=FF\r\n");
    }

    @Test
    void message_otherTypesThanTextBecomeBase64() {
        assertThat(converted(MIME + "Content-Type: application/x-thing\r\n\r\n\u00ff\u00fe\u0000\r\n"))
                .isEqualTo(MIME
                        + "Content-Type: application/x-thing\r\nContent-Transfer-Encoding: base64\r\n\r\n//4ADQo=\r\n");
    }

    @Test
    void message_withoutMimeHeaderGetsOne() {
        assertThat(converted(COMPLETE + "\r\n\u00e9\r\n"))
                .isEqualTo(
                        COMPLETE
                                + "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=unknown-8bit\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=E9\r\n");
    }

    @Test
    void message_onlyPartsThatNeedItChange() {
        String sevenBit =
                "--B\r\nContent-Type:\ttext/plain;\r\n charset=us-ascii\r\nX-Odd:  \r\n\r\n  stays = as it is \r\n";
        String base64 = "--B\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\n/9j/\r\n";
        assertThat(converted(MIXED + "preamble\r\n" + sevenBit + "--B  \r\n" + TEXT_8BIT + "\r\n\u00e9\r\n" + base64
                        + "--B--\t\r\nepilogue\r\n"))
                .isEqualTo(MIXED + "preamble\r\n" + sevenBit + "--B  \r\n" + TEXT_QP + "\r\n=E9\r\n" + base64
                        + "--B--\t\r\nepilogue\r\n");
    }

    @Test
    void message_lineEndBeforeADelimiterIsNotContent() {
        String binary = "Content-Type: application/x\r\n";
        String encoded = binary + "Content-Transfer-Encoding: base64\r\n";
        assertThat(converted(
                        MIXED + "--B\r\n" + binary + "\r\n\u00ff\r\n--B\r\n" + binary + "\r\n\u00ff\r\n\r\n--B--\r\n"))
                .isEqualTo(MIXED + "--B\r\n" + encoded + "\r\n/w==\r\n--B\r\n" + encoded + "\r\n/w0K\r\n--B--\r\n");
    }

    @Test
    void message_containersLabelled8bitAreRelabelled() {
        String inner = "Content-Type: multipart/alternative; boundary=\"in ner\"\r\n";
        String before = MIME
                + "Content-Transfer-Encoding: binary\r\nContent-Type: Multipart/Mixed;\r\n x=\"boundary=no\";\r\n (c;mt) BOUNDARY = \"b\\\"\\\\2\" (end)\r\n\r\n"
                + "--b\"\\2\r\n" + inner
                + "content-transfer-encoding: 8bit\r\n\r\n--in ner\r\n\r\n\u00e9\r\n--in ner--\r\n--b\"\\2--\r\n";
        String after = MIME
                + "Content-Type: Multipart/Mixed;\r\n x=\"boundary=no\";\r\n (c;mt) BOUNDARY = \"b\\\"\\\\2\" (end)\r\nContent-Transfer-Encoding: 7bit\r\n\r\n"
                + "--b\"\\2\r\n" + inner
                + "Content-Transfer-Encoding: 7bit\r\n\r\n--in ner\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=E9\r\n--in ner--\r\n--b\"\\2--\r\n";
        assertThat(converted(before)).isEqualTo(after);
    }

    @Test
    void message_embeddedMessagesAreFollowed() {
        String embedding = "Content-Type: message/rfc822\r\n";
        assertThat(converted(MIXED + "--B\r\n" + embedding
                        + "Content-Transfer-Encoding: 8bit\r\n\r\nBcc: in@example.org\r\nMIME-Version: 1.0\r\n"
                        + TEXT_8BIT + "\r\n\u00e9\r\n--B--\r\n"))
                .isEqualTo(MIXED + "--B\r\n" + embedding
                        + "Content-Transfer-Encoding: 7bit\r\n\r\nBcc: in@example.org\r\nMIME-Version: 1.0\r\n"
                        + TEXT_QP + "\r\n=E9\r\n--B--\r\n");
    }

    @Test
    void message_partsOfADigestAreMessages() {
        assertThat(converted(MIME + "Content-Type: multipart/digest; boundary=B\r\n\r\n--B\r\n\r\nMIME-Version: 1.0\r\n"
                        + TEXT_8BIT + "\r\n\u00e9\r\n--B--\r\n"))
                .endsWith("--B\r\n\r\nMIME-Version: 1.0\r\n" + TEXT_QP + "\r\n=E9\r\n--B--\r\n");
    }

    @Test
    void message_globalMessageIsEncodedAsAWhole() {
        assertThat(converted(
                        MIXED + "--B\r\nContent-Type: message/global\r\n\r\nSubject: \u00c3\u00a9\r\n\r\n--B--\r\n"))
                .contains(
                        "Content-Type: message/global\r\nContent-Transfer-Encoding: base64\r\n\r\nU3ViamVjdDogw6kNCg==\r\n--B--\r\n");
    }

    @Test
    void message_outerDelimiterEndsAnInnerMultipartThatWasNotClosed() {
        String inner = "Content-Type: multipart/mixed; boundary=C\r\n\r\n--C\r\n\r\nx\r\n";
        assertThat(converted(MIXED + "--B\r\n" + inner + "--B\r\n" + TEXT_8BIT + "\r\n--C\r\n\u00e9\r\n--B--\r\n"))
                .isEqualTo(MIXED + "--B\r\n" + inner + "--B\r\n" + TEXT_QP + "\r\n=2D-C\r\n=E9\r\n--B--\r\n");
    }

    @Test
    void message_longerLineThanADelimiterIsNotADelimiter() {
        assertThat(converted(MIXED + "--B\r\n\r\n--Bx\r\n--B-\r\n\u00e9\r\n--B--\r\n"))
                .endsWith("\r\n\r\n=2D-Bx\r\n=2D-B-\r\n=E9\r\n--B--\r\n");
    }

    @Test
    void message_multipartThatIsNeverClosedKeepsItsLastLineEnd() {
        assertThat(converted(MIXED + "--B\r\nContent-Type: application/x\r\n\r\n\u00ff"))
                .endsWith("base64\r\n\r\n/w0K\r\n");
        assertThat(converted(MIXED + "--B\r\n\r\n\u00ff")).endsWith("quoted-printable\r\n\r\n=FF\r\n");
    }

    @Test
    void message_partWithoutEmptyLineIsNotChanged() {
        String cut = "--B\r\nContent-Transfer-Encoding: 8bit\r\n";
        assertThat(converted(MIXED + cut + "--B\r\n\r\n\u00e9\r\n" + cut + "--B--\r\n"))
                .isEqualTo(MIXED + cut + "--B\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=E9\r\n" + cut
                        + "--B--\r\n");
    }

    @Test
    void message_softBreakNeverCreatesADelimiter() {
        String line = "x".repeat(75) + "--B";
        String converted = converted(MIXED + "--B\r\n\r\n" + line + "\r\n\u00e9\r\n--B--\r\n");
        assertThat(converted).contains("x".repeat(75) + "=\r\n=2D-B\r\n");
        assertThat(converted.lines().allMatch(each -> each.length() <= 76)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "multipart/signed; boundary=S | it is in a multipart/signed",
                "multipart/encrypted; boundary=S | it is in a multipart/encrypted"
            })
    void message_nothingIsChangedUnderASignature(String type, String reason) {
        String container = "Content-Type: " + type + "\r\n\r\n--S\r\n";
        assertThat(obstacle(MIME + container + "\r\n\u00e9\r\n--S--\r\n")).isEqualTo(reason);
        assertThat(
                        obstacle(
                                MIXED + "--B\r\n" + container
                                        + "Content-Type: multipart/mixed; boundary=D\r\n\r\n--D\r\n\r\n\u00e9\r\n--D--\r\n--S--\r\n--B--\r\n"))
                .isEqualTo(reason);
        assertThat(obstacle(MIME + container + "Content-Type: message/rfc822\r\n\r\n\r\n\u00e9\r\n--S--\r\n"))
                .isEqualTo(reason);
    }

    @Test
    void message_signed7bitPartDoesNotAffectOtherParts() {
        String signed =
                "--B\r\nContent-Type: multipart/signed; boundary=S\r\nContent-Transfer-Encoding: 8bit\r\n\r\n--S\r\nContent-Transfer-Encoding: 8bit\r\n\r\nx \r\n--S--\r\n";
        assertThat(converted(MIXED + signed + "--B\r\n\r\n\u00e9\r\n--B--\r\n"))
                .isEqualTo(
                        MIXED + signed + "--B\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=E9\r\n--B--\r\n");
    }

    @Test
    void message_withADkimSignatureIsNeverChanged() {
        assertThat(obstacle("DKIM-Signature: v=1\r\n" + MIME + TEXT_8BIT + "\r\n\u00e9\r\n"))
                .isEqualTo("the message has a DKIM-Signature");
        String sevenBit = "DKIM-Signature: v=1\r\n" + MIME + TEXT_8BIT + "\r\ne\r\n";
        assertThat(converted(sevenBit)).isEqualTo(sevenBit);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "--B~~x~\u00e9~--B--~ | !",
                "\u00e9~--B~~x~--B--~ | octets above 127 outside the parts of a multipart",
                "--B~~x~--B--~\u00e9~ | octets above 127 outside the parts of a multipart",
                "--B~X: \u00e9~~x~--B--~ | !",
                "--B~Content-Type: message/rfc822~~Subject: \u00e9~~x~--B--~ | !",
                "--B~\u00e9~~x~--B--~ | octets above 127 in the field \u00e9: the line is not a field",
                "--B~Content-Transfer-Encoding: base64~~\u00e9~--B--~ | octets above 127 in a part that claims to be encoded already",
                "--B~Content-Transfer-Encoding: x-uue~~\u00e9~--B--~ | octets above 127 in a part that claims to be encoded already",
                "--B~Content-Type: message/partial~~\u00e9~--B--~ | a message/partial must not be encoded",
                "--B~Content-Type: message/external-body~~\u00e9~--B--~ | a message/external-body must not be encoded",
                "--B~Content-Type: multipart/mixed~~\u00e9~--B--~ | a multipart/mixed has no boundary",
                "--B~Content-Type: multipart/mixed; boundary=B~~--B~~\u00e9~--B--~ | !",
                "--B~Content-Type: multipart/mixed; boundary=B~~\u00e9~--B--~ | nested multiparts share a boundary",
                "--B~Content-Type: multipart/mixed; boundary=B--~~\u00e9~--B--~ | nested multiparts share a boundary"
            })
    void message_partThatCannotBeEncodedIsNamed(String body, String reason) {
        String message = MIXED + body.replace("~", "\r\n");
        if (reason.equals("!")) {
            converted(message);
        } else {
            assertThat(obstacle(message)).isEqualTo(reason);
        }
    }

    @Test
    void message_ambiguous7bitPartDoesNotAffectOtherParts() {
        String obscure = "--B\r\nContent-Type: multipart/mixed\r\nContent-Transfer-Encoding: 8bit\r\n\r\nx\r\n";
        assertThat(converted(MIXED + obscure + "--B\r\n\r\n\u00e9\r\n--B--\r\n"))
                .startsWith(MIXED + obscure + "--B\r\n");
    }

    @Test
    void message_nestingLimitIsExactToTheLevel() {
        assertThat(converted(nested(MimeScanner.MAX_DEPTH))).contains("=E9");
        assertThat(obstacle(nested(MimeScanner.MAX_DEPTH + 1))).isEqualTo("parts are nested more than 50 deep");
    }

    @Test
    void message_boundaryLimitIsExactToTheCharacter() {
        assertThat(converted(withBoundary("b".repeat(MimeScanner.MAX_BOUNDARY))))
                .contains("=E9");
        assertThat(obstacle(withBoundary("b".repeat(MimeScanner.MAX_BOUNDARY + 1))))
                .isEqualTo("a boundary is longer than 200 characters");
    }

    @Test
    void message_fieldLimitIsExactToTheOctet() {
        int fixed = " text/plain; x=".length();
        String fits = MIME + "Content-Type: text/plain; x=" + "y".repeat(HeaderReader.MAX_FIELD - fixed);
        assertThat(converted(fits + "\r\n\r\n\u00e9\r\n")).endsWith("=E9\r\n");
        assertThat(obstacle(fits + "y\r\n\r\n\u00e9\r\n"))
                .isEqualTo("a header field that decides on structure is longer than 16384 octets");
    }

    @Test
    void message_partLimitIsExactToThePart() {
        String last = "--B\r\n\r\n\u00e9\r\n";
        String others = "--B\r\n\r\nx\r\n";
        assertThat(converted(MIXED + others.repeat(EditPlan.MAX_PARTS - 2) + last))
                .contains("=E9");
        assertThat(obstacle(MIXED + others.repeat(EditPlan.MAX_PARTS - 1) + last))
                .isEqualTo("there are more than 100000 parts");
        assertThat(converted(MIXED + last + others.repeat(EditPlan.MAX_PARTS))).contains("=E9");
    }

    @Test
    void message_resultHasItsOwnFactsAndFile(@TempDir Path directory) throws IOException {
        SpooledMessage original =
                spool(MIME + TEXT_8BIT + "\r\n" + "\u00e9".repeat(2000) + "\r\n", settings(directory, 100));
        SpooledMessage converted = convert(original, settings(directory, 100));
        assertThat(Samples.files(directory)).isEqualTo(2);
        original.close();
        assertThat(converted.facts().has8bitBody()).isFalse();
        assertThat(converted.facts().longestLine()).isEqualTo(76);
        assertThat(converted.facts().size()).isEqualTo(Samples.text(converted).length());
        converted.close();
        assertThat(Samples.files(directory)).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "This is an invalid header\r\n",
                "X: y\r\n   \r\n",
                "two words: x\r\n",
                "\fX: y\r\n",
                ": no name\r\n"
            })
    void message_newFieldsAreInsertedBeforeTheFirstLineThatIsNotAField(String odd) {
        String rest = odd + "Subject: x\r\nContent-Transfer-Encoding: 8bit\r\n\r\n\u00e9\r\n";
        assertThat(converted(COMPLETE + rest))
                .isEqualTo(COMPLETE
                        + "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=unknown-8bit\r\nContent-Transfer-Encoding: quoted-printable\r\n"
                        + odd + "Subject: x\r\n\r\n=E9\r\n");
        assertThat(converted(MIXED + "--B\r\nX-A: b\r\n" + odd + "\r\n\u00e9\r\n--B--\r\n"))
                .endsWith("--B\r\nX-A: b\r\nContent-Transfer-Encoding: quoted-printable\r\n" + odd
                        + "\r\n=E9\r\n--B--\r\n");
    }

    private static String nested(int levels) {
        StringBuilder message = new StringBuilder(MIME);
        for (int i = 0; i < levels; i++) {
            message.append("Content-Type: multipart/mixed; boundary=L")
                    .append(i)
                    .append("\r\n\r\n--L")
                    .append(i)
                    .append("\r\n");
        }
        return message.append("\r\n\u00e9\r\n").toString();
    }

    private static String withBoundary(String boundary) {
        return MIME + "Content-Type: multipart/mixed; boundary=" + boundary + "\r\n\r\n--" + boundary
                + "\r\n\r\n\u00e9\r\n--" + boundary + "--\r\n";
    }

    private static String converted(String message) {
        String converted = Samples.text(convert(spool(message), SpoolSettings.DEFAULTS));
        assertThat(converted.chars().allMatch(c -> c < 128)).isTrue();
        return converted;
    }

    private static SpooledMessage convert(SpooledMessage message, SpoolSettings settings) {
        return result(message, settings).fold(Conversion.Converted::message, impossible -> {
            throw new AssertionError("not converted: " + impossible.reason());
        });
    }

    private static String obstacle(String message) {
        return result(spool(message), SpoolSettings.DEFAULTS)
                .fold(
                        converted -> {
                            throw new AssertionError("converted:\n" + Samples.text(converted.message()));
                        },
                        Conversion.Impossible::reason);
    }

    private static Conversion.ConversionResult result(SpooledMessage message, SpoolSettings settings) {
        try {
            return Conversion.convert(message, Samples.SEVEN_BIT, settings);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
