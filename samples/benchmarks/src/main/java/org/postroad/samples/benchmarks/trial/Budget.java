// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.trial;

import java.time.Duration;
import org.postroad.samples.benchmarks.measure.Effort;

/** How long everything may take. */
public enum Budget {
    /** A look whether everything works, in a minute or two; its figures are worth little. */
    QUICK(
            new Effort(3, Duration.ofMillis(50), Duration.ofMillis(50)),
            new Effort(3, Duration.ofMillis(200), Duration.ofSeconds(1)),
            1),
    /** For the page, in ten minutes. */
    FULL(
            new Effort(5, Duration.ofMillis(300), Duration.ofMillis(500)),
            new Effort(15, Duration.ofMillis(500), Duration.ofSeconds(5)),
            5);

    private final Effort cell;
    private final Effort claim;
    private final int iterations;

    Budget(Effort cell, Effort claim, int iterations) {
        this.cell = cell;
        this.claim = claim;
        this.iterations = iterations;
    }

    /** For one of many figures of a table. */
    Effort cell() {
        return cell;
    }

    /** For the figure on which a claim stands. */
    Effort claim() {
        return claim;
    }

    /** Seconds for which JMH warms up, and again for which it measures. */
    int iterations() {
        return iterations;
    }
}
