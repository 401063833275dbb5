// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;

/** One processor for as long as it is wanted, and all of them again. */
class OneProcessorTest {

    private static int processors() {
        return Runtime.getRuntime().availableProcessors();
    }

    @Test
    void thereIsOneUntilItIsClosed() throws Exception {
        int before = processors();
        Optional<OneProcessor> one = OneProcessor.tryTake();
        assumeTrue(one.isPresent(), "no taskset here");
        try (OneProcessor taken = one.get()) {
            assertThat(taken).isNotNull();
            assertThat(processors()).isOne();
        }
        assertThat(processors()).isEqualTo(before);
    }
}
