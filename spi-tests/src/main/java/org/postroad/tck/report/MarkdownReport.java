// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck.report;

import java.util.List;
import java.util.stream.Collectors;
import org.postroad.tck.catalogue.Feature;
import org.postroad.tck.catalogue.Row;
import org.postroad.tck.report.TestRun.Result;

/** Writes the report as Markdown, for repositories and pull requests. */
final class MarkdownReport {

    private MarkdownReport() {}

    static String of(Conformance conformance) {
        StringBuilder page = new StringBuilder();
        page.append("# ")
                .append(conformance.title())
                .append("\n\n**")
                .append(conformance.verdict())
                .append("**\n\n");
        conformance
                .environment()
                .forEach((name, value) -> page.append("- ")
                        .append(name)
                        .append(": ")
                        .append(value)
                        .append('\n'));
        page.append("- Features declared: ").append(features(conformance)).append("\n\n");
        page.append("| Requirement | Level | Result | Tests | ms | |\n|---|---|---|---|---|---|\n");
        conformance.rows().forEach(row -> page.append(line(row)));
        section(page, "Failures", failures(conformance));
        section(page, "Waivers", waivers(conformance));
        section(page, "Skipped", skips(conformance));
        section(page, "Not tested", untested(conformance));
        return page.toString();
    }

    static String features(Conformance conformance) {
        List<String> declared = conformance.declaration().features().stream()
                .map(Feature::text)
                .sorted()
                .toList();
        return declared.isEmpty() ? "none" : String.join(", ", declared);
    }

    private static String line(RowResult row) {
        return "| " + row.row().id() + " | " + row.row().level() + " | " + row.result() + " | "
                + row.tests().size() + " | " + row.took().toMillis() + " | "
                + cell(row.row().text()) + " |\n";
    }

    private static void section(StringBuilder page, String title, String text) {
        if (!text.isEmpty()) {
            page.append("\n## ").append(title).append("\n\n").append(text).append('\n');
        }
    }

    private static String failures(Conformance conformance) {
        return conformance.tests().stream()
                .filter(test -> test.result() == Result.FAILED)
                .map(test -> "### `" + test.name() + "`\n\n```\n" + test.detail() + "\n```\n")
                .collect(Collectors.joining("\n"));
    }

    private static String waivers(Conformance conformance) {
        return conformance.declaration().waivers().entrySet().stream()
                .map(waiver -> "- " + waiver.getKey() + ": " + waiver.getValue())
                .sorted()
                .collect(Collectors.joining("\n"));
    }

    private static String skips(Conformance conformance) {
        return conformance.tests().stream()
                .filter(test -> test.result() == Result.SKIPPED || test.result() == Result.RELAXED)
                .map(test -> "- `" + test.name() + "`: " + test.detail())
                .collect(Collectors.joining("\n"));
    }

    private static String untested(Conformance conformance) {
        return conformance.untested().stream().map(MarkdownReport::untested).collect(Collectors.joining("\n"));
    }

    private static String untested(Row row) {
        return "- " + row.id() + " (" + row.level() + "): " + row.text() + ". "
                + row.whyUntested().orElse("");
    }

    private static String cell(String text) {
        return text.replace("|", "\\|");
    }
}
