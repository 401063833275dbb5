// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postroad.api.Printable;
import org.postroad.api.Reply;

/** Tests what is a reply and what makes the connection unusable. The limits are tested in {@link ServerLimitsTest}. */
class ReplyParserTest {

    private static Optional<Reply> parse(String text) throws BadReplyException {
        return parse(text, StandardCharsets.UTF_8);
    }

    private static Optional<Reply> parse(String text, Charset charset) throws BadReplyException {
        return new ReplyParser().feed(ByteBuffer.wrap(text.getBytes(charset)));
    }

    private static void assertBroken(String text, String complaint) {
        assertThatThrownBy(() -> parse(text))
                .isInstanceOf(BadReplyException.class)
                .hasMessageContaining(complaint);
    }

    @Test
    void smtp_allLinesOfAReplyAreKept() throws Exception {
        Reply reply = parse("250-one\r\n250-\r\n250 three\r\n").orElseThrow();
        assertThat(reply.code()).isEqualTo(250);
        assertThat(reply.lines()).containsExactly("one", "", "three");
    }

    @ParameterizedTest
    @ValueSource(strings = {"250\r\n", "250 \r\n", "250 ok\n", "299 strange but positive\r\n"})
    void smtp_repliesOfRealServersAreParsed(String text) throws Exception {
        assertThat(parse(text).orElseThrow().isPositive()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"hello\r\n", "25\r\n", "2x0 no\r\n", "250+no\r\n"})
    void smtp_dataThatIsNotAReplyBreaksTheConnection(String text) {
        assertThatThrownBy(() -> parse(text)).isInstanceOf(BadReplyException.class);
    }

