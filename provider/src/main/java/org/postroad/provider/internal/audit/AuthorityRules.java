// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.audit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.postroad.api.AuditFinding;
import org.postroad.api.AuditFinding.Level;
import org.postroad.api.DnsAnswer;
import org.postroad.api.HostName;
import org.postroad.api.Lookup;
import org.postroad.api.RecordType;
import org.postroad.provider.internal.audit.AuditFacts.AuthorityAnswer;
import org.postroad.provider.internal.audit.AuditFacts.AuthorityFacts;

/** AUDIT-09: the configured resolver says what the authoritative servers say. Pure. */
final class AuthorityRules {

    private final AuditFacts facts;
    private final RuleFindings findings = new RuleFindings("AUDIT-09");

    AuthorityRules(AuditFacts facts) {
        this.facts = facts;
    }

    List<AuditFinding> resolverIsHonest() {
        AuthorityFacts authority = facts.authority();
        if (authority.notChecked().isPresent()) {
            String why = authority.notChecked().get();
            return authority.isTemporary()
                    ? findings.temporary(why).all()
                    : findings.notChecked(why).all();
        }
        int compared = 0;
        for (Lookup<?> lookup : facts.lookups()) {
            List<AuthorityAnswer> answers = answersTo(lookup.name(), lookup.type());
            if (!answers.isEmpty() && lookup.answer().failure().isEmpty()) {
                compared += answers.size();
                compare(lookup, answers);
            }
        }
        if (compared == 0) {
            return findings.notChecked("No authoritative server answered: " + failures(authority) + ".")
                    .all();
        }
        String silent = failures(authority);
        return findings.isEmpty()
                ? findings.ok("The resolver says what the authoritative servers say; " + compared
                                + " answers were compared."
                                + (silent.isEmpty() ? "" : " Not compared: " + silent + "."))
                        .all()
                : findings.all();
    }

    private List<AuthorityAnswer> answersTo(HostName name, RecordType<?> type) {
        return facts.authority().answers().stream()
                .filter(each -> each.lookup().name().equals(name)
                        && each.lookup().type().equals(type)
                        && each.lookup().answer().failure().isEmpty())
                .toList();
    }

    private static String failures(AuthorityFacts authority) {
        return authority.answers().stream()
                .flatMap(each -> each.lookup().answer().failure().stream())
                .map(DnsAnswer.Failed::detail)
                .distinct()
                .collect(Collectors.joining("; "));
    }

    private void compare(Lookup<?> lookup, List<AuthorityAnswer> answers) {
        Map<String, List<String>> serversByAnswer = new LinkedHashMap<>();
        for (AuthorityAnswer each : answers) {
            serversByAnswer
                    .computeIfAbsent(comparable(each.lookup().answer()), text -> new ArrayList<>())
                    .add(each.server());
        }
        String resolver = comparable(lookup.answer());
        String question = lookup.type() + " records of " + lookup.name();
        String said = serversByAnswer.entrySet().stream()
                .map(entry -> entry.getKey() + " according to " + String.join(" and ", entry.getValue()))
                .collect(Collectors.joining("; "));
        if (!serversByAnswer.containsKey(resolver)) {
            boolean isMx = lookup.type().equals(RecordType.MX);
            findings.add(
                    isMx ? Level.PROBLEM : Level.WARNING,
                    "The resolver gives other " + question + " than the zone has. The resolver: " + resolver
                            + ". The zone: " + said + ".",
                    "Use a resolver that does not change answers, unless the zone was changed within its TTL"
                            + (isMx ? "." : ", or answers with different addresses on purpose."),
                    List.of("mail.mx.dns.servers=<addresses of other resolvers>"));
        } else if (serversByAnswer.size() > 1) {
            findings.add(
                    Level.WARNING,
                    "The authoritative servers disagree about the " + question + ": " + said + ".",
                    "Check that every name server of the zone has its last version (the serial number of the SOA record).",
                    List.of());
        }
    }

    /** Returns the answer in a form in which the order of records does not matter. */
    private static <R> String comparable(DnsAnswer<R> answer) {
        return answer.fold(
                found -> found.records().stream().map(Object::toString).sorted().collect(Collectors.joining(", ")),
                noData -> "none",
                noSuchName -> "no such name",
                failed -> failed.reason());
    }
}
