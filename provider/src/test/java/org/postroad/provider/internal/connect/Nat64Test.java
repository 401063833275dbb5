// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postroad.api.Deadline;
import org.postroad.api.DnsAnswer;
import org.postroad.api.DnsName;
import org.postroad.api.Family;
import org.postroad.api.HostName;
import org.postroad.api.IpAddress;
import org.postroad.api.RecordType;
import org.postroad.api.Security;
import org.postroad.fixtures.VirtualClock;
import org.postroad.spi.MailDns;

/** Discovery of NAT64 prefixes and extraction of embedded IPv4 addresses (ADDR-04). */
class Nat64Test {

    private static final Duration TICK = Duration.ofNanos(1);

    private final VirtualClock clock = new VirtualClock();
    private final ScriptedDns dns = new ScriptedDns();
    private final Nat64Discovery discovery = new Nat64Discovery(Optional.empty(), dns, clock);

    /** The table of RFC 6052 §2.4. */
    @ParameterizedTest
    @CsvSource({
        "2001:db8::/32,            2001:db8:c000:221::",
        "2001:db8:100::/40,        2001:db8:1c0:2:21::",
        "2001:db8:122::/48,        2001:db8:122:c000:2:2100::",
        "2001:db8:122:300::/56,    2001:db8:122:3c0:0:221::",
        "2001:db8:122:344::/64,    2001:db8:122:344:c0:2:2100::",
        "2001:db8:122:344::/96,    2001:db8:122:344::192.0.2.33",
        "64:ff9b::/96,             64:ff9b::192.0.2.33"
    })
    void ADDR_04_addressesAreSynthesizedAndExtracted(String prefix, String synthesized) {
        Nat64Prefix nat64 = Nat64Prefix.parse(prefix);

        assertThat(nat64.synthesize(ip("192.0.2.33"))).isEqualTo(ip(synthesized));
        assertThat(nat64.extract(ip(synthesized))).contains(ip("192.0.2.33"));
    }

