// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.cli;

import java.util.ArrayList;
import java.util.List;
import org.postroad.api.Printable;
import org.postroad.samples.cli.TextOutput.Look;

/** Prints rows in columns. A page of rows is held until its widths are known. */
final class Table {

    private static final String GAP = "  ";

    private final TextOutput out;
    private final List<Column> columns;
    private final List<Row> rows = new ArrayList<>();
    private boolean isStarted;

    /** @param columns the heading of each column; one that begins with {@code >} is aligned to the right */
    Table(TextOutput out, String... columns) {
        this.out = out;
        this.columns = List.of(columns).stream().map(Column::new).toList();
    }

    private static final class Column {

        private final String heading;
        private final boolean isNumber;
        private int width;

        Column(String heading) {
            this.isNumber = heading.startsWith(">");
            this.heading = isNumber ? heading.substring(1) : heading;
            this.width = this.heading.length();
        }

        String pad(String cell) {
            String spaces = " ".repeat(Math.max(0, width - cell.length()));
            return isNumber ? spaces + cell : cell + spaces;
        }
    }

    private record Row(Look look, List<String> cells) {}

    /** Adds a row, with one cell for each column. */
    void row(Look look, String... cells) {
        List<String> clean = List.of(cells).stream().map(Printable::clean).toList();
        for (int i = 0; i < columns.size(); i++) {
            Column column = columns.get(i);
            column.width = Math.max(column.width, clean.get(i).length());
        }
        rows.add(new Row(look, clean));
    }

    /** Prints the rows that were added since the last time, below the headings if they are the first ones. */
    void print() {
        if (!isStarted && !rows.isEmpty()) {
            isStarted = true;
            line(Look.HEADING, columns.stream().map(column -> column.heading).toList());
        }
        rows.forEach(row -> line(row.look, row.cells));
        rows.clear();
        out.flush();
    }

    private void line(Look look, List<String> cells) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < cells.size(); i++) {
            line.append(i == 0 ? "" : GAP).append(columns.get(i).pad(cells.get(i)));
        }
        out.line(line.toString().stripTrailing(), look);
    }
}
