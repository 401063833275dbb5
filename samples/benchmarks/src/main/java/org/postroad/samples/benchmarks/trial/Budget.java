// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.trial;

import java.time.Duration;
import org.postroad.samples.benchmarks.client.Letter;
import org.postroad.samples.benchmarks.measure.Effort;

/**
 * How long everything may take.
 *
 * @param cell for one of many figures of a table
 * @param bigRounds rounds of such a figure for big messages, which vary less, and take long
 * @param claim for a figure on which a claim stands
 * @param queue for the rates of a queue, which is slow to get going
 * @param depth messages in a queue that is full
 * @param idle how long a queue is watched that has nothing to do
 * @param seconds for which JMH warms up, and again for which it measures
 */
public record Budget(Effort cell, int bigRounds, Effort claim, Effort queue, int depth, Duration idle, int seconds) {

    /** A look whether everything works, in a minute or two; its figures are worth little. */
    public static final Budget QUICK = new Budget(
            new Effort(1, Duration.ofMillis(50), Duration.ofMillis(50)),
            1,
            new Effort(3, Duration.ofMillis(200), Duration.ofSeconds(1)),
            new Effort(3, Duration.ofSeconds(1), Duration.ofSeconds(3)),
            5_000,
            Duration.ofSeconds(15),
            1);

    /** For the page, in ten minutes. */
    public static final Budget FULL = new Budget(
            new Effort(5, Duration.ofMillis(300), Duration.ofMillis(500)),
            3,
            new Effort(15, Duration.ofMillis(500), Duration.ofSeconds(5)),
            new Effort(7, Duration.ofSeconds(3), Duration.ofSeconds(10)),
            100_000,
            Duration.ofMinutes(1),
            5);

    /** For one of many figures, of such messages. */
    Effort cell(Letter letter) {
        return letter == Letter.BIG ? new Effort(bigRounds, cell.round(), cell.warmUp()) : cell;
    }
}
