// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.trial;

import java.util.ArrayList;
import java.util.List;
import org.postroad.samples.benchmarks.report.Goal;

/**
 * A part of the results of the queue trial.
 *
 * @param rows of its table: figure, value of the queue, value for comparison
 * @param goals the goals decided by this part
 */
record QueueFigures(List<List<String>> rows, List<Goal> goals) {

    QueueFigures {
        rows = List.copyOf(rows);
        goals = List.copyOf(goals);
    }

    static QueueFigures all(List<QueueFigures> parts) {
        List<List<String>> rows = new ArrayList<>();
        List<Goal> goals = new ArrayList<>();
        for (QueueFigures part : parts) {
            rows.addAll(part.rows);
            goals.addAll(part.goals);
        }
        return new QueueFigures(rows, goals);
    }
}
