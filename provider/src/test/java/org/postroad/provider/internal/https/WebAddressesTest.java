// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.https;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postroad.api.Deadline;
import org.postroad.api.DnsAnswer;
import org.postroad.api.Family;
import org.postroad.api.HostName;
import org.postroad.api.IpAddress;
import org.postroad.api.RecordType;
import org.postroad.fixtures.DnsFault;
import org.postroad.fixtures.FakeDnsServer;
import org.postroad.fixtures.VirtualClock;
import org.postroad.provider.internal.dns.DnsSettings;
import org.postroad.provider.internal.dns.DnsjavaMailDns;
import org.postroad.spi.MailDns;

/** The addresses of a web server: their order, the limits of time and number, and the address guard. */
@Timeout(300)
class WebAddressesTest {

    private static final HostName HOST = HostName.parse("mta-sts.example.test");
    private static final String ALIAS = HOST + ". CNAME host.test.\n";

    private final FakeDnsServer server = FakeDnsServer.start("");
    private final DnsjavaMailDns dns =
            new DnsjavaMailDns(DnsSettings.DEFAULTS.withServers(List.of(server.address(Family.IPV4))));

    @AfterEach
    void close() {
        dns.close();
        server.close();
    }

    private List<String> addresses(Function<IpAddress, Optional<String>> guard)
            throws IOException, InterruptedException {
        return new WebAddresses(dns, TestRules.guardedBy(guard))
                .of(HOST, Deadline.after(Duration.ofMinutes(1))).stream()
                        .map(IpAddress::toString)
                        .toList();
    }

    private List<String> addresses() throws IOException, InterruptedException {
        return addresses(address -> Optional.empty());
    }

    @Test
    void web_theFamiliesAlternate() throws Exception {
        server.zone(
                ALIAS
                        + "host.test. A 192.0.2.1\nhost.test. A 192.0.2.2\nhost.test. A 192.0.2.3\nhost.test. AAAA 2001:db8::1");
        assertThat(addresses()).containsExactly("2001:db8::1", "192.0.2.1", "192.0.2.2", "192.0.2.3");
        server.zone(ALIAS + "host.test. AAAA 2001:db8::1\nhost.test. AAAA 2001:db8::2");
        assertThat(addresses()).containsExactly("2001:db8::1", "2001:db8::2");
    }

    /** Its name servers drop AAAA queries. */
    @Test
    void TLS_11_theFirstQueryLeavesTimeForTheSecond() throws Exception {
        VirtualClock clock = new VirtualClock();
        MailDns dropping = new MailDns() {
            @Override
            public <R> DnsAnswer<R> query(HostName name, RecordType<R> type, Deadline deadline)
                    throws InterruptedException {
                if (type.equals(RecordType.AAAA)) {
                    clock.advance(deadline.remaining());
                    return new DnsAnswer.Failed<>(DnsAnswer.Cause.TIMEOUT, "silence");
                }
                return dns.query(name, type, deadline);
            }
        };
        server.zone(ALIAS + "host.test. A 192.0.2.1");
        Deadline deadline = Deadline.after(Duration.ofMinutes(2), clock);
        assertThat(new WebAddresses(dropping, TestRules.guardedBy(address -> Optional.empty())).of(HOST, deadline))
                .containsExactly(IpAddress.parse("192.0.2.1"));
        assertThat(deadline.remaining()).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void web_oneFamilyIsEnoughIfTheOtherLookupFails() throws Exception {
        server.zone(ALIAS + "host.test. A 192.0.2.1\nhost.test. AAAA 2001:db8::1");
        server.fault("host.test", RecordType.AAAA, DnsFault.SERVFAIL);
        assertThat(addresses()).containsExactly("192.0.2.1");
    }

    @Test
    void ADDR_05_everyAddressIsChecked() throws Exception {
        server.zone(ALIAS + "host.test. A 10.0.0.1\nhost.test. A 192.0.2.1\nhost.test. AAAA ::1");
        assertThat(addresses(address -> address.toString().startsWith("192") ? Optional.empty() : Optional.of("ours")))
                .containsExactly("192.0.2.1");
        assertThatIOException()
                .isThrownBy(() -> addresses(address -> Optional.of("ours")))
                .withMessage("mta-sts.example.test has no address that may be contacted: ::1 is refused (ours), "
                        + "10.0.0.1 is refused (ours), 192.0.2.1 is refused (ours)");
    }

    @Test
    void web_theNumberOfAddressesHasALimit() throws Exception {
        StringBuilder zone = new StringBuilder(ALIAS);
        for (int i = 1; i <= WebAddresses.MAX_ADDRESSES + 2; i++) {
            zone.append("host.test. A 192.0.2.").append(i).append('\n');
        }
        server.zone(zone.toString());
        assertThat(addresses()).hasSize(WebAddresses.MAX_ADDRESSES).startsWith("192.0.2.1");
        // Refused addresses do not count towards the limit.
        assertThat(addresses(address -> address.octet(3) <= 2 ? Optional.of("ours") : Optional.empty()))
                .hasSize(WebAddresses.MAX_ADDRESSES)
                .startsWith("192.0.2.3");
    }

    @Test
    void web_withoutAnAddressTheErrorHasTheDnsAnswers() {
        server.zone(ALIAS + "host.test. TXT nothing");
        server.fault("host.test", RecordType.A, DnsFault.REFUSED);
        assertThatIOException()
                .isThrownBy(this::addresses)
                .withMessageStartingWith(
                        "no address: mta-sts.example.test AAAA: no data; mta-sts.example.test A: temporary failure")
                .withMessageContaining("REFUSED");
    }
}
