// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.audit;

import java.util.List;
import java.util.stream.Collectors;
import org.postroad.api.AuditFinding;
import org.postroad.api.AuditFinding.Level;
import org.postroad.api.Family;
import org.postroad.api.Relay;
import org.postroad.provider.internal.audit.AuditFacts.OwnSender;

/** AUDIT-08: this host, a sender of the site, reaches both families. Pure. */
final class OwnSenderRules {

    private final AuditFacts facts;

    OwnSenderRules(AuditFacts facts) {
        this.facts = facts;
    }

    List<AuditFinding> reachesBothFamilies() {
        RuleFindings findings = new RuleFindings("AUDIT-08");
        return facts.ownSender()
                .map(own -> check(own, findings))
                .orElseGet(() -> findings.notChecked("This host is not said to be a sender of the site."))
                .all();
    }

    private static RuleFindings check(OwnSender own, RuleFindings findings) {
        if (own.families().size() == Family.values().length) {
            return findings.ok("This host reaches IPv4 and IPv6 directly.");
        }
        Family ours = own.families().iterator().next();
        Family other = ours.other();
        String reaches = "This host reaches " + ours + " directly";
        if (other == Family.IPV4 && own.nat64()) {
            return findings.ok(reaches + ", and IPv4 through NAT64.");
        } else if (own.selectorFailure().isPresent()) {
            return findings.add(
                    Level.PROBLEM,
                    reaches + " only, and the relay selector fails: "
                            + own.selectorFailure().get() + ".",
                    "Correct the relay selector (mail.mx.relayselector).",
                    List.of());
        } else if (own.relays().isEmpty()) {
            return withoutRelay(own, reaches, other, findings);
        }
        String relays = own.relays().stream().map(Relay::toString).collect(Collectors.joining(", "));
        boolean allWithAuth = own.relays().stream()
                .allMatch(relay -> relay.credentialsSource().isPresent());
        return allWithAuth
                ? findings.ok(
                        reaches + ", and " + other + " through " + relays
                                + " with AUTH. Whether the relay takes mail of its own customers only cannot be seen from here.")
                : findings.add(
                        Level.WARNING,
                        reaches + ", and " + other + " through " + relays + ", without AUTH.",
                        "Let the relay take mail of its own customers only, known by AUTH over TLS.",
                        List.of(setting(other)));
    }

    private static RuleFindings withoutRelay(OwnSender own, String reaches, Family other, RuleFindings findings) {
        if (other == Family.IPV4 && own.nat64Failure().isPresent()) {
            return findings.temporary(reaches + " only, and it is not known for now whether there is a NAT64: "
                    + own.nat64Failure().get() + ".");
        }
        return findings.add(
                other == Family.IPV4 ? Level.PROBLEM : Level.WARNING,
                reaches + " only, without " + (other == Family.IPV4 ? "NAT64 and " : "")
                        + "a relay. Mail to domains that have " + other + " only bounces with 5.4.4.",
                "Configure a relay that reaches " + other
                        + ", has agreed to relay for this site, and knows it by AUTH.",
                List.of(setting(other)));
    }

    private static String setting(Family family) {
        return "mail.mx.relay." + (family == Family.IPV4 ? "ipv4" : "ipv6") + "=smtps://<user>:<password>@<relay>";
    }
}
