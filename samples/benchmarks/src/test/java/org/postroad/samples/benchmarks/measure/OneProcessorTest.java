// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Uses one processor until it is closed, and then all of them again. */
class OneProcessorTest {

    private static final String ALLOWED = "Cpus_allowed_list:";

    /** Returns the processors, such as 0-3, according to the operating system. The JVM may have cached an older value. */
    private static String processors() throws IOException {
        return Files.readAllLines(Path.of("/proc/thread-self/status")).stream()
                .filter(line -> line.startsWith(ALLOWED))
                .map(line -> line.substring(ALLOWED.length()).strip())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void oneProcessorIsUsedUntilTheClose() throws Exception {
        Optional<OneProcessor> one = OneProcessor.tryTake();
        assumeTrue(one.isPresent(), "no taskset here");
        String during = processors();
        one.get().close();
        assertThat(during).containsOnlyDigits();
        assertThat(processors()).startsWith("0").endsWith(during); // the last processor is used
    }
}
