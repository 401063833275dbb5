// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.postroad.tck.catalogue.Level;
import org.postroad.tck.report.TestRun.Result;

/** Writes the report as an HTML page: one file, without scripts and external resources. */
final class HtmlReport {

    private static final String STYLE = resource("report.css");

    private final Conformance conformance;
    private final StringBuilder page = new StringBuilder();

    private HtmlReport(Conformance conformance) {
        this.conformance = conformance;
    }

    static String of(Conformance conformance) {
        return new HtmlReport(conformance).write();
    }

    private String write() {
        page.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
                .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>")
                .append(escaped(conformance.title()))
                .append("</title>\n<style>\n")
                .append(STYLE)
                .append("</style>\n</head>\n<body>\n<main>\n");
        head();
        tiles();
        requirements();
        waivers();
        skips();
        untested();
        environment();
        page.append("</main>\n</body>\n</html>\n");
        return page.toString();
    }

    private void head() {
        String state = conformance.isPartial()
                ? "partial"
                : !conformance.isConformant() ? "failed" : count(Result.WAIVED) > 0 ? "waived" : "passed";
        String subject = conformance.subject();
        int dot = subject.lastIndexOf('.') + 1;
        page.append("<header>\n<p class=\"suite\">")
                .append(escaped(conformance.suite()))
                .append(conformance.onlyMust() ? " &middot; MUST only" : "")
                .append("</p>\n<h1>")
                .append(escaped(subject.substring(dot)))
                .append(" <span class=\"pill ")
                .append(state)
                .append("\">")
                .append(verdict())
                .append("</span></h1>\n<p class=\"subject\">")
                .append(escaped(subject))
                .append("</p>\n</header>\n");
    }

    private String verdict() {
        long waived = count(Result.WAIVED);
        if (conformance.isPartial()) {
            return "partial, not a conformance statement";
        } else if (!conformance.isConformant()) {
            return "does not conform";
        }
        return "conforms" + (waived == 0 ? "" : " but for " + waived + (waived == 1 ? " waiver" : " waivers"));
    }

    private void tiles() {
        page.append("<section class=\"tiles\">\n");
        Stream.of(Level.values()).forEach(this::tile);
        tile(count(Result.SKIPPED), "skipped");
        tile(count(Result.WAIVED), "waived");
        page.append("</section>\n");
    }

    private void tile(Level level) {
        List<Result> due = conformance.rows().stream()
                .filter(row -> row.row().level() == level)
                .map(RowResult::result)
                .filter(result -> result != Result.SKIPPED)
                .toList();
        if (!due.isEmpty()) {
            long passed = due.stream().filter(Result.PASSED::equals).count();
            String kind = passed == due.size() ? "good" : due.contains(Result.FAILED) ? "bad" : "warn";
            tile(passed + " / " + due.size(), level.toString(), kind);
        }
    }

    private void tile(long count, String label) {
        if (count > 0) {
            tile(String.valueOf(count), label, "calm");
        }
    }

    private void tile(String figure, String label, String kind) {
        page.append("<div class=\"tile ")
                .append(kind)
                .append("\"><b>")
                .append(figure)
                .append("</b><span>")
                .append(label)
                .append("</span></div>\n");
    }

    private long count(Result result) {
        return conformance.rows().stream().filter(row -> row.result() == result).count();
    }

    private void requirements() {
        Map<String, List<RowResult>> groups = conformance.rows().stream()
                .collect(Collectors.groupingBy(
                        row -> row.row().id().substring(0, row.row().id().indexOf('-')),
                        LinkedHashMap::new,
                        Collectors.toList()));
        groups.forEach((group, rows) -> {
            page.append("<h2>")
                    .append(group)
                    .append("</h2>\n<table>\n<thead><tr><th>ID</th><th>Requirement</th><th>Level</th>")
                    .append("<th>Result</th><th class=\"number\">ms</th></tr></thead>\n<tbody>\n");
            rows.forEach(this::requirement);
            page.append("</tbody>\n</table>\n");
        });
    }

    private void requirement(RowResult row) {
        page.append("<tr id=\"")
                .append(row.row().id())
                .append("\"><td class=\"id\">")
                .append(row.row().id())
                .append("</td><td>")
                .append(escaped(row.row().text()))
                .append("<details")
                .append(row.result() == Result.FAILED ? " open" : "")
                .append("><summary>")
                .append(row.tests().size())
                .append(row.tests().size() == 1 ? " test" : " tests")
                .append("</summary><p class=\"why\">")
                .append(escaped(row.row().intent()))
                .append(". <span class=\"source\">")
                .append(escaped(row.row().source()))
                .append("</span></p><ul>");
        row.tests().forEach(this::test);
        page.append("</ul></details></td><td class=\"level\">")
                .append(row.row().level())
                .append(row.row()
                        .feature()
                        .map(feature -> "<br><small>" + feature.text() + "</small>")
                        .orElse(""))
                .append("</td><td>")
                .append(pill(row.result()))
                .append("</td><td class=\"number\">")
                .append(row.took().toMillis())
                .append("</td></tr>\n");
    }

    private void test(TestRun test) {
        page.append("<li><code>")
                .append(escaped(test.name()))
                .append("</code> ")
                .append(test.result() == Result.PASSED ? "" : pill(test.result()));
        if (test.result() == Result.FAILED) {
            page.append("<pre>").append(escaped(test.detail())).append("</pre>");
        }
        page.append("</li>");
    }

    private static String pill(Result result) {
        String kind = result.name().toLowerCase(Locale.ROOT).replace('_', '-');
        return "<span class=\"pill " + kind + "\">" + result + "</span>";
    }

    private void waivers() {
        list(
                "Waivers",
                conformance.declaration().waivers().entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(waiver -> "<b>" + escaped(waiver.getKey()) + "</b> " + escaped(waiver.getValue())));
    }

    private void skips() {
        list(
                "Skipped",
                conformance.tests().stream()
                        .filter(test -> test.result() == Result.SKIPPED || test.result() == Result.RELAXED)
                        .map(test -> "<code>" + escaped(test.name()) + "</code> " + escaped(test.detail())));
    }

    private void untested() {
        list(
                "Not tested",
                conformance.untested().stream()
                        .map(row -> "<b>" + row.id() + "</b> " + escaped(row.text()) + ". <span class=\"source\">"
                                + escaped(row.whyUntested().orElse("")) + "</span>"));
    }

    private void list(String title, Stream<String> items) {
        List<String> lines = items.toList();
        if (!lines.isEmpty()) {
            page.append("<h2>").append(title).append("</h2>\n<ul class=\"list\">\n");
            lines.forEach(line -> page.append("<li>").append(line).append("</li>\n"));
            page.append("</ul>\n");
        }
    }

    private void environment() {
        page.append("<h2>Environment</h2>\n<dl>\n");
        conformance.environment().forEach(this::entry);
        entry("Features", MarkdownReport.features(conformance));
        page.append("</dl>\n");
    }

    private void entry(String name, String value) {
        page.append("<dt>")
                .append(escaped(name))
                .append("</dt><dd>")
                .append(escaped(value))
                .append("</dd>\n");
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    private static String resource(String name) {
        try (InputStream in = HtmlReport.class.getResourceAsStream("/org/postroad/tck/" + name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is missing from the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
