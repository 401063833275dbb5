// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.trial;

import java.time.Duration;
import org.postroad.samples.benchmarks.client.SampleMessage;
import org.postroad.samples.benchmarks.measure.MeasurementPlan;

/**
 * The duration and size of the measurements.
 *
 * @param cell for one of many values of a table
 * @param bigRounds rounds of such a value for big messages, which vary less and take longer
 * @param claim for a value on which a claim is based
 * @param queue for the rates of a queue, which needs a longer warm-up
 * @param depth the number of messages in a full queue
 * @param idle how long an idle queue is observed
 * @param seconds how long JMH warms up, and how long it then measures
 */
public record Budget(
        MeasurementPlan cell,
        int bigRounds,
        MeasurementPlan claim,
        MeasurementPlan queue,
        int depth,
        Duration idle,
        int seconds) {

    /** Only checks that everything works, in a minute or two; the measured values are not meaningful. */
    public static final Budget QUICK = new Budget(
            new MeasurementPlan(1, Duration.ofMillis(50), Duration.ofMillis(50)),
            1,
            new MeasurementPlan(3, Duration.ofMillis(200), Duration.ofSeconds(1)),
            new MeasurementPlan(3, Duration.ofSeconds(1), Duration.ofSeconds(3)),
            5_000,
            Duration.ofSeconds(15),
            1);

    /** The budget for the published page: ten minutes. */
    public static final Budget FULL = new Budget(
            new MeasurementPlan(5, Duration.ofMillis(300), Duration.ofMillis(500)),
            3,
            new MeasurementPlan(15, Duration.ofMillis(500), Duration.ofSeconds(5)),
            new MeasurementPlan(7, Duration.ofSeconds(3), Duration.ofSeconds(10)),
            100_000,
            Duration.ofMinutes(1),
            5);

    /** Returns the plan for one of many values, for messages of this size. */
    MeasurementPlan cell(SampleMessage sample) {
        return sample == SampleMessage.BIG ? new MeasurementPlan(bigRounds, cell.round(), cell.warmUp()) : cell;
    }
}
