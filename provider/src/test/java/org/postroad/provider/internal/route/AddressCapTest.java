// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.postroad.api.Family;
import org.postroad.api.IpAddress;

/** The cap on the number of addresses (ORDER-07). */
class AddressCapTest {

    @Test
    void ORDER_07_theFamilyBeyondTheCapGetsTheLastPlace() {
        assertThat(AddressCap.apply(ips("2001:db8::1 2001:db8::2 2001:db8::3 192.0.2.1 192.0.2.2"), 3))
                .isEqualTo(ips("2001:db8::1 2001:db8::2 192.0.2.1"));
    }

    @Test
    void ORDER_07_aListWithBothFamiliesBeforeTheCapIsNotChanged() {
        assertThat(AddressCap.apply(ips("2001:db8::1 192.0.2.1 2001:db8::3 192.0.2.2"), 3))
                .isEqualTo(ips("2001:db8::1 192.0.2.1 2001:db8::3"));
    }

    @Test
    void ORDER_07_aCapOfOneKeepsTheFirstOnly() {
        assertThat(AddressCap.apply(ips("2001:db8::1 192.0.2.1"), 1)).isEqualTo(ips("2001:db8::1"));
    }

    @Test
    void ORDER_07_aCapBelowOneIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AddressCap.apply(ips("192.0.2.1"), 0))
                .withMessageContaining("at least 1");
    }

    @Property
    void ORDER_07_theCapKeepsTheOrder(
            @ForAll("addresses") List<IpAddress> ordered, @ForAll @IntRange(min = 1, max = 8) int max) {
        List<IpAddress> capped = AddressCap.apply(ordered, max);

        assertThat(capped).hasSize(Math.min(max, ordered.size()));
        assertThat(ordered).containsSubsequence(capped);
    }

    @Property
    void ORDER_07_noFamilyDisappears(
            @ForAll("addresses") List<IpAddress> ordered, @ForAll @IntRange(min = 2, max = 8) int max) {
        assertThat(families(AddressCap.apply(ordered, max))).isEqualTo(families(ordered));
    }

    @Property
    void ORDER_07_onlyTheLastPlaceCanBeReplaced(
            @ForAll("addresses") List<IpAddress> ordered, @ForAll @IntRange(min = 1, max = 8) int max) {
        int untouched = Math.max(0, Math.min(max, ordered.size()) - 1);

        assertThat(AddressCap.apply(ordered, max).subList(0, untouched)).isEqualTo(ordered.subList(0, untouched));
    }

    /** Lists of 0 to 10 different addresses of random families. */
    @Provide
    Arbitrary<List<IpAddress>> addresses() {
        return Arbitraries.of(Family.class)
                .list()
                .ofMaxSize(10)
                .map(families -> IntStream.range(0, families.size())
                        .mapToObj(i ->
                                IpAddress.parse(families.get(i) == Family.IPV4 ? "192.0.2." + i : "2001:db8::" + i))
                        .toList());
    }

    private static Set<Family> families(List<IpAddress> addresses) {
        return addresses.stream().map(IpAddress::family).collect(Collectors.toSet());
    }

    private static List<IpAddress> ips(String text) {
        return Stream.of(text.split(" ")).map(IpAddress::parse).toList();
    }
}
