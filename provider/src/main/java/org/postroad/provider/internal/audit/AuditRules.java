// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.postroad.api.AuditFinding;
import org.postroad.api.AuditFinding.Level;
import org.postroad.api.DnsAnswer;
import org.postroad.api.Family;

/** The rules AUDIT-01 to AUDIT-10, in this order. Pure. */
public final class AuditRules {

    private AuditRules() {}

    /** Returns the findings, at least one for each rule. */
    public static List<AuditFinding> apply(AuditFacts facts) {
        Optional<Blanket> blanket = blanket(facts);
        List<AuditFinding> findings = new ArrayList<>();
        if (blanket.isPresent()) {
            for (int rule = 1; rule <= 6; rule++) {
                findings.addAll(blanket.get().of("AUDIT-0" + rule));
            }
            findings.addAll(records(facts, blanket.get()));
        } else {
            ReachabilityRules reachability = new ReachabilityRules(facts);
            ServerRules servers = new ServerRules(facts);
            findings.addAll(reachability.reachable(Family.IPV4));
            findings.addAll(reachability.reachable(Family.IPV6));
            findings.addAll(reachability.preferences());
            findings.addAll(servers.takesMailAlike());
            findings.addAll(servers.addressesLeadToOneHost());
            findings.addAll(servers.hostsHaveNamesOfTheirOwn());
            findings.addAll(new RecordRules(facts).targets());
        }
        findings.addAll(new OwnSenderRules(facts).reachesBothFamilies());
        findings.addAll(new AuthorityRules(facts).resolverIsHonest());
        findings.addAll(
                blanket.isPresent()
                        ? blanket.get().of("AUDIT-10")
                        : new ReachabilityRules(facts).singlePointsOfFailure());
        return findings;
    }

    /** The answer to most rules, if the MX lookup decides them. */
    private record Blanket(boolean isTemporary, String why) {

        List<AuditFinding> of(String rule) {
            RuleFindings findings = new RuleFindings(rule);
            return isTemporary
                    ? findings.temporary(why).all()
                    : findings.notChecked(why).all();
        }
    }

    private static Optional<Blanket> blanket(AuditFacts facts) {
        if (facts.hasNullMx()) {
            return Optional.of(new Blanket(false, "The domain accepts no mail (null MX)."));
        }
        return facts.mx()
                .fold(
                        found -> Optional.empty(),
                        noData -> Optional.empty(),
                        noSuchName -> Optional.of(new Blanket(false, "The domain does not exist.")),
                        failed -> Optional.of(
                                new Blanket(true, "The MX records are not known for now: " + failed.reason() + ".")));
    }

    private static List<AuditFinding> records(AuditFacts facts, Blanket blanket) {
        if (facts.mx() instanceof DnsAnswer.NoSuchName) {
            return new RuleFindings("AUDIT-07")
                    .add(
                            Level.PROBLEM,
                            "The domain " + facts.domain() + " does not exist in DNS.",
                            "Register the domain, or correct its name.",
                            List.of(ZoneLine.mx(facts.domain(), 10, "<mail exchanger>")))
                    .all();
        }
        return facts.hasNullMx() ? new RecordRules(facts).targets() : blanket.of("AUDIT-07");
    }
}
