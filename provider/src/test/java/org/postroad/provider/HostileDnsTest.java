// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ConnectException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postroad.spi.Connector;

/** Zones that are expensive to process: many mail exchangers, each with very many addresses (CVE-2024-1737). */
@Timeout(300)
class HostileDnsTest extends TransportTesting {

    private static final int HOSTS = 20;

    private final AtomicInteger dials = new AtomicInteger();

    private void zone(int addresses) {
        String hosts = IntStream.range(0, HOSTS)
                .mapToObj(host -> "evil.test. MX " + host + " mx" + host + ".evil.test.\n"
                        + IntStream.range(0, addresses)
                                .mapToObj(i -> "mx" + host + ".evil.test. A 1." + host + "." + i / 250 + "."
                                        + (1 + i % 250) + "\n")
                                .collect(Collectors.joining()))
                .collect(Collectors.joining());
        dns.zone(hosts);
        properties.put("mail.mx.connector", (Connector) dial -> {
            dials.incrementAndGet();
            throw new ConnectException("refused");
        });
    }

    @Test
    void limit_hostsWithThousandsOfAddressesAreNotContacted() throws Exception {
        zone(4_000);
        assertThat(failure("a@evil.test"))
                .hasMessageContaining("4.4.3")
                .hasMessageContaining("A of mx0.evil.test: MALFORMED")
                .hasMessageContaining("it has more than 256 A records");
        assertThat(dials).hasValue(0);
        for (int host = 0; host < HOSTS; host++) {
            assertThat(transcript.lines()).containsOnlyOnce("dns: A mx" + host + ".evil.test (tcp) -> 4000 records");
        }
    }

    @Test
    void limit_atMostTenAddressesAreContacted() throws Exception {
        zone(250);
        assertThat(failure("a@evil.test")).hasMessageContaining("4.4.1");
        assertThat(dials).hasValue(10 * HOSTS);
    }
}
