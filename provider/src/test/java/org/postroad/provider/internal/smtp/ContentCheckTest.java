// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The last check of the content before the network: no bare CR or LF reaches a server, however the content is written. */
class ContentCheckTest {

    /** Content that is written in several pieces. */
    private record Pieces(List<String> pieces, long size, boolean octetByOctet) implements MessageContent {

        Pieces(String pieces, boolean octetByOctet) {
            this(
                    List.of(escaped(pieces).split("\\|")),
                    escaped(pieces).replace("|", "").length(),
                    octetByOctet);
        }

        @Override
        public boolean isEightBit() {
            return false;
        }

        @Override
        public boolean needsSmtpUtf8() {
            return false;
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            for (String piece : pieces) {
                byte[] octets = ("\n" + piece + "\r").getBytes(StandardCharsets.US_ASCII);
                if (octetByOctet) {
                    for (int i = 1; i < octets.length - 1; i++) {
                        out.write(octets[i]);
                    }
                } else {
                    out.write(octets, 1, octets.length - 2);
                }
            }
        }
    }

    private static String escaped(String text) {
        return text.replace("{CR}", "\r").replace("{LF}", "\n").replace("$", "\r\n");
    }

    /** @param pieces what is written at a time; $ is CRLF */
    @ParameterizedTest
    @ValueSource(strings = {"a$", "a$b$$", "a{CR}|{LF}b|$", "$", "a|b|{CR}|{LF}"})
    void smuggling_contentWithCompleteLinesPassesUnchanged(String pieces) throws IOException {
        for (boolean octetByOctet : new boolean[] {false, true}) {
            ByteArrayOutputStream written = new ByteArrayOutputStream();
            ContentCheck.pass(new Pieces(pieces, octetByOctet), written);
            assertThat(written.toString(StandardCharsets.US_ASCII))
                    .isEqualTo(escaped(pieces).replace("|", ""));
        }
    }

    @ParameterizedTest
    @CsvSource({
        // pieces, what was written before the exception
        "a{LF}.{CR}{LF}, '', LF",
        "a{CR}.{CR}{LF}, '', CR",
        "a${CR}{CR}{LF}, '', CR",
        "a${LF}, '', LF",
        "{LF}, '', LF",
        "a$|.{LF}b$, a$, LF",
        "a{CR}|.$, a{CR}, CR",
        "a|{LF}$, a, LF",
    })
    void smuggling_nothingOfAPieceWithABareCrOrLfIsWritten(String pieces, String before, String bare) {
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        assertThatThrownBy(() -> ContentCheck.pass(new Pieces(pieces, false), written))
                .isInstanceOf(IOException.class)
                .hasMessage("the message has a bare " + bare);
        assertThat(written.toString(StandardCharsets.US_ASCII)).isEqualTo(escaped(before == null ? "" : before));
    }

    @ParameterizedTest
    @CsvSource({
        "a$, 2, longer than the 2 octets announced",
        "a$, 4, ended after 3 of the 4 octets announced",
        "a, 1, the last line of the message has no CRLF",
        "a{CR}, 2, the last line of the message has no CRLF"
    })
    void smuggling_contentOfAnotherSizeOrWithoutItsLastLineEndIsNotSent(String text, long announced, String why) {
        assertThatThrownBy(() -> ContentCheck.pass(
                        new Pieces(List.of(escaped(text)), announced, false), new ByteArrayOutputStream()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(why);
    }
}
