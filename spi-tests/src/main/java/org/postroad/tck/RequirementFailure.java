// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import org.jspecify.annotations.Nullable;
import org.postroad.fixtures.Transcript;
import org.postroad.tck.catalogue.Row;

/**
 * A requirement that is not met: which one, what was expected and observed, where to look, and the transcript of all parties.
 */
public final class RequirementFailure extends AssertionError {

    private static final long serialVersionUID = 1L;

    private RequirementFailure(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    static RequirementFailure of(Row row, Throwable failure, Transcript transcript) {
        Mismatch mismatch = failure instanceof Mismatch known ? known : unexpected(failure);
        String message = row.id() + " (" + row.level() + "): " + row.text()
                + "\n  source:   " + row.source()
                + "\n  why:      " + row.intent()
                + "\n  expected: " + mismatch.expected()
                + "\n  observed: " + mismatch.observed()
                + "\n  look at:  " + mismatch.lookAt()
                + "\n  transcript:"
                + (transcript.lines().isEmpty() ? " empty (no DNS query, no connection)" : indented(transcript));
        return new RequirementFailure(message, failure == mismatch ? null : failure);
    }

    private static Mismatch unexpected(Throwable failure) {
        StackTraceElement[] trace = failure.getStackTrace();
        return new Mismatch(
                "a result that the contract allows",
                "the exception " + failure,
                trace.length == 0 ? "the exception that caused this" : "the implementation, at " + trace[0]);
    }

    private static String indented(Transcript transcript) {
        StringBuilder lines = new StringBuilder();
        transcript.lines().forEach(line -> lines.append("\n    ").append(line));
        return lines.toString();
    }
}
