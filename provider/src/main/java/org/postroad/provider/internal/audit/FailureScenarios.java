// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.audit;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.postroad.api.AuditAddress;
import org.postroad.api.AuditHost;
import org.postroad.api.AuditScenario;
import org.postroad.api.AuditScenario.Down;
import org.postroad.api.AuditScenario.Sender;
import org.postroad.api.Family;
import org.postroad.api.IpAddress;

/** Runs the simulation for each sender, with nothing down and with each host and each address down. Pure. */
public final class FailureScenarios {

    /** The maximum number of failures. The hosts of lower preference values come first. */
    static final int MAX_FAILURES = 100;

    private FailureScenarios() {}

    /** Returns the scenarios: for each failure, beginning with none, one for each sender. */
    public static List<AuditScenario> run(SenderSimulation simulation, List<AuditHost> hosts) {
        Set<IpAddress> silent = silent(hosts);
        List<AuditScenario> scenarios = new ArrayList<>();
        for (Down down : failures(hosts)) {
            for (Sender sender : Sender.values()) {
                scenarios.add(simulation.run(sender, down, silent));
            }
        }
        return scenarios;
    }

    /**
     * Returns the addresses that count as down in every scenario: those that were silent while another one of their family answered. If none
     * of the family answered, the cause may be the network of this host.
     */
    static Set<IpAddress> silent(List<AuditHost> hosts) {
        Set<Family> answering = addresses(hosts).stream()
                .filter(AuditAddress::answered)
                .map(each -> each.address().family())
                .collect(Collectors.toSet());
        return addresses(hosts).stream()
                .filter(each ->
                        each.isSilent() && answering.contains(each.address().family()))
                .map(AuditAddress::address)
                .collect(Collectors.toSet());
    }

    private static List<AuditAddress> addresses(List<AuditHost> hosts) {
        return hosts.stream().flatMap(host -> host.addresses().stream()).toList();
    }

    private static List<Down> failures(List<AuditHost> hosts) {
        Map<IpAddress, List<String>> hostsOf = new LinkedHashMap<>();
        List<Down> failures = new ArrayList<>(List.of(Down.NOTHING));
        for (AuditHost host : hosts) {
            List<IpAddress> usable = usable(host);
            if (!usable.isEmpty()) {
                failures.add(new Down(Down.Kind.HOST, host.name(), usable));
                usable.forEach(address -> hostsOf.computeIfAbsent(address, same -> new ArrayList<>())
                        .add(host.name()));
            }
        }
        Set<Set<IpAddress>> ofHosts = new HashSet<>();
        failures.forEach(down -> ofHosts.add(Set.copyOf(down.addresses())));
        hostsOf.forEach((address, names) -> {
            if (names.size() > 1 || !ofHosts.contains(Set.of(address))) {
                failures.add(new Down(Down.Kind.ADDRESS, String.join(", ", names), List.of(address)));
            }
        });
        return failures.subList(0, Math.min(failures.size(), MAX_FAILURES + 1));
    }

    private static List<IpAddress> usable(AuditHost host) {
        return host.unusable().isPresent()
                ? List.of()
                : host.addresses().stream()
                        .filter(address -> address.refusal().isEmpty())
                        .map(AuditAddress::address)
                        .toList();
    }
}
