// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.audit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.postroad.api.AddressProbe;
import org.postroad.api.AuditAddress;
import org.postroad.api.AuditFinding;
import org.postroad.api.AuditFinding.Level;
import org.postroad.api.AuditHost;
import org.postroad.api.DnsName;
import org.postroad.api.IpAddress;
import org.postroad.api.RecipientOutcome;

/** AUDIT-04, 05, 06: what the servers answered. Pure. */
final class ServerRules {

    private static final String NO_CONNECTIONS = "Only DNS was asked; this rule needs connections.";
    private static final String NONE_ANSWERED = "No address that was contacted led to a session.";

    private final AuditFacts facts;

    ServerRules(AuditFacts facts) {
        this.facts = facts;
    }

    /** One connection that led to a session. */
    private record Session(AuditHost host, IpAddress address, AddressProbe probe) {

        ServerIdentity identity() {
            return ServerIdentity.of(probe);
        }
    }

    private List<Session> sessions(AuditHost host) {
        List<Session> sessions = new ArrayList<>();
        for (AuditAddress address : host.addresses()) {
            for (AddressProbe probe : address.probes()) {
                if (probe.failure().isEmpty()) {
                    sessions.add(new Session(host, address.address(), probe));
                }
            }
        }
        return sessions;
    }

    private boolean noneAnswered() {
        return facts.usableHosts().stream().allMatch(host -> sessions(host).isEmpty());
    }

    // AUDIT-04

    List<AuditFinding> takesMailAlike() {
        RuleFindings findings = new RuleFindings("AUDIT-04");
        if (facts.options().connectionsPerAddress() == 0) {
            return findings.notChecked(NO_CONNECTIONS).all();
        } else if (!facts.options().offersPostmaster()) {
            return findings.notChecked("The postmaster of the domain was not offered to the servers.")
                    .all();
        } else if (noneAnswered()) {
            return findings.notChecked(NONE_ANSWERED).all();
        }
        Map<String, Set<String>> accepting = new LinkedHashMap<>();
        Map<String, Set<String>> refusing = new LinkedHashMap<>();
        Map<String, Set<String>> deferring = new LinkedHashMap<>();
        for (AuditHost host : facts.usableHosts()) {
            for (Session session : sessions(host)) {
                Optional<RecipientOutcome> refused =
                        session.probe().refused().stream().findFirst();
                if (refused.isPresent()) {
                    boolean permanent = refused.get()
                            .outcome()
                            .serverReply()
                            .filter(reply -> reply.status().isPermanent())
                            .isPresent();
                    (permanent ? refusing : deferring)
                            .computeIfAbsent(host.name(), name -> new LinkedHashSet<>())
                            .add(session.address() + " says "
                                    + refused.get().outcome().describe());
                } else if (!session.probe().accepted().isEmpty()) {
                    accepting
                            .computeIfAbsent(host.name(), name -> new LinkedHashSet<>())
                            .add(session.address().toString());
                }
            }
        }
        refusing.forEach((host, words) -> findings.add(
                Level.PROBLEM,
                host + " refuses mail for postmaster@" + facts.domain() + ": " + String.join("; ", words) + "."
                        + (accepting.isEmpty() ? "" : " " + String.join(", ", accepting.keySet()) + " takes it."),
                "Let every mail exchanger take mail for the domain, or remove its MX record. A mailbox postmaster is required"
                        + " (RFC 5321 §4.5.1).",
                List.of("; on " + host + ": " + facts.domain() + " among the domains that it relays or delivers")));
        deferring.forEach((host, words) -> findings.temporary(host + " does not take mail for postmaster@"
                + facts.domain() + " for now: " + String.join("; ", words) + "."));
        return findings.isEmpty()
                ? findings.ok("Every host that answered takes mail for postmaster@" + facts.domain() + ".")
                        .all()
                : findings.all();
    }

    // AUDIT-05

