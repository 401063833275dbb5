// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck.report;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import org.postroad.tck.catalogue.Row;
import org.postroad.tck.report.TestRun.Result;

/**
 * A requirement and the results of its tests.
 *
 * @param row the requirement
 * @param tests in the order in which they ran
 */
record RowResult(Row row, List<TestRun> tests) {

    /** Returns the worst result of its tests, except that a passed test outweighs a skipped one. */
    Result result() {
        Result worst = tests.stream()
                .map(TestRun::result)
                .max(Comparator.naturalOrder())
                .orElse(Result.NOT_RUN);
        boolean anyPassed = tests.stream().anyMatch(test -> test.result() == Result.PASSED);
        return worst == Result.SKIPPED && anyPassed ? Result.PASSED : worst;
    }

    Duration took() {
        return tests.stream().map(TestRun::took).reduce(Duration.ZERO, Duration::plus);
    }
}
