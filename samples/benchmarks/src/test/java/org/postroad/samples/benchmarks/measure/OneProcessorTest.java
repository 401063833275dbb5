// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** One processor for as long as it is wanted, and all of them again. */
class OneProcessorTest {

    private static final String ALLOWED = "Cpus_allowed_list:";

    /** Such as 0-3, as the operating system sees it; the JVM may remember what it was a moment ago. */
    private static String processors() throws IOException {
        return Files.readAllLines(Path.of("/proc/thread-self/status")).stream()
                .filter(line -> line.startsWith(ALLOWED))
                .map(line -> line.substring(ALLOWED.length()).strip())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void thereIsOneUntilItIsClosed() throws Exception {
        Optional<OneProcessor> one = OneProcessor.tryTake();
        assumeTrue(one.isPresent(), "no taskset here");
        String during = processors();
        one.get().close();
        assertThat(during).containsOnlyDigits();
        assertThat(processors()).startsWith("0").endsWith(during); // it takes the last one
    }
}