    @Test
    void smtp_octetsMayComeOneByOne() throws Exception {
        ReplyParser parser = new ReplyParser();
        byte[] octets = "250-a\r\n250 b\r\n".getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < octets.length - 1; i++) {
            assertThat(parser.feed(ByteBuffer.wrap(octets, i, 1))).isEmpty();
            assertThat(parser.isWithinReply()).isTrue();
        }
        assertThat(parser.feed(ByteBuffer.wrap(octets, octets.length - 1, 1))).isPresent();
        assertThat(parser.isWithinReply()).isFalse();
    }

    @Test
    void smtp_octetsAfterAReplyStayInTheBuffer() throws Exception {
        ByteBuffer two = ByteBuffer.wrap("250 a\r\n354 b\r\n".getBytes(StandardCharsets.US_ASCII));
        ReplyParser parser = new ReplyParser();
        assertThat(parser.feed(two).orElseThrow().code()).isEqualTo(250);
        assertThat(parser.feed(two).orElseThrow().code()).isEqualTo(354);
    }

    @ParameterizedTest
    @CsvSource({
        "199, false",
        "200, true",
        "201, true",
        "598, true",
        "599, true",
        "600, false",
        "000, false",
        "999, false"
    })
    void smtp_codesAre200To599(String code, boolean taken) throws Exception {
        if (taken) {
            assertThat(parse(code + " text\r\n").orElseThrow().code()).isEqualTo(Integer.parseInt(code));
        } else {
            assertBroken(code + " text\r\n", "a line that is not an SMTP reply: \"" + code + " text\"");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"250-a\r\n550 b\r\n", "250-a\r\n250-b\r\n550 c\r\n", "250-a\r\n450-b\r\n250 c\r\n"})
    void smtp_codesOfDifferentClassesBreakTheConnectionAndAreShown(String reply) {
        assertBroken(reply, "a reply with the codes 250 and");
        assertBroken(reply, Printable.quote(reply.strip().replace("\r\n", " / ").replace('-', ' ')));
    }

    @Test
    void smtp_theFirstCodeOfAnotherClassIsNamed() {
        assertBroken("250-a\r\n251-b\r\n450-c\r\n550 d\r\n", "a reply with the codes 250 and 450");
    }

    @ParameterizedTest
    @CsvSource({
        "'550-5.7.1 a\r\n554 5.7.1 b\r\n', 554",
        "'550-a\r\n551-b\r\n550 c\r\n', 550",
        "'250-a\r\n251 b\r\n', 251",
        "'450-a\r\n421 b\r\n', 421"
    })
    void smtp_ofCodesOfOneClassTheLastCounts(String text, int code) throws Exception {
        Reply reply = parse(text).orElseThrow();
        assertThat(reply.code()).isEqualTo(code);
        assertThat(reply.lines())
                .hasSize((int) text.chars().filter(c -> c == '\n').count());
    }

    @ParameterizedTest
    @ValueSource(strings = {"\r\n", "\n\n", " \t\r\n", "\r\n\r\n"})
    void smtp_emptyLinesAreIgnored(String empty) throws Exception {
        ReplyParser parser = new ReplyParser();
        ByteBuffer two = ByteBuffer.wrap((empty + "250-a\r\n" + empty + "250 b\r\n" + empty + "550 c\r\n" + empty)
                .getBytes(StandardCharsets.US_ASCII));
        assertThat(parser.feed(two).orElseThrow().lines()).containsExactly("a", "b");
        assertThat(parser.isWithinReply()).isFalse();
        parser.skipEmptyLines(two);
        assertThat(two.get(two.position())).isEqualTo((byte) '5');
        assertThat(parser.feed(two).orElseThrow().code()).isEqualTo(550);
        parser.skipEmptyLines(two);
        assertThat(two.hasRemaining()).isFalse();
        assertThat(parser.isWithinReply()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"9, true", "10, true", "11, false"})
    void smtp_ignoredEmptyLinesHaveALimit(int lines, boolean taken) throws Exception {
        String half = "\r\n".repeat(lines / 2);
        String text = half + "250-a\r\n" + "\r\n".repeat(lines - lines / 2) + "250 b\r\n";
        if (taken) {
            assertThat(parse(text).orElseThrow().lines()).containsExactly("a", "b");
        } else {
            assertBroken(text, "more than " + ReplyParser.MAX_EMPTY_LINES + " empty lines");
        }
    }

    /** Empty lines before a reply do not count towards its size, those within it do. */
    @ParameterizedTest
    @CsvSource({"0, true, true", "1, true, false", "0, false, true", "1, false, false"})
    void smtp_theOctetsOfAReplyHaveALimit(int beyond, boolean emptyLineFirst, boolean taken) throws Exception {
        String line = "250-" + "x".repeat(994) + "\r\n"; // 1,000 octets
        String empty = " ".repeat(500) + "\r\n";
        String rest = "250 " + "y".repeat(536 + beyond - 6 - (emptyLineFirst ? 0 : empty.length())) + "\r\n";
        String text = emptyLineFirst ? empty + line.repeat(65) + rest : line.repeat(65) + empty + rest;
        if (taken) {
            assertThat(parse(text).orElseThrow().lines()).hasSize(66);
        } else {
            assertBroken(text, "a reply of more than " + ReplyParser.MAX_REPLY_OCTETS + " octets");
        }
    }

    /** A reply with a plain meaning counts after the end of data, even if it is malformed. */
    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "'250-a\r\n550 b\r\n', -",
                "'250-a\r\n450 b\r\n', -",
                "'450-a\r\n250 b\r\n', -",
                "'450-a\r\n550 b\r\n', 450",
                "'550-a\r\n451-b\r\n452-c\r\n550 d\r\n', 452",
                "'250 a\0\r\n', 250",
                "'250+a\r\n', 250",
                "'250\ta\r\n', 250",
                "' 554 a\r\n', 554",
                "'2500 a\r\n', -",
                "'!!! a\r\n', -",
                "'250-a\r\n!!! b\r\n', -",
                "'250-a\r\n150 b\r\n', -"
            })
    void smtp_theTextOfABadReplyIsAvailableUnquoted(String text, Integer code) {
        assertThatThrownBy(() -> parse(text))
                .isInstanceOfSatisfying(
                        BadReplyException.class,
                        bad -> assertThat(bad.plainReply().map(Reply::code).orElse(null))
                                .isEqualTo(code));
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "'550-no\r\n', 550",
                "'550-no\r\n5', -",
                "'550-no\r\n550 nev', 550",
                "'250 ok', 250",
                "'250', 250",
                "'25', -",
                "'354 go', 354",
                "'hello', -"
            })
    void smtp_theTextOfAnUnfinishedReplyIsAvailableUnquoted(String text, Integer code) throws Exception {
        ReplyParser parser = new ReplyParser();
        assertThat(parser.feed(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII))))
                .isEmpty();
        BadReplyException bad = parser.brokenOff(new EOFException("it is gone"));
        assertThat(parser.brokenOff(new IOException("reset")).plainReply()).isEmpty();
        assertThat(bad.plainReply().map(Reply::code).orElse(null)).isEqualTo(code);
        BadReplyException late = parser.brokenOff(new SocketTimeoutException("late"));
        assertThat(late.plainReply().isPresent()).isEqualTo(text.matches("(.*\r\n)?\\d{3} .+"));
        assertThat(bad).hasMessageStartingWith("it is gone within a reply: \"" + text.substring(0, 2));
    }

    @ParameterizedTest
    @CsvSource({"550, true", "250, false"})
    void smtp_anEndlessReplyCountsOnlyIfItRefuses(int code, boolean counts) {
        ReplyParser parser = new ReplyParser();
        byte[] endless = (code + "-" + "x".repeat(500) + "\r\n").repeat(200).getBytes(StandardCharsets.US_ASCII);
        assertThatThrownBy(() -> parser.feed(ByteBuffer.wrap(endless)))
                .isInstanceOfSatisfying(
                        BadReplyException.class,
                        bad -> assertThat(bad.plainReply().isPresent()).isEqualTo(counts));
    }

    /** An endless positive reply does not prove that the server has the message. */
    @ParameterizedTest
    @CsvSource({"550, true", "250, false"})
    void smtp_anOverlongReplyThatIsCutOffCountsOnlyIfItRefuses(int code, boolean counts) throws Exception {
        ReplyParser parser = new ReplyParser();
        parser.feed(ByteBuffer.wrap((code + " " + "x".repeat(5000)).getBytes(StandardCharsets.US_ASCII)));
        assertThat(parser.brokenOff(new EOFException("it is gone")).plainReply().isPresent())
                .isEqualTo(counts);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // sent by the server first: Telnet negotiation, TLS, HTTP
                "\u00ff\u00fb\u0001\r\n",
                "\u0015\u0003\u0003\u0000\u0002\u0002(\n",
                "HTTP/1.1 400 Bad Request\r\n",
                " 220 indented\r\n",
                "\u0662\u0662\u0660 digits of another script\r\n",
                "220\tTAB\r\n",
                "+OK POP3\r\n"
            })
    void smtp_repliesOfOtherProtocolsBreakTheConnection(String text) {
        assertBroken(text, "the server sent a");
    }

    @Test
    void smtp_aNulBreaksTheConnection() {
        assertBroken("250 nul \0 here\r\n", "a reply with a NUL");
        assertBroken("\0", "a reply with a NUL");
    }

    @ParameterizedTest
    @CsvSource({
        // as UTF-8 | as Latin-1
        "'250 gr\u00fc\u00df\r\n', UTF-8, gr\u00fc\u00df",
        "'250 gr\u00fc\u00df\r\n', ISO-8859-1, gr\ufffd\ufffd"
    })
    void smtp_eightBitTextIsUtf8OrReplaced(String reply, Charset charset, String text) throws Exception {
        assertThat(parse(reply, charset).orElseThrow().lines()).containsExactly(text);
    }

    /** Lines end in CRLF or LF only, and the text contains neither CR nor LF, whatever the server sends. */
    @ParameterizedTest
    @CsvSource({
        "'250 a\r\n', a",
        "'250 a\n', a",
        "'250 a\r\r\n', a",
        "'250 a\r250 b\r\n', a\ufffd250 b",
        "'250 \r\r\r\n', ''",
        "'250\r\n', ''",
        "'250\r\r\n', ''"
    })
    void smtp_aBareCrNeitherEndsALineNorIsText(String reply, String text) throws Exception {
        assertThat(parse(reply).orElseThrow().lines()).containsExactly(text);
    }
}
