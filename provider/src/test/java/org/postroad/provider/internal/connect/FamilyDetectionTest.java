// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.postroad.api.Family.IPV4;
import static org.postroad.api.Family.IPV6;

import java.time.Duration;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postroad.api.IpAddress;
import org.postroad.fixtures.VirtualClock;
import org.postroad.provider.LogTap;

/** Detection of the host's families, own addresses and source addresses, and when it is renewed (ADDR-01, ADDR-03, ORDER-08). */
class FamilyDetectionTest {

    private static final Duration TICK = Duration.ofNanos(1);

    private final VirtualClock clock = new VirtualClock();
    private final FakeRouteProbe probe = new FakeRouteProbe().interfaces("192.0.2.7");

    @RegisterExtension
    final LogTap log = LogTap.of(CachedDetection.class, SourceAddresses.class);

    private final FamilyDetection detection = new FamilyDetection(FamiliesSetting.AUTO, clock, probe);

    @Test
    void ADDR_01_aFamilyWithRouteAndSourceIsOurs() {
        probe.sources("192.0.2.7");
        assertThat(detection.current()).containsExactly(IPV4);
    }

    @Test
    void ADDR_01_bothFamiliesAreDetected() {
        probe.sources("192.0.2.7", "2001:db8::7");
        assertThat(detection.current()).containsExactlyInAnyOrder(IPV4, IPV6);
    }

