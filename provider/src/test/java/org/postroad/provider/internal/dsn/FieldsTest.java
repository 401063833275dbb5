// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dsn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.mail.internet.MimeUtility;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Folding and encoding of header fields. */
class FieldsTest {

    @ParameterizedTest
    @CsvSource({"77, 1", "78, 1", "79, 2"})
    void field_isFoldedBeyond78(int length, int lines) {
        String body = "a " + "b".repeat(length - "Name: a ".length());
        String field = field("Name", body);

        assertThat(field.lines()).hasSize(lines);
        assertThat(unfolded(field)).isEqualTo("Name: " + body);
    }

    @Test
    void field_ofManyWords_keepsEverySpace() {
        String body = "one  two   three ".repeat(40).strip();
        String field = field("Name", body);

        assertThat(Samples.longestLine(field.getBytes(StandardCharsets.US_ASCII)))
                .isBetween(60, 78);
        assertThat(unfolded(field)).isEqualTo("Name: " + body);
        assertThat(field.lines()).noneMatch(String::isBlank);
    }

    @Test
    void firstWord_staysWithTheName() {
        assertThat(field("Message-ID", "<" + "x".repeat(200) + ">").lines()).hasSize(1);
    }

    @Test
    void width_isCountedInOctets() {
        String body = "a " + "\u4e2d".repeat(24); // 72 octets
        assertThat(field("N", body).lines()).hasSize(1);
        assertThat(field("Name", body).lines()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({"899, 1", "900, 1", "901, 2", "1800, 2", "1801, 3"})
    void word_longerThanALine_isSplit(int length, int pieces) {
        String word = "x".repeat(length);
        String field = field("Name", word);

        assertThat(field.lines()).hasSize(pieces);
        assertThat(Samples.longestLine(field.getBytes(StandardCharsets.US_ASCII)))
                .isLessThanOrEqualTo(998);
        assertThat(unfolded(field).replace(" ", "")).isEqualTo("Name:" + word);
    }

    @Test
    void word_isSplitBetweenCharacters() {
        String word = "x" + "\ud83d\ude00".repeat(500);
        String field = field("Name", word);

        assertThat(Samples.longestLine(field.getBytes(StandardCharsets.UTF_8))).isLessThanOrEqualTo(998);
        assertThat(field)
                .doesNotContain("?")
                .isEqualTo(new String(field.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8));
        assertThat(unfolded(field).replace(" ", "")).isEqualTo("Name:" + word);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\r", "\n", "\0", "\t", "\u007f", "\u0085", "\r\nBcc: x"})
    void controlCharacter_isRefused(String text) {
        Fields fields = new Fields();
        assertThatThrownBy(() -> fields.add("Name", "a" + text + "b"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("The field Name");
        assertThat(fields.octets()).isEmpty();
    }

    @Test
    void noBreakSpace_isNotAControlCharacter() {
        assertThat(field("Name", "a\u00a0b")).isEqualTo("Name: a\u00a0b\r\n");
    }

    @Test
    void nonAsciiText_becomesEncodedWordsInSevenBit() throws Exception {
        String words = "Undelivered mail: " + "gr\u00f8d\ud83d\ude00".repeat(30);
        Fields fields = new Fields();
        fields.addText("Subject", words, NoticeEncoding.SEVEN_BIT);
        String field = new String(fields.octets(), StandardCharsets.UTF_8);

        assertThat(fields.isAscii()).isTrue();
        assertThat(field.split("[ \r\n]+")).allMatch(word -> word.length() <= 75);
        assertThat(MimeUtility.decodeText(unfolded(field).substring("Subject: ".length())))
                .isEqualTo(words);
    }

    @Test
    void text_inUtf8_orInAscii_isNotChanged() {
        Fields fields = new Fields();
        fields.addText("Subject", "gr\u00f8d", NoticeEncoding.UTF8);
        fields.addText("Subject", "plain", NoticeEncoding.SEVEN_BIT);
        assertThat(new String(fields.octets(), StandardCharsets.UTF_8))
                .isEqualTo("Subject: gr\u00f8d\r\nSubject: plain\r\n");
        assertThat(fields.isAscii()).isFalse();
    }

    private static String field(String name, String body) {
        Fields fields = new Fields();
        fields.add(name, body);
        return new String(fields.octets(), StandardCharsets.UTF_8);
    }

    private static String unfolded(String field) {
        assertThat(field).endsWith("\r\n");
        return field.substring(0, field.length() - 2).replace("\r\n", "");
    }
}
