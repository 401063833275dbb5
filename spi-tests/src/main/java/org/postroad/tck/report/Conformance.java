// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck.report;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.postroad.tck.Subjects.Declaration;
import org.postroad.tck.catalogue.Catalogue;
import org.postroad.tck.catalogue.Level;
import org.postroad.tck.catalogue.Row;
import org.postroad.tck.report.TestRun.Result;

/**
 * The result of one implementation.
 *
 * @param subject the implementer's class
 * @param suite the simple name of the suite that it extends
 * @param declaration its features and waivers
 * @param tests every test of the suite: run, skipped, or not run
 * @param environment where it ran, as names and values
 * @param onlyMust whether the run required only MUST
 */
record Conformance(
        String subject,
        String suite,
        Declaration declaration,
        List<TestRun> tests,
        Map<String, String> environment,
        boolean onlyMust) {

    /** Returns the tested rows of the suite, in the order of the catalogue. */
    List<RowResult> rows() {
        Map<String, List<TestRun>> byId =
                tests.stream().collect(Collectors.groupingBy(TestRun::id, TreeMap::new, Collectors.toList()));
        return Catalogue.CURRENT.rowsOf(suite).stream()
                .filter(Row::isTested)
                .map(row -> new RowResult(row, byId.getOrDefault(row.id(), List.of())))
                .toList();
    }

    /** Returns the rows of the same groups that tests cannot check. */
    List<Row> untested() {
        Set<String> groups = rows().stream().map(row -> group(row.row().id())).collect(Collectors.toSet());
        return Catalogue.CURRENT.rows().stream()
                .filter(row -> !row.isTested() && groups.contains(group(row.id())))
                .toList();
    }

    private static String group(String id) {
        return id.substring(0, id.indexOf('-'));
    }

    /** Returns whether some tests did not run. The report is then not a statement of conformance. */
    boolean isPartial() {
        return tests.stream().anyMatch(test -> test.result() == Result.NOT_RUN);
    }

    boolean isConformant() {
        return !isPartial() && tests.stream().noneMatch(test -> test.result() == Result.FAILED);
    }

    /** Returns the title of the report. */
    String title() {
        String what = suite + " " + subject;
        if (isPartial()) {
            return "Partial, not a conformance statement: " + what;
        }
        return (onlyMust ? "Conformance, MUST only: " : "Conformance: ") + what;
    }

    /** Returns one line: {@code 61/61 MUST, 14/15 SHOULD (1 waived), 4 skipped}. */
    String verdict() {
        Stream<String> levels = Stream.of(Level.values()).flatMap(level -> verdict(level).stream());
        long skipped = count(Result.SKIPPED);
        Stream<String> rest = skipped == 0 ? Stream.empty() : Stream.of(skipped + " skipped");
        return Stream.concat(levels, rest).collect(Collectors.joining(", ")) + (isPartial() ? ", partial" : "");
    }

    private List<String> verdict(Level level) {
        List<RowResult> due = rows().stream()
                .filter(row -> row.row().level() == level && row.result() != Result.SKIPPED)
                .toList();
        if (due.isEmpty()) {
            return List.of();
        }
        long passed = due.stream().filter(row -> row.result() == Result.PASSED).count();
        long waived = due.stream().filter(row -> row.result() == Result.WAIVED).count();
        return List.of(passed + "/" + due.size() + " " + level + (waived == 0 ? "" : " (" + waived + " waived)"));
    }

    private long count(Result result) {
        return rows().stream().filter(row -> row.result() == result).count();
    }
}