    @Test
    void ADDR_01_withoutANetworkNoFamilyIsOurs() {
        assertThat(detection.current()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.7", "172.16.0.7", "192.168.0.7", "100.64.0.7", "192.0.0.1"})
    void ADDR_01_anIpv4SourceBehindNatIsSufficient(String source) {
        probe.sources(source);
        assertThat(detection.current()).containsExactly(IPV4);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"127.0.0.1", "169.254.0.7", "0.0.0.0", "::1", "::", "fe80::7", "fec0::7", "fc00::7", "fdff::7"})
    void ADDR_01_aLocalSourceDoesNotReachTheInternet(String source) {
        probe.sources(source);
        assertThat(detection.current()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"fbff:ffff::7", "2001:db8::7", "2a00::7"})
    void ADDR_01_aGlobalIpv6SourceReachesTheInternet(String source) {
        probe.sources(source);
        assertThat(detection.current()).containsExactly(IPV6);
    }

    @ParameterizedTest
    @CsvSource({"ipv4, IPv4", "IPV6, IPv6", "' both ', IPv4 IPv6"})
    void ADDR_01_theSettingOverridesTheDetection(String setting, String families) {
        FamilyDetection fixed = new FamilyDetection(FamiliesSetting.parse(setting), clock, probe);

        assertThat(fixed.current()).extracting(Object::toString).containsExactlyInAnyOrder(families.split(" "));
        assertThat(probe.routesAsked).isZero();
    }

    @Test
    void ADDR_01_anUnknownSettingIsRefusedNamingTheKnownOnes() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FamiliesSetting.parse("ipv5"))
                .withMessage("\"ipv5\" is none of auto, ipv4, ipv6, both");
    }

    @Test
    void ADDR_01_aFailedDetectionDoesNotExcludeAFamily() {
        probe.broken(true);
        assertThat(detection.current()).containsExactlyInAnyOrder(IPV4, IPV6);
        assertThat(log.problems())
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .startsWith("WARNING The network of this machine could not be examined; using [")
                        .contains("IPv4", "IPv6"));
    }

    @Test
    void ADDR_03_aLaterFailedDetectionChangesNothing() {
        probe.sources("192.0.2.7");
        detection.current();
        probe.broken(true);
        clock.advance(CachedDetection.MAX_AGE);
        assertThat(detection.current()).containsExactly(IPV4);
        assertThat(log.problems())
                .containsExactly("WARNING The network of this machine could not be examined; using [IPv4]");

        probe.broken(false).sources("2001:db8::7");
        clock.advance(CachedDetection.CHECK_INTERVAL);
        assertThat(detection.current()).containsExactly(IPV6);
    }

    @Test
    void ADDR_03_messagesDoNotCauseADetection() {
        probe.sources("192.0.2.7");
        for (int message = 0; message < 1000; message++) {
            detection.current();
        }
        assertThat(probe.routesAsked).isEqualTo(2);
        assertThat(probe.interfacesRead).isEqualTo(1);
    }

    @Test
    void ADDR_03_changedInterfacesAreDetectedAtTheNextCheck() {
        probe.sources("192.0.2.7");
        detection.current();
        probe.sources("2001:db8::7").interfaces("2001:db8::7");

        clock.advance(CachedDetection.CHECK_INTERVAL.minus(TICK));
        assertThat(detection.current()).containsExactly(IPV4);
        clock.advance(TICK);
        assertThat(detection.current()).containsExactly(IPV6);
    }

    @Test
    void ADDR_03_unchangedInterfacesAreNotProbedAgainWhileTheResultIsRecent() {
        probe.sources("192.0.2.7");
        detection.current();
        clock.advance(CachedDetection.CHECK_INTERVAL);
        detection.current();
        assertThat(probe.interfacesRead).isEqualTo(2);
        assertThat(probe.routesAsked).isEqualTo(2);
    }

    @Test
    void ADDR_03_aChangedRouteWithTheSameAddressesIsDetectedEventually() {
        probe.sources("192.0.2.7");
        detection.current();
        probe.sources("192.0.2.7", "2001:db8::7");

        clock.advance(CachedDetection.MAX_AGE.minus(TICK));
        assertThat(detection.current()).containsExactly(IPV4);
        clock.advance(CachedDetection.CHECK_INTERVAL);
        assertThat(detection.current()).containsExactlyInAnyOrder(IPV4, IPV6);
    }

    @Test
    void ADDR_01_theRealSystemCanBeQueried() throws Exception {
        RouteProbe system = new SystemRouteProbe();

        assertThat(system.sourceFor(IpAddress.parse("127.0.0.1"))).contains(IpAddress.parse("127.0.0.1"));
        assertThat(system.sourceFor(IpAddress.parse("::1"))).contains(IpAddress.parse("::1"));
        assertThat(system.interfaceAddresses()).contains(IpAddress.parse("127.0.0.1"), IpAddress.parse("::1"));
    }

    @Test
    void ORDER_08_ownAddressesAreThoseOfTheInterfacesButLoopback() {
        probe.interfaces("127.0.0.1", "127.0.0.53", "::1", "192.0.2.7", "10.0.0.7", "2001:db8::7", "fe80::7");

        assertThat(new OwnAddresses(OwnAddresses.Setting.AUTO, clock, probe).current())
                .extracting(IpAddress::toString)
                .containsExactlyInAnyOrder("192.0.2.7", "10.0.0.7", "2001:db8::7", "fe80::7");
    }

    @Test
    void ORDER_08_ownAddressesFollowTheInterfaces() {
        OwnAddresses own = new OwnAddresses(OwnAddresses.Setting.AUTO, clock, probe);
        own.current();
        probe.interfaces("192.0.2.8");
        clock.advance(CachedDetection.CHECK_INTERVAL);
        assertThat(own.current()).containsExactly(IpAddress.parse("192.0.2.8"));
    }

    @ParameterizedTest
    @CsvSource({
        "auto, 192.0.2.7",
        "AUTO, 192.0.2.7",
        "auto 203.0.113.1, 192.0.2.7 203.0.113.1",
        "'203.0.113.1, 2001:db8::1', 203.0.113.1 2001:db8::1",
        "none, ''"
    })
    void ORDER_08_ownAddressesMayBeConfigured(String setting, String expected) {
        probe.interfaces("127.0.0.1", "192.0.2.7");
        assertThat(new OwnAddresses(OwnAddresses.Setting.parse(setting), clock, probe).current())
                .isEqualTo(Stream.of(expected.split(" "))
                        .filter(address -> !address.isEmpty())
                        .map(IpAddress::parse)
                        .collect(Collectors.toSet()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"mx.test", "none 192.0.2.7", "auto none", "192.0.2.0/24"})
    void ORDER_08_invalidOwnAddressesAreErrorsThatNameThem(String setting) {
        String offender = setting.contains("none") ? "none" : setting;
        assertThatThrownBy(() -> OwnAddresses.Setting.parse(setting)).hasMessageContaining(offender);
    }

    @Test
    void connect_sourceAddressesAreTheSystemsUnlessConfigured() {
        probe.sources("192.0.2.7", "2001:db8::7");
        LocalAddresses local = new LocalAddresses(Optional.of(IpAddress.parse("192.0.2.99")), Optional.empty());
        SourceAddresses sources = new SourceAddresses(local, probe, clock);

        assertThat(sources.sourceFor(IpAddress.parse("198.51.100.1"))).contains(IpAddress.parse("192.0.2.99"));
        assertThat(sources.sourceFor(IpAddress.parse("2001:db8::1"))).contains(IpAddress.parse("2001:db8::7"));
    }

    @Test
    void connect_thereIsNoSourceAddressWithoutRouteOrAnswer() {
        SourceAddresses sources = new SourceAddresses(LocalAddresses.NONE, probe, clock);
        assertThat(sources.sourceFor(IpAddress.parse("198.51.100.1"))).isEmpty();
        probe.sources("192.0.2.7").broken(true);
        assertThat(sources.sourceFor(IpAddress.parse("198.51.100.2"))).isEmpty();
        assertThat(log.problems())
                .containsExactly("WARNING The source address for 198.51.100.2 could not be determined");
        probe.broken(false);
        assertThat(sources.sourceFor(IpAddress.parse("198.51.100.2"))).contains(IpAddress.parse("192.0.2.7"));
    }

    @Test
    void ADDR_03_aSourceAddressIsQueriedOnceWhileNothingCanHaveChanged() {
        SourceAddresses sources = new SourceAddresses(LocalAddresses.NONE, probe.sources("192.0.2.7"), clock);
        IpAddress destination = IpAddress.parse("198.51.100.1");
        sources.sourceFor(destination);
        int asked = probe.routesAsked;
        sources.sourceFor(destination);
        assertThat(probe.routesAsked).isEqualTo(asked);

        probe.sources("192.0.2.8").interfaces("192.0.2.8");
        clock.advance(CachedDetection.CHECK_INTERVAL);
        assertThat(sources.sourceFor(destination)).contains(IpAddress.parse("192.0.2.8"));
    }
}
