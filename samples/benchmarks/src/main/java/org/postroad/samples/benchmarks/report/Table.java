// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.report;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A table.
 *
 * @param head the column titles
 * @param rows each as long as the head
 */
public record Table(List<String> head, List<List<String>> rows) {

    public Table {
        head = List.copyOf(head);
        rows = List.copyOf(rows);
        for (List<String> row : rows) {
            if (row.size() != head.size()) {
                throw new IllegalArgumentException("A row of " + row.size() + " cells under " + head + ": " + row);
            }
        }
    }

    /** Returns the table in Markdown, with aligned columns, so that the source is readable. */
    public String markdown() {
        List<List<String>> lines = new ArrayList<>();
        lines.add(head);
        lines.add(Collections.nCopies(head.size(), ""));
        lines.addAll(rows);
        int[] widths = IntStream.range(0, head.size())
                .map(column -> lines.stream()
                        .mapToInt(line -> line.get(column).length())
                        .max()
                        .orElse(0))
                .toArray();
        StringBuilder text = new StringBuilder();
        for (int line = 0; line < lines.size(); line++) {
            for (int column = 0; column < widths.length; column++) {
                String cell = lines.get(line).get(column);
                boolean rule = line == 1;
                text.append(rule ? "|-" : "| ")
                        .append(cell)
                        .append((rule ? "-" : " ").repeat(widths[column] - cell.length()))
                        .append(rule ? '-' : ' ');
            }
            text.append("|\n");
        }
        return text.toString();
    }
}
