// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.audit;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.postroad.api.AddressProbe;
import org.postroad.api.AuditAddress;
import org.postroad.api.AuditFinding;
import org.postroad.api.AuditFinding.Level;
import org.postroad.api.AuditHost;
import org.postroad.api.AuditScenario;
import org.postroad.api.AuditScenario.Down;
import org.postroad.api.AuditScenario.Sender;
import org.postroad.api.Family;
import org.postroad.api.Lookup;
import org.postroad.api.RecordType;

/** AUDIT-01, 02, 03, 10: which senders reach the domain, and what happens if something is down. Pure. */
final class ReachabilityRules {

    private static final int STEP = 10;
    private static final int MAX_PREFERENCE = 0xffff;

    private final AuditFacts facts;

    ReachabilityRules(AuditFacts facts) {
        this.facts = facts;
    }

    // AUDIT-01, AUDIT-02

    /** Without IPv4, mail of most senders bounces; without IPv6, only that of senders without IPv4 and NAT64, of which there are few. */
    List<AuditFinding> reachable(Family family) {
        RuleFindings findings = new RuleFindings(family == Family.IPV4 ? "AUDIT-01" : "AUDIT-02");
        Level broken = family == Family.IPV4 ? Level.PROBLEM : Level.WARNING;
        List<AuditAddress> addresses = addresses(family);
        if (addresses.isEmpty()) {
            List<Lookup<?>> failed = facts.failedLookups(family);
            return failed.isEmpty()
                    ? findings.add(
                                    broken,
                                    "No mail exchanger has an " + family + " address: mail of senders that reach "
                                            + family + " only " + whatHappensTo(senderOf(family)) + ".",
                                    "Give a mail exchanger an " + family
                                            + " address, or add one of another site that relays for"
                                            + " the domain, with a higher preference value than the others.",
                                    additions(family))
                            .all()
                    : findings.temporary(
                                    "The " + family + " addresses are not all known for now: " + failed.get(0) + ".")
                            .all();
        }
        String listed = "Senders can use " + counted(addresses.size(), family + " address", family + " addresses");
        List<AuditAddress> tried =
                addresses.stream().filter(each -> !each.probes().isEmpty()).toList();
        List<AuditAddress> failed =
                tried.stream().filter(each -> !each.answered()).toList();
        if (tried.isEmpty()) {
            return findings.ok(listed + ". None was contacted: "
                            + addresses.get(0).notContacted().orElse("there was no connection") + ".")
                    .all();
        } else if (failed.isEmpty()) {
            return findings.ok(listed + "; "
                            + (tried.size() < addresses.size()
                                    ? tried.size() + " were contacted, and answer."
                                    : tried.size() == 1 ? "it answers." : "all of them answer."))
                    .all();
        }
        boolean someAnswer = failed.size() < tried.size();
        boolean othersAnswer = addresses(family.other()).stream().anyMatch(AuditAddress::answered);
        return findings.add(
                        othersAnswer && !someAnswer ? broken : Level.WARNING,
                        listed + ". "
                                + (someAnswer ? "Not all of them work" : "None of them works")
                                + " from here: " + seen(failed)
                                + (someAnswer ? " Those that were silent count as down in the scenarios." : "")
                                + (someAnswer || othersAnswer
                                        ? ""
                                        : " No address of the other family works either: outgoing connections to port 25 may be"
                                                + " blocked here."),
                        "Check that the servers listen on these addresses, and that firewalls let port 25 through.",
                        List.of())
                .all();
    }

    private List<AuditAddress> addresses(Family family) {
        return facts.usableHosts().stream()
                .flatMap(host -> host.addresses().stream())
                .filter(each -> each.refusal().isEmpty() && each.address().family() == family)
                .distinct()
                .toList();
    }

    private static String seen(List<AuditAddress> addresses) {
        return addresses.stream()
                .map(each -> each.address() + ": " + describe(each.probes().get(0)))
                .collect(Collectors.joining("; ", "", "."));
    }

    private static String describe(AddressProbe failed) {
        AddressProbe.Failure failure = failed.failure().orElseThrow();
        return failure.stage() + ", "
                + failure.outcome().describeAt(failed.contact().remote());
    }

    private List<String> additions(Family family) {
        List<String> additions = new ArrayList<>();
        facts.usableHosts().stream()
                .findFirst()
                .ifPresent(host -> additions.add(ZoneLine.anyAddress(host.name(), family)));
        additions.add("; or, with a host of another site:");
        additions.add(ZoneLine.mx(facts.domain(), beyond(facts.largestPreference()), "<host with " + family + ">"));
        return additions;
    }

    private String whatHappensTo(Sender sender) {
        return facts.scenarios().stream()
                .filter(scenario ->
                        scenario.sender() == sender && scenario.down().equals(Down.NOTHING))
                .flatMap(scenario -> scenario.notTaken().stream())
                .map(AuditScenario.NotTaken::toString)
                .findFirst()
                .orElse("is not delivered");
    }

    private static Sender senderOf(Family family) {
        return family == Family.IPV4 ? Sender.IPV4_ONLY : Sender.IPV6_ONLY;
    }

    // AUDIT-03

