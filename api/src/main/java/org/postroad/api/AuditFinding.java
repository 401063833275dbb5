// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** What an audit found about one rule: what was seen, what is recommended, and what to change. */
public final class AuditFinding {

    /** The maximum number of characters of a text. */
    private static final int MAX_TEXT = 1500;

    private static final Map<String, String> TITLES = Map.of(
            "AUDIT-01", "IPv4 reaches a mail exchanger",
            "AUDIT-02", "IPv6 reaches a mail exchanger",
            "AUDIT-03", "A detour for the other family is not preferred",
            "AUDIT-04", "Every mail exchanger takes the domain's mail",
            "AUDIT-05", "The addresses of a name lead to one host",
            "AUDIT-06", "Different hosts have different names",
            "AUDIT-07", "Every MX record names a host with an address",
            "AUDIT-08", "Own senders reach both families",
            "AUDIT-09", "The resolver says what the zone says",
            "AUDIT-10", "No single point of failure");

    private final String rule;
    private final Level level;
    private final String seen;
    private final String recommendation;
    private final List<String> changes;

    /** How serious a finding is, from light to serious. */
    public enum Level {
        /** The site follows the rule, or the rule does not apply to it. */
        OK,
        /** Not examined; the text says why. */
        NOT_CHECKED,
        /** Mail gets through, but the site is more fragile or harder to operate than it need be. */
        WARNING,
        /** Not examined because something failed temporarily, such as DNS; the same audit may work later. It says nothing about the site. */
        TEMPORARY,
        /** Mail of some senders is lost, bounces, or reaches the wrong host. */
        PROBLEM;

        /** {@return the name in lower case, with a space between words} */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    /**
     * Creates a finding.
     *
     * @param rule the ID of the rule, such as {@code AUDIT-03}
     * @param seen human-readable: what was seen, or why the rule was not checked; cleaned here
     * @param recommendation human-readable: what the site should do; cleaned here. Empty if there is nothing to do
     * @param changes the DNS records or settings to change, one each; cleaned here
     */
    public AuditFinding(String rule, Level level, String seen, String recommendation, List<String> changes) {
        this.rule = rule;
        this.level = level;
        this.seen = Printable.clean(seen, MAX_TEXT);
        this.recommendation = Printable.clean(recommendation, MAX_TEXT);
        this.changes = changes.stream().map(Printable::clean).toList();
    }

    /** {@return the ID of the rule, such as {@code AUDIT-03}} */
    public String rule() {
        return rule;
    }

    /** {@return what the rule demands, in a few words; empty for an unknown rule} */
    public String title() {
        return TITLES.getOrDefault(rule, "");
    }

    /** {@return how serious it is} */
    public Level level() {
        return level;
    }

    /** {@return what was seen, or why the rule was not checked; human-readable, cleaned} */
    public String seen() {
        return seen;
    }

    /** {@return what the site should do; human-readable, cleaned. Empty if there is nothing to do} */
    public String recommendation() {
        return recommendation;
    }

    /**
     * {@return the DNS records to add or to change, as lines of a zone file, or the settings; cleaned} A line that begins with
     * {@code ;} is a comment about the next line.
     */
    public List<String> changes() {
        return changes;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AuditFinding that
                && rule.equals(that.rule)
                && level == that.level
                && seen.equals(that.seen)
                && recommendation.equals(that.recommendation)
                && changes.equals(that.changes);
    }

    @Override
    public int hashCode() {
        return Objects.hash(rule, level, seen, recommendation, changes);
    }

    /** {@return {@code AUDIT-01 problem: ...}, in one line} */
    @Override
    public String toString() {
        return rule + " " + level + ": " + seen + (recommendation.isEmpty() ? "" : " " + recommendation);
    }
}
