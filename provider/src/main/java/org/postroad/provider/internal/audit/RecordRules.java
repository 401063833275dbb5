// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.postroad.api.AuditAddress;
import org.postroad.api.AuditFinding;
import org.postroad.api.AuditFinding.Level;
import org.postroad.api.AuditHost;
import org.postroad.api.DnsAnswer;
import org.postroad.api.DnsName;
import org.postroad.api.Family;
import org.postroad.api.HostName;
import org.postroad.api.IpAddress;
import org.postroad.api.MxRecord;
import org.postroad.api.RecordType;

/** AUDIT-07: every MX record names a host that has an address. Pure. */
final class RecordRules {

    private static final String TO_REMOVE = "; to be removed:";

    private final AuditFacts facts;
    private final RuleFindings findings = new RuleFindings("AUDIT-07");

    RecordRules(AuditFacts facts) {
        this.facts = facts;
    }

    List<AuditFinding> targets() {
        List<MxRecord> records = facts.mx().recordsOrNone();
        if (facts.hasNullMx()) {
            return findings.ok("The domain accepts no mail, and says so with a null MX alone.")
                    .all();
        }
        records.stream().distinct().forEach(this::check);
        if (records.isEmpty()) {
            checkHost((HostName) facts.domain().host(), Optional.empty());
        }
        if (!findings.isEmpty()) {
            return findings.all();
        }
        return findings.ok(
                        records.isEmpty()
                                ? "There are no MX records; the domain itself is its only host, and has an address."
                                : "Every MX record names a host that has an address of its own.")
                .all();
    }

    private void check(MxRecord record) {
        Optional<HostName> host = record.exchange().hostName();
        String line = ZoneLine.mx(
                facts.domain(), record.preference(), record.exchange().text());
        if (record.exchange().isRoot()) {
            findings.add(
                    Level.WARNING,
                    "There is a null MX (\".\") beside other MX records. Senders ignore it, or send nothing at all.",
                    "A null MX stands alone. Remove it.",
                    List.of(TO_REMOVE, line));
        } else if (host.isEmpty()) {
            findings.add(
                    Level.PROBLEM,
                    "The MX record with " + record.exchange() + " does not name a host.",
                    "Name a host, with letters, digits and hyphens.",
                    List.of(TO_REMOVE, line));
        } else if (isAddress(host.get())) {
            findings.add(
                    Level.PROBLEM,
                    "The MX record has the address " + host.get() + " in place of a name. No sender connects to it.",
                    "Give the host a name with an address record, and name it in the MX record.",
                    List.of(
                            TO_REMOVE,
                            line,
                            ZoneLine.mx(facts.domain(), record.preference(), "mx." + facts.domain()),
                            ZoneLine.address(
                                    "mx." + facts.domain(),
                                    IpAddress.parse(host.get().text()))));
        } else {
            checkHost(host.get(), Optional.of(record));
        }
    }

    private static boolean isAddress(HostName name) {
        try {
            IpAddress.parse(name.text());
            return true;
        } catch (IllegalArgumentException aName) {
            return false;
        }
    }

    /** @param record the MX record; empty for the domain itself */
    private void checkHost(HostName host, Optional<MxRecord> record) {
        List<DnsAnswer<IpAddress>> answers = Stream.of(Family.values())
                .flatMap(family -> facts.answer(host, RecordType.ofAddresses(family)).stream())
                .toList();
        Optional<DnsName> alias = answers.stream()
                .flatMap(answer -> canonicalName(answer).stream())
                .filter(name -> !name.text().equals(host.text()))
                .findFirst();
        if (record.isPresent() && alias.isPresent()) {
            findings.add(
                    Level.WARNING,
                    "The MX name " + host + " is an alias (CNAME) of " + alias.get()
                            + ". Some senders refuse that (RFC 5321 §5.1," + " RFC 2181 §10.3).",
                    "Name the host itself in the MX record.",
                    List.of(ZoneLine.mx(
                            facts.domain(),
                            record.get().preference(),
                            alias.get().text())));
        }
        boolean none =
                answers.stream().allMatch(answer -> answer.recordsOrNone().isEmpty());
        Optional<DnsAnswer.Failed<IpAddress>> failed =
                answers.stream().flatMap(answer -> answer.failure().stream()).findFirst();
        if (none && failed.isPresent()) {
            findings.temporary("The addresses of " + host + " are not known for now: "
                    + failed.get().reason() + ".");
        } else if (none && !answers.isEmpty()) {
            missing(host, record, answers);
        }
        facts.hosts().stream()
                .filter(each -> each.name().equals(host.text()))
                .findFirst()
                .ifPresent(each -> refused(each, record));
    }

    private void missing(HostName host, Optional<MxRecord> record, List<DnsAnswer<IpAddress>> answers) {
        boolean exists = answers.stream().noneMatch(DnsAnswer.NoSuchName.class::isInstance);
        List<String> changes = new ArrayList<>();
        for (Family family : Family.values()) {
            changes.add(ZoneLine.anyAddress(host.text(), family));
        }
        record.ifPresent(mx -> {
            changes.add("; or, to be removed:");
            changes.add(ZoneLine.mx(facts.domain(), mx.preference(), host.text()));
        });
        findings.add(
                Level.PROBLEM,
                (record.isPresent() ? "The MX name " + host : "There are no MX records, and the domain " + host)
                        + (exists ? " has no address." : " does not exist in DNS."),
                record.isPresent() ? "Add its addresses, or remove the MX record." : "Add an MX record or an address.",
                changes);
    }

    private void refused(AuditHost host, Optional<MxRecord> record) {
        List<AuditAddress> refused = host.addresses().stream()
                .filter(address -> address.refusal().isPresent())
                .toList();
        if (refused.isEmpty()) {
            return;
        }
        List<String> changes = new ArrayList<>(List.of(TO_REMOVE));
        refused.forEach(address -> changes.add(ZoneLine.address(host.name(), address.address())));
        boolean all = refused.size() == host.addresses().size();
        findings.add(
                all ? Level.PROBLEM : Level.WARNING,
                (record.isPresent() ? "The MX name " : "The domain ") + host.name() + " has "
                        + String.join(
                                ", ",
                                refused.stream()
                                        .map(address -> address.address() + " ("
                                                + address.refusal().orElseThrow() + ")")
                                        .toList())
                        + ", which no host on the Internet can have" + (all ? ", and no other address." : "."),
                "Publish addresses that senders can reach; keep internal ones in an internal view.",
                changes);
    }

    private static Optional<DnsName> canonicalName(DnsAnswer<IpAddress> answer) {
        if (answer instanceof DnsAnswer.Found<IpAddress> found) {
            return Optional.of(found.canonicalName());
        }
        List<DnsAnswer.Alias> aliases = answer.aliases();
        return aliases.isEmpty()
                ? Optional.empty()
                : Optional.of(aliases.get(aliases.size() - 1).target());
    }
}
