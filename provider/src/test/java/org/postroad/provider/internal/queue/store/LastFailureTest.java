// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The text by which failures are grouped. */
class LastFailureTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    452 4.2.2 mailbox full                                | 452 4.2.2 mailbox full
                    452 4.2.2 <a@one.test>: mailbox full                  | 452 4.2.2 * mailbox full
                    421 4.7.26 try later, see https://x.test/?id=4711     | 421 4.7.26 try later, see *
                    450 greylisted for 300 seconds                        | 450 greylisted for 300 seconds
                    451 queue id 4XyZ91 is full                           | 451 queue id * is full
                    451 queue id 4XyZ9 is full                            | 451 queue id 4XyZ9 is full
                    no answer at mx1.one.test[192.0.2.1]:25: refused      | no answer at * refused
                    two    spaces                                         | two spaces
                    """)
    void queue_wordsThatDifferBetweenDeliveriesAreStars(String explanation, String text) {
        assertThat(LastFailure.common(explanation)).isEqualTo(text);
    }

    @Test
    void queue_aLongTextIsCut() {
        assertThat(LastFailure.common("x".repeat(120))).isEqualTo("x".repeat(120));
        assertThat(LastFailure.common("x".repeat(121))).hasSize(120).endsWith("x\u2026");
        assertThat(LastFailure.common("a ".repeat(1_000_000))).hasSize(120);
    }

    @Test
    void queue_aHostileTextTakesLittleTime() {
        assertThat(LastFailure.common("a".repeat(1_000_000))).hasSize(120);
        assertThat(LastFailure.common("1".repeat(1_000_000))).isEqualTo("*");
    }
}
