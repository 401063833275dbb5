// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postroad.api.DnsAnswer;
import org.postroad.api.DomainRoute;
import org.postroad.api.Family;
import org.postroad.api.IpAddress;
import org.postroad.api.RecipientReport;
import org.postroad.api.RecordType;
import org.postroad.api.RemoteMta.Role;
import org.postroad.api.RouteAddress;
import org.postroad.api.RouteHost;

/** In thousands of random worlds, a route lists every host and address, and why it is passed over is true. */
@Timeout(600)
class RouteReasonsTest {

    @Test
    void ADDR_everyAddressIsAContactOrPassedOverForAReasonThatHolds() {
        SimulatedHost.inEveryWorld((world, simulated) -> {
            DomainRoute route = simulated.predict();
            Set<String> contacted = new LinkedHashSet<>();
            route.contacts()
                    .forEach(contact -> contacted.add(key(
                            contact.remote().role(),
                            contact.remote().host().toString(),
                            contact.remote().address())));
            Set<String> kept = new LinkedHashSet<>();
            for (RouteHost host : route.hosts()) {
                for (RouteAddress address : host.addresses()) {
                    if (address.passedOver().isEmpty()) {
                        kept.add(key(host.role(), host.name(), address.dialled()));
                    } else {
                        checkReason(world, host, address, contacted);
                    }
                }
                checkIsComplete(world, host);
                host.passedOver().ifPresent(reason -> checkReason(world, host, reason.rule()));
                boolean hasContact = host.addresses().stream()
                        .anyMatch(address -> address.passedOver().isEmpty());
                assertThat(host.passedOver().isEmpty()).as(host.toString()).isEqualTo(hasContact);
            }
            assertThat(kept).isEqualTo(contacted);
        });
    }

    private static String key(Role role, String host, IpAddress address) {
        return role + " " + host + " " + address;
    }

    private static void checkReason(RandomWorld world, RouteHost host, String rule) {
        boolean holds = switch (rule) {
            case "ORDER-08" -> !(world.ownAddresses.isEmpty() && world.ownNames.isEmpty());
            case "ORDER-04" -> published(world, host.name()).isEmpty();
            case "LOOKUP-01" -> host.name().contains(" ");
            case "LOOKUP-07" -> host.name().equals(".");
            case "LOOKUP-08" -> fails(world, host.name()) || world.nat64Failure.isPresent();
            case "RFC 5321 5.1" -> world.hasMaxMx();
            case "END-01" -> !world.slow.isEmpty();
            default ->
                host.addresses().stream()
                        .anyMatch(address ->
                                address.passedOver().orElseThrow().rule().equals(rule));
        };
        assertThat(holds).as(host.toString()).isTrue();
    }

    private static void checkReason(RandomWorld world, RouteHost host, RouteAddress address, Set<String> contacted) {
        String rule = address.passedOver().orElseThrow().rule();
        boolean ours = world.families.contains(address.address().family());
        boolean unknown = world.nat64Failure.isPresent() && address.address().family() == Family.IPV4;
        boolean configured = host.role() == Role.RELAY || (host.role() == Role.ROUTE && !world.nextHop.lookUpMx());
        boolean holds = switch (rule) {
            case "ADDR-02" -> !ours && !world.nat64 && !unknown;
            case "ADDR-04" -> !ours && unknown;
            case "ADDR-05" -> !configured && world.refused.contains(address.address());
            case "ORDER-07" -> host.addresses().size() > world.maxAddresses();
            case "ORDER-08" -> !configured && !(world.ownAddresses.isEmpty() && world.ownNames.isEmpty());
            case "TRY-03" -> contacted.stream().anyMatch(key -> key.endsWith(" " + address.dialled()));
            case "END-01" -> !world.slow.isEmpty();
            default -> false;
        };
        assertThat(holds).as(host + " " + address).isTrue();
    }

    /** LOOKUP-04: both families are listed, also what the delivery did not need to know. */
    private static void checkIsComplete(RandomWorld world, RouteHost host) {
        Optional<String> rule = host.passedOver().map(RecipientReport.Decision::rule);
        boolean isLookedUp =
                rule.isEmpty() || Set.of("ADDR-02", "ADDR-04", "ORDER-04").contains(rule.get());
        if (isLookedUp && world.slow.isEmpty() && host.name().endsWith(".test")) {
            Set<IpAddress> listed =
                    host.addresses().stream().map(RouteAddress::address).collect(Collectors.toSet());
            assertThat(listed).isEqualTo(published(world, host.name()));
        }
    }

    private static boolean fails(RandomWorld world, String host) {
        return Stream.of(RecordType.A, RecordType.AAAA)
                .anyMatch(type -> world.zone.get(type + " " + host) instanceof DnsAnswer.Failed<?>);
    }

    private static Set<IpAddress> published(RandomWorld world, String host) {
        Set<IpAddress> published = new HashSet<>();
        for (RecordType<IpAddress> type : List.of(RecordType.A, RecordType.AAAA)) {
            DnsAnswer<?> answer = world.zone.get(type + " " + host);
            if (answer != null) {
                answer.recordsOrNone().forEach(record -> published.add((IpAddress) record));
            }
        }
        return published;
    }
}
