// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck.report;

import java.time.Duration;

/**
 * One test that ran or should have run.
 *
 * @param id the requirement
 * @param name the test method
 * @param result its result
 * @param took its duration
 * @param detail the failure's message, or the reason for skipping; empty if it passed
 */
record TestRun(String id, String name, Result result, Duration took, String detail) {

    /** The results of a test, or of a requirement with all its tests; worst last. */
    enum Result {
        PASSED("passed"),
        SKIPPED("skipped"),
        RELAXED("not met, not required"),
        WAIVED("waived"),
        NOT_RUN("not run"),
        FAILED("failed");

        private final String text;

        Result(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
