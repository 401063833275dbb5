// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.trial;

import java.time.Duration;
import org.postroad.samples.benchmarks.client.Letter;
import org.postroad.samples.benchmarks.measure.Effort;

/** How long everything may take. */
public enum Budget {
    /** A look whether everything works, in a minute or two; its figures are worth little. */
    QUICK(
            new Effort(1, Duration.ofMillis(50), Duration.ofMillis(50)),
            1,
            new Effort(3, Duration.ofMillis(200), Duration.ofSeconds(1)),
            1),
    /** For the page, in ten minutes. */
    FULL(
            new Effort(5, Duration.ofMillis(300), Duration.ofMillis(500)),
            3,
            new Effort(15, Duration.ofMillis(500), Duration.ofSeconds(5)),
            5);

    private final Effort cell;
    private final int bigRounds;
    private final Effort claim;
    private final int seconds;

    Budget(Effort cell, int bigRounds, Effort claim, int seconds) {
        this.cell = cell;
        this.bigRounds = bigRounds;
        this.claim = claim;
        this.seconds = seconds;
    }

    /** For one of many figures of a table. */
    Effort cell() {
        return cell;
    }

    /** The same; big messages vary less, and take long. */
    Effort cell(Letter letter) {
        return letter == Letter.BIG ? new Effort(bigRounds, cell.round(), cell.warmUp()) : cell;
    }

    /** For the figure on which a claim stands. */
    Effort claim() {
        return claim;
    }

    /** For which JMH warms up, and again for which it measures. */
    int seconds() {
        return seconds;
    }
}
