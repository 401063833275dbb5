// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.report;

import java.util.ArrayList;
import java.util.List;

/** The measured part of {@code BENCHMARKS.md}. The rest of the page is written by hand and is kept. */
public final class Page {

    static final String BEGIN = "<!-- measured: begin -->\n";
    static final String END = "<!-- measured: end -->\n";

    private Page() {}

    /** Returns machine, goals and sections. */
    public static String measured(List<Findings> findings) {
        List<Goal> goals =
                findings.stream().flatMap(found -> found.goals().stream()).toList();
        List<String> parts = new ArrayList<>();
        parts.add(machine());
        if (!goals.isEmpty()) {
            parts.add("### Targets\n\n" + Goal.table(goals).markdown());
        }
        findings.forEach(found -> parts.add(found.markdown()));
        return String.join("\n", parts);
    }

    private static String machine() {
        Runtime.Version java = Runtime.version();
        return Runtime.getRuntime().availableProcessors() + " processors, " + System.getProperty("os.name") + " "
                + System.getProperty("os.arch") + ", JDK " + java.feature() + " ("
                + System.getProperty("java.vm.name") + " " + java + ").\n";
    }

    /**
     * Returns the page with its measured part replaced.
     *
     * @throws IllegalArgumentException if the page has no measured part
     */
    public static String renew(String page, String measured) {
        int begin = page.indexOf(BEGIN);
        int end = page.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new IllegalArgumentException("The page has no lines " + BEGIN.strip() + " and " + END.strip());
        }
        return page.substring(0, begin + BEGIN.length()) + "\n" + measured + "\n" + page.substring(end);
    }
}