    @Test
    void ADDR_04_nothingIsExtractedFromAddressesOutsideThePrefix() {
        Nat64Prefix nat64 = Nat64Prefix.parse("2001:db8:122::/48");
        assertThat(nat64.extract(ip("2001:db8:123:c000:2:2100::"))).isEmpty();
        assertThat(nat64.extract(ip("192.0.2.33"))).isEmpty();
        // Bits 64 to 71 are not zero.
        assertThat(nat64.extract(ip("2001:db8:122:c000:102:2100::"))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "2001:db8::/31, prefix length",
        "2001:db8::/33, prefix length",
        "2001:db8::/95, prefix length",
        "2001:db8::/128, prefix length",
        "10.0.0.0/32, allowed are IPv6",
        "2001:db8:0:0:100::/96, bits 64 to 71"
    })
    void ADDR_04_anInvalidPrefixIsRefused(String prefix, String reason) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Nat64Prefix.parse(prefix))
                .withMessageContaining(reason);
    }

    @Test
    void ADDR_04_theConfiguredPrefixNeedsNoDns() throws Exception {
        Nat64Prefix configured = Nat64Prefix.parse("2001:db8:64::/96");
        Nat64Discovery fixed = new Nat64Discovery(Optional.of(configured), dns, clock);

        assertThat(ask(fixed).prefixes()).containsExactly(configured);
        assertThat(dns.asked).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2001:db8::/32",
                "2001:db8:100::/40",
                "2001:db8:122::/48",
                "2001:db8:122:300::/56",
                "2001:db8:122:344::/64",
                "64:ff9b::/96"
            })
    void ADDR_04_prefixesOfEveryLengthAreDiscovered(String prefix) throws Exception {
        Nat64Prefix expected = Nat64Prefix.parse(prefix);
        dns.next(found(
                Duration.ofMinutes(5),
                expected.synthesize(ip("192.0.0.170")).toString(),
                expected.synthesize(ip("192.0.0.171")).toString()));

        assertThat(ask(discovery).prefixes()).containsExactly(expected);
        assertThat(dns.asked).containsExactly("AAAA ipv4only.arpa");
    }

    @Test
    void ADDR_04_severalPrefixesHaveTheOrderOfDns() throws Exception {
        dns.next(found(Duration.ofMinutes(5), "2001:db8:64::192.0.0.171", "64:ff9b::192.0.0.170"));
        assertThat(ask(discovery).prefixes())
                .extracting(Nat64Prefix::toString)
                .containsExactly("2001:db8:64::/96", "64:ff9b::/96");
    }

    @Test
    void ADDR_04_answersWithoutAWellKnownAddressMeanNoNat64() throws Exception {
        // A wildcard, an address next to the two well-known ones, and a prefix that fits two lengths.
        dns.next(found(
                Duration.ofMinutes(5),
                "2001:db8::1",
                "64:ff9b::192.0.0.169",
                "64:ff9b::192.0.0.172",
                "2001:db8:c000:aa::192.0.0.170"));
        assertThat(ask(discovery)).isEqualTo(new Nat64Discovery.Discovered(List.of(), Optional.empty()));
    }

    @Test
    void ADDR_04_thePrefixIsCachedForItsTtl() throws Exception {
        Duration ttl = Duration.ofMinutes(5);
        dns.next(found(ttl, "64:ff9b::192.0.0.170")).next(found(ttl, "2001:db8:64::192.0.0.170"));
        ask(discovery);

        clock.advance(ttl.minus(TICK));
        assertThat(ask(discovery).prefixes()).containsExactly(Nat64Prefix.WELL_KNOWN);
        clock.advance(TICK);
        assertThat(ask(discovery).prefixes()).containsExactly(Nat64Prefix.parse("2001:db8:64::/96"));
    }

    @ParameterizedTest
    @CsvSource({"PT0S, PT1M", "PT59S, PT1M", "PT61S, PT61S", "PT1H, PT1H", "P7D, PT1H"})
    void ADDR_04_theTtlHasLimits(Duration ttl, Duration kept) throws Exception {
        dns.next(new DnsAnswer.NoData<>(ttl, Security.UNKNOWN)).next(found(ttl, "64:ff9b::192.0.0.170"));
        ask(discovery);

        clock.advance(kept.minus(TICK));
        assertThat(ask(discovery).prefixes()).isEmpty();
        clock.advance(TICK);
        assertThat(ask(discovery).prefixes()).containsExactly(Nat64Prefix.WELL_KNOWN);
    }

    @Test
    void ADDR_04_aTemporaryFailureDoesNotMeanNoNat64AndIsRetriedSoon() throws Exception {
        dns.next(failed()).next(found(Duration.ofMinutes(5), "64:ff9b::192.0.0.170"));
        assertThat(ask(discovery).failure()).isPresent();

        clock.advance(Nat64Discovery.FAILURE_KEPT.minus(TICK));
        assertThat(ask(discovery).failure()).isPresent();
        assertThat(dns.asked).hasSize(1);
        clock.advance(TICK);
        assertThat(ask(discovery))
                .isEqualTo(new Nat64Discovery.Discovered(List.of(Nat64Prefix.WELL_KNOWN), Optional.empty()));
    }

    @Test
    void ADDR_04_aTemporaryFailureKeepsTheKnownPrefix() throws Exception {
        dns.next(found(Duration.ofMinutes(5), "64:ff9b::192.0.0.170")).next(failed());
        ask(discovery);
        clock.advance(Duration.ofMinutes(5));

        assertThat(ask(discovery).prefixes()).containsExactly(Nat64Prefix.WELL_KNOWN);
        assertThat(ask(discovery).failure()).isPresent();
    }

    @Test
    void ADDR_04_onlyHostsWithoutIpv4UseNat64() {
        assertThat(Nat64Discovery.isUseful(Set.of(Family.IPV6))).isTrue();
        assertThat(Nat64Discovery.isUseful(Set.of(Family.IPV4))).isFalse();
        assertThat(Nat64Discovery.isUseful(Set.of(Family.values()))).isFalse();
        assertThat(Nat64Discovery.isUseful(Set.of())).isFalse();
    }

    private Nat64Discovery.Discovered ask(Nat64Discovery asked) throws InterruptedException {
        return asked.prefixes(Deadline.after(Duration.ofSeconds(1), clock));
    }

    private static DnsAnswer<IpAddress> found(Duration ttl, String... addresses) {
        return new DnsAnswer.Found<>(
                Stream.of(addresses).map(IpAddress::parse).toList(),
                new DnsName("ipv4only.arpa"),
                ttl,
                Security.INSECURE);
    }

    private static DnsAnswer<IpAddress> failed() {
        return new DnsAnswer.Failed<>(DnsAnswer.Cause.SERVER_FAILURE, "SERVFAIL");
    }

    private static IpAddress ip(String text) {
        return IpAddress.parse(text);
    }

    /** Returns the given answers, one after the other. */
    private static final class ScriptedDns implements MailDns {

        private final List<DnsAnswer<IpAddress>> answers = new ArrayList<>();
        private final List<String> asked = new ArrayList<>();

        ScriptedDns next(DnsAnswer<IpAddress> answer) {
            answers.add(answer);
            return this;
        }

        @Override
        @SuppressWarnings("unchecked")
        public <R> DnsAnswer<R> query(HostName name, RecordType<R> type, Deadline deadline) {
            asked.add(type + " " + name);
            return (DnsAnswer<R>) answers.remove(0);
        }
    }
}
