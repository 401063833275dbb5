// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.report;

import java.util.List;

/**
 * What a trial found.
 *
 * @param title of its section
 * @param remark what the reader has to know of the table
 * @param goals those that this trial decides
 * @param panels of the plot; often none
 */
public record Findings(String title, String remark, Table table, List<Goal> goals, List<Plot.Panel> panels) {

    public Findings {
        goals = List.copyOf(goals);
        panels = List.copyOf(panels);
    }

    /** Without a part in the plot. */
    public Findings(String title, String remark, Table table, List<Goal> goals) {
        this(title, remark, table, goals, List.of());
    }

    /** As a section of Markdown. */
    public String markdown() {
        return "### " + title + "\n\n" + remark + "\n\n" + table.markdown();
    }
}
