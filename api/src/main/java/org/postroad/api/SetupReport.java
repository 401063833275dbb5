// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.util.List;
import java.util.stream.Collectors;

/** Whether a Session can send mail where it is used, as found by {@code Postroad.check}. Immutable. */
public final class SetupReport {

    private final List<SetupFinding> findings;

    /** Creates a report. */
    public SetupReport(List<SetupFinding> findings) {
        this.findings = List.copyOf(findings);
    }

    /** {@return all findings, in the order of {@link SetupFinding.Subject}} */
    public List<SetupFinding> findings() {
        return findings;
    }

    /** {@return the findings about the subject; at least one in a report of {@code Postroad.check}} */
    public List<SetupFinding> findings(SetupFinding.Subject subject) {
        return findings.stream().filter(finding -> finding.subject() == subject).toList();
    }

    /** {@return the findings of the level} */
    public List<SetupFinding> findings(SetupFinding.Level level) {
        return findings.stream().filter(finding -> finding.level() == level).toList();
    }

    /** {@return whether there is a problem: mail is not sent, or not by Postroad} */
    public boolean hasProblem() {
        return !findings(SetupFinding.Level.PROBLEM).isEmpty();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SetupReport that && findings.equals(that.findings);
    }

    @Override
    public int hashCode() {
        return findings.hashCode();
    }

    /** {@return one line for each finding} */
    @Override
    public String toString() {
        return findings.stream().map(SetupFinding::toString).collect(Collectors.joining("\n"));
    }
}
