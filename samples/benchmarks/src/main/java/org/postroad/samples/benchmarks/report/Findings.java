// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.report;

import java.util.List;

/**
 * The results of a trial.
 *
 * @param title the title of its section
 * @param remark what the reader must know to understand the table
 * @param table the results
 * @param goals the goals decided by this trial
 * @param panels panels of the plot; often none
 */
public record Findings(String title, String remark, Table table, List<Goal> goals, List<Plot.Panel> panels) {

    public Findings {
        goals = List.copyOf(goals);
        panels = List.copyOf(panels);
    }

    /** Creates results without a panel in the plot. */
    public Findings(String title, String remark, Table table, List<Goal> goals) {
        this(title, remark, table, goals, List.of());
    }

    /** Returns the results as a Markdown section. */
    public String markdown() {
        return "### " + title + "\n\n" + remark + "\n\n" + table.markdown();
    }
}
