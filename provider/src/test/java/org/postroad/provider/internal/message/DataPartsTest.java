// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.postroad.provider.internal.message.Samples.COMPLETE;
import static org.postroad.provider.internal.message.Samples.spool;
import static org.postroad.provider.internal.message.Samples.spooled;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Parts with octets that are not lines of text, although their label does not name base64 (RFC 2045 §6.2, RFC 5322 §3.5). */
final class DataPartsTest {

    private static final String MIME = COMPLETE + "MIME-Version: 1.0\r\n";
    private static final String MIXED = MIME + "Content-Type: multipart/mixed; boundary=B\r\n\r\n";
    private static final String PNG = "\u0089PNG\r\n\u001a\n\0\0\0\rIHDR\n\r\r\n";

    @ParameterizedTest
    @ValueSource(strings = {"image/png", "text/plain", "application/octet-stream", "text/plain; charset=utf-16"})
    void binaryPart_arrivesOctetForOctet(String type) throws Exception {
        String part = "Content-Type: " + type + "\r\nContent-Transfer-Encoding: binary\r\n\r\n";
        for (String content : new String[] {PNG, "a\nb", "a\rb\r", "\n", "\r\n\n", "a\r", "x", ""}) {
            String sent = spooled(MIXED + "--B\r\n" + part + content + "\r\n--B--\r\n");
            assertThat(ReadBack.leaves(sent)).containsExactly(content);
            assertSendable(sent);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {PNG, "a\nb", "a\rb\r", "no end", "a\r\nb\r\n", "spaces at the end  ", "\n"})
    void binaryMessage_arrivesOctetForOctetWithoutAnAddedLineEnd(String content) throws Exception {
        for (String type : new String[] {"text/plain", "image/png"}) {
            String sent =
                    spooled(MIME + "Content-Type: " + type + "\r\nContent-Transfer-Encoding: binary\r\n\r\n" + content);
            assertThat(ReadBack.leaves(sent)).containsExactly(content);
            assertSendable(sent);
        }
    }

    @Test
    void binaryPart_thatConsistsOfLinesGetsAnotherLabel() {
        assertThat(spooled(MIME + "Content-Transfer-Encoding: binary\r\n\r\nGr\u00fc\u00dfe\r\n"))
                .isEqualTo(MIME + "Content-Transfer-Encoding: 8bit\r\n\r\nGr\u00fc\u00dfe\r\n");
        assertThat(spooled(
                        MIME + "Content-Transfer-Encoding: binary\r\nContent-Type: multipart/mixed; boundary=B\r\n\r\n"
                                + "--B\r\n\r\nx\r\n--B--\r\n"))
                .isEqualTo(MIME + "Content-Type: multipart/mixed; boundary=B\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
                        + "--B\r\n\r\nx\r\n--B--\r\n");
    }

    @Property(tries = 300)
    void binaryPart_ofAnyOctetsArrives(@ForAll("octets") byte[] octets) throws Exception {
        String content = Samples.text(octets);
        String sent =
                spooled(MIXED + "--B\r\nContent-Type: image/x\r\nContent-Transfer-Encoding: binary\r\n\r\n" + content
                        + "\r\n--B\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: binary\r\n\r\n" + content
                        + "\r\n--B--\r\n");
        assertThat(ReadBack.leaves(sent)).containsExactly(content, content);
        assertSendable(sent);
    }

    @Provide
    Arbitrary<byte[]> octets() {
        Arbitrary<Byte> octet = Arbitraries.oneOf(
                Arbitraries.of((byte) '\r', (byte) '\n', (byte) ' ', (byte) 0, (byte) '='), Arbitraries.bytes());
        return octet.array(byte[].class).ofMaxSize(60);
    }

    @ParameterizedTest
    @CsvSource({"utf-16,8bit", "UTF-16LE,7bit", "utf-16be,binary", "UTF-32,8bit", "IBM1047,8bit"})
    void textOfAWideCharset_isDataWithAnyLabel(String charset, String label) throws Exception {
        String content = Samples.text("\u0a0d Gr\u00fc\u00dfe \u0d0a\r\nzwei\n".getBytes(Charset.forName(charset)));
        String sent = spooled(MIXED + "--B\r\nContent-Type: text/plain; charset=" + charset
                + "\r\nContent-Transfer-Encoding: " + label + "\r\n\r\n" + content + "\r\n--B--\r\n");
        assertThat(ReadBack.leaves(sent)).containsExactly(content);
        assertThat(sent).contains("Content-Transfer-Encoding: base64");
        assertSendable(sent);
    }

    @Test
    void imageLabelled8bit_isData() throws Exception {
        String sent = spooled(MIXED + "--B\r\nContent-Type: image/gif\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
                + "GIF\u00ff\ra\nb" + "\r\n--B--\r\n");
        assertThat(ReadBack.leaves(sent)).containsExactly("GIF\u00ff\ra\nb");
    }

    /** For example JSON written by a program on Unix: its line ends are real line ends. */
    @Test
    void linesOfAnotherType_areLines() {
        String part = "--B\r\nContent-Type: application/json\r\n\r\n";
        assertThat(spooled(MIXED + part + "{\n}\n\r\n--B--\r\n")).isEqualTo(MIXED + part + "{\r\n}\r\n\r\n--B--\r\n");
        assertThat(spooled(MIXED + part + "\"\u00c3\u00bc\"\n\r\n--B--\r\n"))
                .isEqualTo(MIXED + part + "\"\u00c3\u00bc\"\r\n\r\n--B--\r\n");
    }

    @Test
    void nul_inABodyIsEncoded() throws Exception {
        String sent = spooled(MIME + "\r\na\0b\r\nc\r\n");
        assertThat(ReadBack.leaves(sent)).containsExactly("a\0b\r\nc\r\n");
        assertThat(sent).contains("a=00b\r\n");
        assertSendable(sent);
    }

    @Test
    void nul_inATextFieldIsEncoded() throws Exception {
        String sent = spooled("Subject: one\0two\r\nFrom: \"x\0\" <a@example.org>\r\n" + COMPLETE + "\r\nx\r\n");
        assertSendable(sent);
        assertThat(ReadBack.message(sent).getSubject()).isEqualTo("one\0two");
        assertThat(refusal("From: <a\0b@example.org>\r\n" + COMPLETE + "\r\nx\r\n"))
                .isEqualTo("a NUL octet in the field From: the local part of an address is never changed");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "DKIM-Signature: x~~a@b~ | NUL octets: the message has a DKIM-Signature",
                "DKIM-Signature: x~Subject: @~~b~ | a NUL octet in the field Subject: the message has a DKIM-Signature",
                "Content-Type: multipart/signed; boundary=B~~--B~~@~--B--~ | NUL octets: it is in a multipart/signed",
                "Content-Type: multipart/mixed; boundary=B~~@~--B~~x~--B--~ | NUL octets outside the parts of a multipart",
                "Content-Transfer-Encoding: base64~~AA@=~ | NUL octets in a part that claims to be encoded already",
                "Content-Type: multipart/signed; boundary=B~~--B~Content-Transfer-Encoding: binary~~a!b~--B--~ | binary data: it is in a multipart/signed",
                "DKIM-Signature: x~Content-Transfer-Encoding: binary~~a!b~ | binary data: the message has a DKIM-Signature",
                "Content-Type: message/rfc822~~dkim-signature : x~Content-Transfer-Encoding: binary~~a!b~ | binary data: it is in a message with a DKIM-Signature"
            })
    void partThatMustNotBeEncoded_isRefused(String message, String reason) {
        assertThat(refusal(COMPLETE
                        + message.replace("~", "\r\n").replace('@', '\0').replace('!', '\n')))
                .isEqualTo(reason);
    }

