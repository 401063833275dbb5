// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.report;

import java.util.List;

/**
 * A figure that was aimed at, and what came of it.
 *
 * @param figure what is measured
 * @param target what it is to be
 * @param measured what it is
 * @param reached whether that is enough
 */
public record Goal(String figure, String target, String measured, boolean reached) {

    /** A goal that is a number not to be exceeded. */
    public static Goal atMost(String figure, double limit, double measured, String unit) {
        return new Goal(
                figure, "at most " + Numbers.text(limit) + unit, Numbers.text(measured) + unit, measured <= limit);
    }

    /** A goal that is a number to be exceeded, or met. */
    public static Goal atLeast(String figure, double limit, double measured, String unit) {
        return new Goal(
                figure, "at least " + Numbers.text(limit) + unit, Numbers.text(measured) + unit, measured >= limit);
    }

    /** A goal that is a count, and not to be exceeded. */
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
