// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postroad.api.IpAddress;
import org.postroad.fixtures.VirtualClock;
import org.postroad.provider.LogTap;
import org.postroad.spi.AddressOrder;
import org.postroad.spi.AddressOrder.Candidate;

/** The built-in address orders, and the check of what an order returns (ORDER-05). */
class AddressOrdersTest {

    private final Random random = new Random(1);

    /** Examples of RFC 6724 §10.2, without those for home and deprecated addresses. {@code destination<source}, best first. */
    @ParameterizedTest
    @CsvSource({
        "matching scope,         2001:db8:1::1<2001:db8:1::2 198.51.100.121<169.254.13.78",
        "matching scope,         198.51.100.121<198.51.100.117 2001:db8:1::1<fe80::1",
        "higher precedence,      2001:db8:1::1<2001:db8:1::2 10.1.2.3<10.1.2.4",
        "smaller scope,          fe80::1<fe80::2 2001:db8:1::1<2001:db8:1::2",
        "longest prefix,         2001:db8:1::1<2001:db8:1::2 2001:db8:3ffe::1<2001:db8:3f44::2",
        "matching label,         2002:c633:6401::1<2002:c633:6401::2 2001:db8:1::1<2002:c633:6401::2",
        "higher precedence,      2001:db8:1::1<2001:db8:1::2 2002:c633:6401::1<2002:c633:6401::2",
        // One example per rule, in addition to those of the RFC.
        "usable,                 10.1.2.3<10.1.2.4 2001:db8:1::1<-",
        "usable beats scope,     198.51.100.1<169.254.1.1 2001:db8:1::1<-",
        "label: Teredo source,   198.51.100.1<10.0.0.1 2001:db8:1::1<2001:0:1::1",
        "label: ULA source,      198.51.100.1<10.0.0.1 2001:db8:1::1<fd00::1",
        "precedence: ULA pair,   198.51.100.1<10.0.0.1 fd00::2<fd00::1",
        "precedence: 6to4 pair,  198.51.100.1<10.0.0.1 2002:c633:6401::1<2002:c633:6401::2"
    })
    void ORDER_05_rfc6724ExamplesAreOrderedAsSpecified(String rule, String expected) {
        List<Candidate> best = candidates(expected);
        List<Candidate> reversed = new ArrayList<>(best);
        Collections.reverse(reversed);

        assertThat(AddressOrders.standard().order(reversed, random)).as(rule).isEqualTo(best);
        assertThat(AddressOrders.standard().order(best, random)).as(rule).isEqualTo(best);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // IPv4: no rule 9, so DNS can balance the load.
                "198.51.100.1<198.51.0.1 198.51.0.2<198.51.0.1",
                "198.51.0.2<198.51.0.1 198.51.100.1<198.51.0.1",
                // Within one /64, the interface identifiers do not count.
                "2001:db8::8000:0:0:1<2001:db8::2 2001:db8::3<2001:db8::2",
                "2001:db8::3<2001:db8::2 2001:db8::8000:0:0:1<2001:db8::2",
                "2001:db8::1<- 2001:db8::2<-",
            })
    void ORDER_05_addressesThatNoRuleOrdersKeepTheOrderOfDns(String inDns) {
        assertThat(AddressOrders.standard().order(candidates(inDns), random)).isEqualTo(candidates(inDns));
    }

    @Property
    void ORDER_05_rfc6724IsAConsistentOrder(@ForAll("anyCandidates") List<Candidate> candidates) {
        List<Candidate> ordered = AddressOrders.standard().order(candidates, random);

        assertThat(ordered).containsExactlyInAnyOrderElementsOf(candidates);
        // If the order were not transitive, some pair would be sorted against it.
        for (int i = 0; i < ordered.size(); i++) {
            for (int j = i + 1; j < ordered.size(); j++) {
                List<Candidate> pair = List.of(ordered.get(i), ordered.get(j));
                assertThat(AddressOrders.standard().order(pair, random)).isEqualTo(pair);
            }
        }
    }

    @Provide
    Arbitrary<List<Candidate>> anyCandidates() {
        return Arbitraries.of("192.0.2.1<10.0.0.1 192.0.2.2<- ::ffff:192.0.2.3<2001:db8::1 169.254.0.1<169.254.0.2"
                        .concat(" 2001:db8::1<2001:db8::2 2001:db9::1<2001:db8::2 2001:db8::5<fe80::1 fd00::1<fd00::2")
                        .concat(" 2002::1<2001:db8::2 2001::1<2001:db8::2 ff0e::1<2001:db8::2 ::1<::1 fec0::1<fec0::2")
                        .concat(" 3ffe::1<2001:db8::2 ::192.0.2.1<2001:db8::2 198.51.100.1<192.168.0.1")
                        .split(" "))
                .map(AddressOrdersTest::candidate)
                .list()
                .uniqueElements()
                .ofMaxSize(10);
    }

    @Test
    void ORDER_05_aPreferredFamilyComesFirst() {
        String inDns =
                "2001:db8:3ffe::1<2001:db8:3f44::2 192.0.2.1<10.0.0.1 2001:db8:1::1<2001:db8:1::2 192.0.2.2<10.0.0.1";

        assertThat(addresses(AddressOrders.named("ipv4").order(candidates(inDns), random)))
                .isEqualTo("192.0.2.1 192.0.2.2 2001:db8:1::1 2001:db8:3ffe::1");
        assertThat(addresses(AddressOrders.named(" IPv6 ").order(candidates(inDns), random)))
                .isEqualTo("2001:db8:1::1 2001:db8:3ffe::1 192.0.2.1 192.0.2.2");
    }

    @Test
    void ORDER_05_randomReachesEveryPermutationAboutEquallyOften() {
        List<Candidate> three = candidates("192.0.2.1<10.0.0.1 192.0.2.2<10.0.0.1 2001:db8::1<2001:db8::2");
        AddressOrder order = AddressOrders.named("random");

        var counts = Stream.generate(() -> addresses(order.order(three, random)))
                .limit(6000)
                .collect(Collectors.groupingBy(text -> text, Collectors.counting()));

        assertThat(counts).hasSize(6);
        assertThat(counts.values()).allSatisfy(count -> assertThat(count).isBetween(850L, 1150L));
    }

    @Test
    void ORDER_05_anUnknownOrderIsRefusedNamingTheKnownOnes() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AddressOrders.named("fastest"))
                .withMessage("\"fastest\" is not an address order; use rfc6724, ipv6, ipv4 or random");
    }

    @Test
    void ORDER_05_theOrderReceivesTheSourceAddresses() {
        SourceAddresses ipv4Only =
                new SourceAddresses(LocalAddresses.NONE, new FakeRouteProbe().sources("192.0.2.7"), new VirtualClock());

        assertThat(ordered(AddressOrders.standard(), ipv4Only, "2001:db8::1 192.0.2.1"))
                .isEqualTo(ips("192.0.2.1 2001:db8::1"));
    }

    @Test
    @SuppressWarnings("NullAway") // The plug-in breaks its contract on purpose.
    void ORDER_05_anOrderThatBreaksItsContractLosesNoAddress() {
        SourceAddresses sources = new SourceAddresses(
                LocalAddresses.NONE, new FakeRouteProbe().sources("192.0.2.7", "2001:db8::7"), new VirtualClock());
        List<AddressOrder> broken = List.of(
                (candidates, chance) -> null,
                (candidates, chance) -> candidates.subList(1, candidates.size()),
                (candidates, chance) -> List.of(candidates.get(0), candidates.get(0)),
                (candidates, chance) ->
                        Stream.concat(candidates.stream(), candidates.stream()).toList(),
                (candidates, chance) -> {
                    throw new IllegalStateException("broken");
                });

        try (LogTap log = LogTap.of(CheckedOrder.class)) {
            assertThat(broken)
                    .allSatisfy(order -> assertThat(ordered(order, sources, "192.0.2.1 2001:db8::1"))
                            .isEqualTo(ips("2001:db8::1 192.0.2.1")));
            assertThat(log.problems())
                    .hasSameSizeAs(broken)
                    .allSatisfy(line -> assertThat(line)
                            .startsWith(
                                    "WARNING The address order " + getClass().getName()))
                    .last()
                    .satisfies(line -> assertThat(line).endsWith(" failed"));
            assertThat(log.problems().subList(0, broken.size() - 1))
                    .allSatisfy(line -> assertThat(line).contains(" did not return a permutation of ", "2001:db8::1"));
        }
    }

    private List<IpAddress> ordered(AddressOrder order, SourceAddresses sources, String text) {
        List<Candidate> candidates = ips(text).stream()
                .map(address -> new Candidate(address, sources.sourceFor(address)))
                .toList();
        return new CheckedOrder(order)
                .order(candidates, random).stream().map(Candidate::address).toList();
    }

    private static List<Candidate> candidates(String text) {
        return Stream.of(text.split(" ")).map(AddressOrdersTest::candidate).toList();
    }

    private static Candidate candidate(String text) {
        String[] parts = text.split("<");
        return new Candidate(
                IpAddress.parse(parts[0]), parts[1].equals("-") ? Optional.empty() : IpAddress.tryParse(parts[1]));
    }

    private static String addresses(List<Candidate> candidates) {
        return candidates.stream()
                .map(candidate -> candidate.address().toString())
                .collect(Collectors.joining(" "));
    }

    private static List<IpAddress> ips(String text) {
        return Stream.of(text.split(" ")).map(IpAddress::parse).toList();
    }
}
