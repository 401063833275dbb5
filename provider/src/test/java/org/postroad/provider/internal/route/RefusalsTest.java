// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.postroad.api.HostName;
import org.postroad.api.IpAddress;
import org.postroad.api.RefusedAddress;

/** The words about refused addresses in an explanation. */
class RefusalsTest {

    private static List<RefusedAddress> refused(int number) {
        return IntStream.rangeClosed(1, number)
                .mapToObj(i -> new RefusedAddress(HostName.parse("mx.test"), IpAddress.parse("10.0.0." + i), "private"))
                .toList();
    }

    @Test
    void ADDR_05_withoutRefusedAddressesThereAreNoWords() {
        assertThat(Refusals.words(List.of())).isEmpty();
    }

    @Test
    void ADDR_05_eachAddressIsNamedWithItsHostAndTheReason() {
        assertThat(Refusals.words(refused(1)))
                .isEqualTo("; mx.test 10.0.0.1 is refused (private), which mail.mx.addresses.allow would allow");
    }

    @Test
    void ADDR_05_anAddressLiteralIsNamedOnce() {
        IpAddress literal = IpAddress.parse("127.0.0.1");
        assertThat(Refusals.words(List.of(new RefusedAddress(literal, literal, "loopback"))))
                .startsWith("; 127.0.0.1 is refused (loopback)");
    }

    @Test
    void ADDR_05_theFirstAreNamedAndTheOthersCounted() {
        assertThat(Refusals.words(refused(Refusals.MAX_NAMED)))
                .contains("10.0.0." + Refusals.MAX_NAMED + " ")
                .doesNotContain("more");
        assertThat(Refusals.words(refused(Refusals.MAX_NAMED + 2)))
                .doesNotContain("10.0.0." + (Refusals.MAX_NAMED + 1))
                .contains(" and 2 more, which");
    }
}
