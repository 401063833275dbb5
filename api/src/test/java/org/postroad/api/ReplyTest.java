// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which part of a reply is kept. */
class ReplyTest {

    @Test
    void reply_textWithinTheLimitIsKept() {
        Reply reply = new Reply(550, List.of("5.1.1 no", "such user"));
        assertThat(reply.approximateSize()).isEqualTo(8 + 9 + 2 * 32);
        assertThat(reply.shortened(reply.approximateSize())).isSameAs(reply);
        assertThat(reply.shortened(reply.approximateSize() - 1).lines())
                .containsExactly("5.1.1 no", "such use... (1 more)");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1, 64, 100, 4096})
    void reply_aShortenedOneKeepsCodeStatusAndCount(int most) {
        Reply reply = new Reply(450, Collections.nCopies(256, "4.200.300 " + "x".repeat(200)));
        Reply shortened = reply.shortened(most);
        assertThat(shortened.code()).isEqualTo(450);
        assertThat(shortened.enhancedStatus()).isEqualTo(reply.enhancedStatus()).isPresent();
        assertThat(shortened.approximateSize()).isLessThanOrEqualTo(Math.max(64, most) + "... (99999 more)".length());
        int kept = shortened.lines().stream().mapToInt(String::length).sum();
        assertThat(shortened.lines().get(shortened.lines().size() - 1)).containsPattern("\\.\\.\\. \\(\\d+ more\\)$");
        assertThat(kept).isLessThan(256 * 210);
    }

    @Test
    void reply_tooManyEmptyLinesAreRefused() {
        Reply reply = new Reply(550, Collections.nCopies(256, ""));
        assertThat(reply.shortened(4096).lines()).hasSizeLessThanOrEqualTo(128);
        assertThat(reply.shortened(0).lines()).hasSizeLessThanOrEqualTo(2);
    }

    @Test
    void reply_noCharacterIsSplit() {
        Reply reply = new Reply(550, List.of("\ud83d\ude00".repeat(100)));
        for (int most = 64; most < 100; most++) {
            String line = reply.shortened(most).lines().get(0);
            assertThat(Character.isHighSurrogate(line.charAt(line.indexOf("...") - 1)))
                    .isFalse();
        }
    }

    @Test
    void outcome_textHasALimit() {
        Reply huge = new Reply(250, Collections.nCopies(16, "y".repeat(4000)));
        assertThat(new Outcome.Refused(huge).reply().approximateSize()).isLessThan(Outcome.MAX_REPLY + 20);
        assertThat(new Outcome.Accepted(huge, true).reply().approximateSize()).isLessThan(Outcome.MAX_REPLY + 20);
        Reply usual = new Reply(250, List.of("y".repeat(4000)));
        assertThat(new Outcome.Refused(usual).reply()).isSameAs(usual);
    }
}
