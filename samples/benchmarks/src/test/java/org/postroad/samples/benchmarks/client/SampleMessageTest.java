// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.client;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.mail.Session;
import java.util.Properties;
import org.assertj.core.data.Percentage;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** The sample messages have the stated size and can be written repeatedly. */
@NullMarked
class SampleMessageTest {

    @Test
    void lettersHaveTheStatedLength() throws Exception {
        assertThat(length(SampleMessage.SMALL)).isCloseTo(8192, Percentage.withPercentage(1));
        assertThat(length(SampleMessage.BIG)).isCloseTo(10_000_000, Percentage.withPercentage(1));
    }

    @Test
    void aMessageCanBeWrittenRepeatedly() throws Exception {
        var message = SampleMessage.SMALL.compose(Session.getInstance(new Properties()));
        assertThat(SampleMessage.octets(message)).isEqualTo(SampleMessage.octets(message));
    }

    private static int length(SampleMessage sample) throws Exception {
        return SampleMessage.octets(sample.compose(Session.getInstance(new Properties()))).length;
    }
}
