// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.client;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.mail.Session;
import java.util.Properties;
import org.assertj.core.data.Percentage;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
class LetterTest {

    @Test
    void lettersHaveTheStatedLength() throws Exception {
        assertThat(length(Letter.SMALL)).isCloseTo(8192, Percentage.withPercentage(1));
        assertThat(length(Letter.BIG)).isCloseTo(10_000_000, Percentage.withPercentage(1));
    }

    @Test
    void aMessageCanBeWrittenRepeatedly() throws Exception {
        var message = Letter.SMALL.compose(Session.getInstance(new Properties()));
        assertThat(Letter.octets(message)).isEqualTo(Letter.octets(message));
    }

    private static int length(Letter letter) throws Exception {
        return Letter.octets(letter.compose(Session.getInstance(new Properties()))).length;
    }
}
