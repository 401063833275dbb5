// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postroad.api.Reply;

/** What is a reply, and what is a broken connection. */
class ReplyParserTest {

    private static Optional<Reply> parse(String text) throws BadReplyException {
        return new ReplyParser().feed(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void smtp_linesOfAReplyAreKept() throws Exception {
        Reply reply = parse("250-one\r\n250-\r\n250 three\r\n").orElseThrow();
        assertThat(reply.code()).isEqualTo(250);
        assertThat(reply.lines()).containsExactly("one", "", "three");
    }

    @ParameterizedTest
    @ValueSource(strings = {"250\r\n", "250 \r\n", "250 ok\n", "299 strange but positive\r\n"})
    void smtp_whatServersSayIsUnderstood(String text) throws Exception {
        assertThat(parse(text).orElseThrow().isPositive()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hello\r\n",
                "25\r\n",
                "199 no\r\n",
                "600 no\r\n",
                "2x0 no\r\n",
                "250+no\r\n",
                "\r\n",
                "250-a\r\n251 b\r\n",
                "250 nul\0\r\n"
            })
    void smtp_whatIsNoReplyBreaksTheConnection(String text) {
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
    void smtp_whatFollowsAReplyStaysInTheBuffer() throws Exception {
        ByteBuffer two = ByteBuffer.wrap("250 a\r\n354 b\r\n".getBytes(StandardCharsets.US_ASCII));
        ReplyParser parser = new ReplyParser();
        assertThat(parser.feed(two).orElseThrow().code()).isEqualTo(250);
        assertThat(parser.feed(two).orElseThrow().code()).isEqualTo(354);
    }

    @Test
    void smtp_aLineHasALimit() throws Exception {
        String longest = "250 " + "x".repeat(ReplyParser.MAX_LINE_OCTETS - 6) + "\r\n";
        assertThat(parse(longest)).isPresent();
        assertThatThrownBy(() -> parse("250 x" + longest.substring(4))).hasMessageContaining("4096");
    }

    @Test
    void smtp_theNumberOfLinesHasALimit() throws Exception {
        assertThat(parse("250-\r\n".repeat(ReplyParser.MAX_LINES - 1) + "250 \r\n"))
                .isPresent();
        assertThatThrownBy(() -> parse("250-\r\n".repeat(ReplyParser.MAX_LINES) + "250 \r\n"))
                .hasMessageContaining("256");
    }

    @Test
    void smtp_aReplyHasALimit() {
        String line = "250-" + "x".repeat(4000) + "\r\n";
        assertThatThrownBy(() -> parse(line.repeat(17))).hasMessageContaining("65536");
    }
}
