// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck.report;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import org.postroad.tck.catalogue.Row;
import org.postroad.tck.report.TestRun.Result;

/**
 * A requirement and what its tests said.
 *
 * @param tests in the order of running
 */
record RowResult(Row row, List<TestRun> tests) {

    /** The worst of its tests; one that passed outweighs one that was skipped. */
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
