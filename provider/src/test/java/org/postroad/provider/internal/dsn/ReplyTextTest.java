// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dsn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postroad.api.Reply;

/** The text of a server's reply in a notice. */
class ReplyTextTest {

    @Test
    void lines_areOneReply_withItsCodeOnce() {
        Reply reply = new Reply(550, List.of("5.7.26 This mail is", "5.7.26  not ours.", "5.7.26", "", " See below "));
        assertThat(ReplyText.lines(reply)).containsExactly("550 5.7.26 This mail is", "not ours.", "See below");
        assertThat(ReplyText.line(reply)).isEqualTo("550 5.7.26 This mail is not ours. See below");
    }

    @Test
    void otherStatus_isKept() {
        Reply reply = new Reply(550, List.of("5.1.1 no", "5.1.10 no", "5.1.1x"));
        assertThat(ReplyText.lines(reply)).containsExactly("550 5.1.1 no", "5.1.10 no", "5.1.1x");
    }

    @Test
    void emptyReply_isItsCode() {
        assertThat(ReplyText.line(new Reply(550, List.of("")))).isEqualTo("550");
    }

    @Test
    void controlCharacters_areShownAsNumbers() {
        assertThat(ReplyText.line(new Reply(550, List.of("a\r\nBcc: x\u202e\0"))))
                .isEqualTo("550 a\\u000d\\u000aBcc: x\\u202e\\u0000");
    }

    @ParameterizedTest
    @CsvSource({"19, 19", "20, 20", "21, 21", "256, 21"})
    void lines_haveALimit(int lines, int shown) {
        List<String> text = ReplyText.lines(new Reply(550, Collections.nCopies(lines, "word")));
        assertThat(text).hasSize(shown);
        assertThat(text.get(text.size() - 1))
                .isEqualTo(lines > ReplyText.MAX_LINES ? "... (" + (lines - 20) + " more lines)" : "word");
    }
}
