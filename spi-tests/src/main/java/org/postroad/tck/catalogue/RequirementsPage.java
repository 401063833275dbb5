// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck.catalogue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Formats the catalogue as a human-readable page: {@code REQUIREMENTS.md}. */
public final class RequirementsPage {

    private static final String HEAD = """
            # Requirements

            Made from `requirements.tsv`; do not edit. IDs are never reused and never renumbered. KM is Keith Moore's algorithm (2001)
            and its section. A requirement with a feature in brackets is binding only if the feature is declared.

            """;

    private RequirementsPage() {}

    /** Returns the page. */
    public static String of(Catalogue catalogue) {
        Map<String, List<Row>> groups = catalogue.rows().stream()
                .collect(Collectors.groupingBy(
                        row -> row.id().substring(0, row.id().indexOf('-')), LinkedHashMap::new, Collectors.toList()));
        StringBuilder page = new StringBuilder(HEAD);
        groups.forEach((group, rows) -> {
            page.append("## ")
                    .append(group)
                    .append("\n\n| ID | Level | Requirement | Why | Source | Tested by |\n")
                    .append("|---|---|---|---|---|---|\n");
            rows.forEach(row -> page.append(line(row)));
            page.append('\n');
        });
        return page.toString().strip() + "\n";
    }

    private static String line(Row row) {
        String level = row.level()
                + row.feature().map(feature -> " [" + feature.text() + "]").orElse("");
        String testedBy = row.whyUntested().map(why -> "not tested: " + why).orElse("`" + row.suite() + "`");
        return "| "
                + String.join(
                        " | ", row.id(), level, cell(row.text()), cell(row.intent()), cell(row.source()), testedBy)
                + " |\n";
    }

    private static String cell(String text) {
        return text.replace("|", "\\|");
    }
}
