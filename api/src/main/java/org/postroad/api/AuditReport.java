// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/**
 * How well a domain receives mail from senders of each IP family, as found by {@code Postroad.audit}: rules AUDIT-01 to AUDIT-10.
 * Immutable.
 */
public final class AuditReport {

    /**
     * The version of the format of {@link #toJson()}. A version gets more fields and more values of enumerations, but no field of it is
     * removed or changes its type or meaning.
     */
    public static final int JSON_VERSION = 1;

    private final Domain domain;
    private final Instant at;
    private final List<Lookup<?>> lookups;
    private final List<AuditHost> hosts;
    private final List<AuditScenario> scenarios;
    private final List<AuditFinding> findings;

    /**
     * Creates a report.
     *
     * @param findings at least one
     * @throws IllegalArgumentException if there is no finding
     */
    public AuditReport(
            Domain domain,
            Instant at,
            List<Lookup<?>> lookups,
            List<AuditHost> hosts,
            List<AuditScenario> scenarios,
            List<AuditFinding> findings) {
        if (findings.isEmpty()) {
            throw new IllegalArgumentException("An audit of " + domain + " has no finding");
        }
        this.domain = domain;
        this.at = at;
        this.lookups = List.copyOf(lookups);
        this.hosts = List.copyOf(hosts);
        this.scenarios = List.copyOf(scenarios);
        this.findings = List.copyOf(findings);
    }

    /** {@return the audited domain} */
    public Domain domain() {
        return domain;
    }

    /** {@return when the audit began} */
    public Instant at() {
        return at;
    }

    /** {@return the DNS lookups at the configured resolver, in the order of the queries} */
    public List<Lookup<?>> lookups() {
        return lookups;
    }

    /** {@return the hosts of the domain, by preference, then those that no sender considers} */
    public List<AuditHost> hosts() {
        return hosts;
    }

    /**
     * {@return the scenarios: for each failure, beginning with none, one for each sender} There are at most 100 failures. The routing
     * algorithm of the transports decides, from DNS. An address that was silent counts as down in all scenarios, if another address of its
     * family answered.
     */
    public List<AuditScenario> scenarios() {
        return scenarios;
    }

    /** {@return the findings, in the order of the rules; at least one for each rule} */
    public List<AuditFinding> findings() {
        return findings;
    }

    /** {@return the findings about one rule, such as {@code AUDIT-03}} */
    public List<AuditFinding> findings(String rule) {
        return findings.stream().filter(finding -> finding.rule().equals(rule)).toList();
    }

    /** {@return the single hosts and addresses without which some sender reaches no host that it reaches otherwise (AUDIT-10)} */
    public List<AuditScenario.Down> singlePointsOfFailure() {
        return scenarios.stream()
                .filter(scenario -> !scenario.isReached() && isReachedOtherwise(scenario.sender()))
                .map(AuditScenario::down)
                .distinct()
                .toList();
    }

    private boolean isReachedOtherwise(AuditScenario.Sender sender) {
        return scenarios.stream()
                .anyMatch(scenario -> scenario.sender() == sender
                        && scenario.down().equals(AuditScenario.Down.NOTHING)
                        && scenario.isReached());
    }

    /** {@return the most serious level of a finding} */
    public AuditFinding.Level worst() {
        return findings.stream()
                .map(AuditFinding::level)
                .max(Comparator.naturalOrder())
                .orElseThrow();
    }

    /** {@return this report as one line of JSON (RFC 8259), of ASCII characters} Fields have the names of the accessors. */
    public String toJson() {
        return new JsonObject()
                .with("version", JSON_VERSION)
                .with("domain", domain.toString())
                .with("at", at.truncatedTo(ChronoUnit.MILLIS).toString())
                .with("worst", worst())
                .with("findings", findings.stream().map(AuditJson::of).toList())
                .with(
                        "singlePointsOfFailure",
                        singlePointsOfFailure().stream().map(AuditJson::of).toList())
                .with("scenarios", scenarios.stream().map(AuditJson::of).toList())
                .with("hosts", hosts.stream().map(AuditJson::of).toList())
                .with("lookups", lookups.stream().map(ReportJson::of).toList())
                .toString();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AuditReport that
                && domain.equals(that.domain)
                && at.equals(that.at)
                && lookups.equals(that.lookups)
                && hosts.equals(that.hosts)
                && scenarios.equals(that.scenarios)
                && findings.equals(that.findings);
    }

    @Override
    public int hashCode() {
        return Objects.hash(domain, at, lookups, hosts, scenarios, findings);
    }

    /** {@return the report as human-readable text of at most about 96 columns: hosts, scenarios, findings} */
    @Override
    public String toString() {
        return new AuditText(hosts).of(domain, scenarios, findings);
    }
}