    @Test
    void signedBinaryPart_thatConsistsOfLinesIsNotChanged() {
        String message = MIME + "Content-Type: multipart/signed; boundary=B\r\n\r\n--B\r\n"
                + "Content-Transfer-Encoding: binary\r\n\r\nx \u00e9\r\n--B--\r\n";
        assertThat(spooled(message)).isEqualTo(message);
    }

    @Test
    void bigBinaryPart_isNotHeldInMemoryAndLeavesOneFile(@TempDir Path directory) throws Exception {
        byte[] octets = new byte[300_000];
        new Random(4).nextBytes(octets);
        String content = Samples.text(octets);
        String message = MIXED + "--B\r\nContent-Type: image/x\r\nContent-Transfer-Encoding: binary\r\n\r\n" + content
                + "\r\n--B--\r\n";
        try (SpooledMessage spooled = spool(message, Samples.settings(directory, 1000))) {
            assertThat(Samples.files(directory)).isEqualTo(1);
            assertThat(ReadBack.leaves(Samples.text(spooled))).containsExactly(content);
            assertThat(spooled.facts().size()).isEqualTo(Samples.text(spooled).length());
        }
        assertThat(Samples.files(directory)).isZero();
        String signed = message.replace("multipart/mixed", "multipart/signed");
        assertThatThrownBy(() -> spool(signed, Samples.settings(directory, 1000)))
                .hasCauseInstanceOf(UnsendableMessageException.class);
        assertThat(Samples.files(directory)).isZero();
    }

    private static void assertSendable(String sent) {
        assertThat(sent).doesNotContain("\0").doesNotContain("binary");
        assertThat(sent.replace("\r\n", "")).doesNotContain("\r").doesNotContain("\n");
        assertThat(sent).endsWith("\r\n");
    }

    private static String refusal(String message) {
        try {
            MessageSpool.write(out -> out.write(Samples.octets(message)), Samples.defaults(), SpoolSettings.DEFAULTS)
                    .close();
            throw new AssertionError("not refused:\n" + message);
        } catch (UnsendableMessageException e) {
            return e.reason();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
