// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.report;

import java.util.List;

/**
 * A goal and its result.
 *
 * @param figure what is measured
 * @param target the required value
 * @param measured the measured value
 * @param reached whether the goal is reached
 */
public record Goal(String figure, String target, String measured, boolean reached) {

    /** Creates a goal with an upper limit. */
    public static Goal atMost(String figure, double limit, double measured, String unit) {
        return new Goal(
                figure, "at most " + Numbers.text(limit) + unit, Numbers.text(measured) + unit, measured <= limit);
    }

    /** Creates a goal with a lower limit. */
    public static Goal atLeast(String figure, double limit, double measured, String unit) {
        return new Goal(
                figure, "at least " + Numbers.text(limit) + unit, Numbers.text(measured) + unit, measured >= limit);
    }

    /** Creates a goal with an upper limit for a count. */
    public static Goal count(String figure, int target, double measured) {
        return new Goal(figure, String.valueOf(target), Numbers.text(measured), measured <= target);
    }

    static Table table(List<Goal> goals) {
        return new Table(
                List.of("Figure", "Target", "Measured", "Reached"),
                goals.stream()
                        .map(goal -> List.of(goal.figure, goal.target, goal.measured, goal.reached ? "yes" : "**no**"))
                        .toList());
    }
}