    /**
     * Returns the mail exchangers that serve only senders of the family that the site itself lacks; none if there are no such. That is known
     * only if every mail exchanger has one family: then those of the family that fewer of them have or, if both have as many, that is not
     * preferred.
     */
    static List<AuditHost> gateways(AuditFacts facts) {
        Map<Set<Family>, List<AuditHost>> byFamilies = facts.usableHosts().stream()
                .filter(host -> !host.families().isEmpty())
                .collect(Collectors.groupingBy(AuditHost::families, LinkedHashMap::new, Collectors.toList()));
        if (byFamilies.size() != 2 || byFamilies.containsKey(Set.of(Family.values()))) {
            return List.of();
        }
        return byFamilies.values().stream()
                .min(Comparator.<List<AuditHost>>comparingInt(List::size)
                        .thenComparing(Comparator.comparingInt(ReachabilityRules::least)
                                .reversed()))
                .orElseThrow();
    }

    private static int least(List<AuditHost> hosts) {
        return hosts.stream().mapToInt(ReachabilityRules::preference).min().orElse(0);
    }

    private static int preference(AuditHost host) {
        return host.preference().orElse(0);
    }

    List<AuditFinding> preferences() {
        RuleFindings findings = new RuleFindings("AUDIT-03");
        List<AuditHost> gateways = gateways(facts);
        if (gateways.isEmpty()) {
            return anyLookupFailed()
                    ? findings.temporary("The addresses of the mail exchangers are not all known for now.")
                            .all()
                    : findings.ok("No mail exchanger is for senders of one family only.")
                            .all();
        }
        Family family = gateways.get(0).families().iterator().next();
        int others = facts.usableHosts().stream()
                .filter(host -> !gateways.contains(host))
                .mapToInt(ReachabilityRules::preference)
                .max()
                .orElse(0);
        for (AuditHost gateway : gateways) {
            String seen = gateway.name() + " has " + family
                    + " only, and the other mail exchangers do not have it. Its preference" + " value is "
                    + preference(gateway) + ", the highest of the others is " + others + ".";
            if (preference(gateway) > others) {
                findings.ok(seen);
            } else {
                findings.add(
                        Level.WARNING,
                        seen + " So senders with both families may take the detour through it.",
                        "Give it a higher preference value than the others.",
                        List.of(ZoneLine.mx(facts.domain(), beyond(others), gateway.name())));
            }
        }
        return findings.all();
    }

    private static int beyond(int preference) {
        return Math.min(MAX_PREFERENCE, preference + STEP);
    }

    // AUDIT-10

    List<AuditFinding> singlePointsOfFailure() {
        RuleFindings findings = new RuleFindings("AUDIT-10");
        Map<Down, Set<Sender>> affected = new LinkedHashMap<>();
        for (AuditScenario scenario : facts.scenarios()) {
            if (!scenario.isReached() && isReachedWithNothingDown(scenario.sender())) {
                affected.computeIfAbsent(scenario.down(), down -> new TreeSet<>())
                        .add(scenario.sender());
            }
        }
        if (anyLookupFailed()) {
            return findings.temporary("The addresses of the mail exchangers are not all known for now.")
                    .all();
        }
        if (facts.scenarios().stream().noneMatch(AuditScenario::isReached)) {
            return findings.notChecked("No sender reaches the domain in any case.")
                    .all();
        }
        if (affected.isEmpty()) {
            return findings.ok(
                            "With any one mail exchanger or address down, every sender that reaches the domain still reaches it.")
                    .all();
        }
        affected.forEach((down, senders) -> {
            if (!isCovered(down, senders, affected)) {
                findings.add(
                        Level.WARNING,
                        "Single point of failure: with " + down + ", mail of " + words(senders)
                                + " waits at the sender and is tried again.",
                        "Add a mail exchanger on another host that these senders reach.",
                        List.of(ZoneLine.mx(
                                facts.domain(),
                                beyond(facts.largestPreference()),
                                "<another host with " + families(senders) + ">")));
            }
        });
        return findings.all();
    }

    /** Returns whether a host with this address is a single point of failure for these senders anyway. */
    private static boolean isCovered(Down down, Set<Sender> senders, Map<Down, Set<Sender>> affected) {
        return down.kind() == Down.Kind.ADDRESS
                && affected.entrySet().stream()
                        .anyMatch(other -> other.getKey().kind() == Down.Kind.HOST
                                && other.getKey().addresses().containsAll(down.addresses())
                                && other.getValue().containsAll(senders));
    }

    private boolean isReachedWithNothingDown(Sender sender) {
        return facts.scenarios().stream()
                .anyMatch(scenario ->
                        scenario.sender() == sender && scenario.down().equals(Down.NOTHING) && scenario.isReached());
    }

    private static String words(Set<Sender> senders) {
        return senders.size() == Sender.values().length
                ? "all senders"
                : "senders that reach " + senders.stream().map(Sender::toString).collect(Collectors.joining(" or "));
    }

    private static String families(Set<Sender> senders) {
        boolean v4 = senders.contains(Sender.IPV4_ONLY);
        boolean v6 = senders.contains(Sender.IPV6_ONLY);
        return v4 == v6 ? "IPv4 and IPv6" : v4 ? "IPv4" : "IPv6";
    }

    private boolean anyLookupFailed() {
        return facts.lookups().stream()
                .anyMatch(lookup -> lookup.answer().failure().isPresent()
                        && List.of(RecordType.A, RecordType.AAAA).contains(lookup.type()));
    }

    private static String counted(int count, String one, String several) {
        return count + " " + (count == 1 ? one : several);
    }
}
