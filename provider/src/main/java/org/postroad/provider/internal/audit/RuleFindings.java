// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.audit;

import java.util.ArrayList;
import java.util.List;
import org.postroad.api.AuditFinding;
import org.postroad.api.AuditFinding.Level;

/** Collects the findings of one rule. Not thread-safe. */
final class RuleFindings {

    private final String rule;
    private final List<AuditFinding> findings = new ArrayList<>();

    RuleFindings(String rule) {
        this.rule = rule;
    }

    RuleFindings ok(String seen) {
        return add(Level.OK, seen, "", List.of());
    }

    RuleFindings notChecked(String why) {
        return add(Level.NOT_CHECKED, why, "", List.of());
    }

    RuleFindings temporary(String why) {
        return add(Level.TEMPORARY, why, "", List.of());
    }

    RuleFindings add(Level level, String seen, String recommendation, List<String> changes) {
        findings.add(new AuditFinding(rule, level, seen, recommendation, changes));
        return this;
    }

    boolean isEmpty() {
        return findings.isEmpty();
    }

    List<AuditFinding> all() {
        return List.copyOf(findings);
    }
}