    List<AuditFinding> addressesLeadToOneHost() {
        RuleFindings findings = new RuleFindings("AUDIT-05");
        if (facts.options().connectionsPerAddress() == 0) {
            return findings.notChecked(NO_CONNECTIONS).all();
        } else if (noneAnswered()) {
            return findings.notChecked(NONE_ANSWERED).all();
        }
        int compared = 0;
        for (AuditHost host : facts.usableHosts()) {
            List<Session> sessions = sessions(host);
            compared += sessions.size();
            List<String> differences = new ArrayList<>();
            difference(sessions, "greeting", session -> session.identity().greeting())
                    .ifPresent(differences::add);
            difference(sessions, "certificate", session -> session.identity().certificate())
                    .ifPresent(differences::add);
            difference(sessions, "extensions", session -> session.identity().extensions())
                    .ifPresent(differences::add);
            if (!differences.isEmpty()) {
                findings.add(
                        Level.WARNING,
                        host.name() + " leads to servers that differ. " + String.join(" ", differences),
                        "Give each host an MX name of its own (AUDIT-06), or configure the servers of one name alike. A sender that"
                                + " retries otherwise meets another server each time.",
                        List.of());
            }
        }
        return findings.isEmpty()
                ? findings.ok("On " + compared
                                + " connections, all addresses of each name had the same greeting, certificate and"
                                + " extensions.")
                        .all()
                : findings.all();
    }

    /** Returns the values and who has them, if there are several. */
    private static Optional<String> difference(List<Session> sessions, String what, Function<Session, String> value) {
        Map<String, Set<IpAddress>> byValue = sessions.stream()
                .collect(Collectors.groupingBy(
                        value,
                        LinkedHashMap::new,
                        Collectors.mapping(Session::address, Collectors.toCollection(LinkedHashSet::new))));
        return byValue.size() < 2
                ? Optional.empty()
                : Optional.of("The " + what + ": "
                        + byValue.entrySet().stream()
                                .map(entry -> entry.getKey() + " at " + join(entry.getValue()))
                                .collect(Collectors.joining("; "))
                        + ".");
    }

    private static String join(Set<IpAddress> addresses) {
        return addresses.stream().map(IpAddress::toString).collect(Collectors.joining(" and "));
    }

    // AUDIT-06

    List<AuditFinding> hostsHaveNamesOfTheirOwn() {
        RuleFindings findings = new RuleFindings("AUDIT-06");
        if (facts.options().connectionsPerAddress() == 0) {
            return findings.notChecked(NO_CONNECTIONS).all();
        } else if (noneAnswered()) {
            return findings.notChecked(NONE_ANSWERED).all();
        }
        Map<String, Set<String>> namesOf = new LinkedHashMap<>();
        for (AuditHost host : facts.usableHosts()) {
            Map<String, Set<IpAddress>> servers = new LinkedHashMap<>();
            for (Session session : sessions(host)) {
                String greeting = session.identity().greeting();
                servers.computeIfAbsent(greeting, name -> new LinkedHashSet<>()).add(session.address());
                namesOf.computeIfAbsent(greeting, name -> new LinkedHashSet<>()).add(host.name());
            }
            if (servers.size() > 1) {
                findings.add(
                        Level.WARNING,
                        servers.size() + " hosts share the MX name " + host.name() + ": "
                                + servers.entrySet().stream()
                                        .map(entry -> entry.getKey() + " at " + join(entry.getValue()))
                                        .collect(Collectors.joining("; "))
                                + ".",
                        "Give each of them an MX name and an MX record of its own, with the same preference value.",
                        ownRecords(host, servers));
            }
        }
        String shared = namesOf.entrySet().stream()
                .filter(entry -> entry.getValue().size() > 1)
                .map(entry -> " " + String.join(" and ", entry.getValue()) + " greet with the same name, "
                        + entry.getKey() + ": if that is one host, they do not replace one another.")
                .collect(Collectors.joining());
        return findings.isEmpty()
                ? findings.ok("No MX name leads to several hosts." + shared).all()
                : findings.all();
    }

    private List<String> ownRecords(AuditHost host, Map<String, Set<IpAddress>> servers) {
        List<String> records = new ArrayList<>();
        servers.forEach((greeting, addresses) -> {
            String name =
                    greeting.contains(".") && new DnsName(greeting).hostName().isPresent()
                            ? greeting
                            : "<name of the host at " + addresses.iterator().next() + ">";
            records.add(ZoneLine.mx(facts.domain(), host.preference().orElse(0), name));
            addresses.forEach(address -> records.add(ZoneLine.address(name, address)));
        });
        return records;
    }
}
