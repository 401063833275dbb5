// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.connect;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.postroad.api.RemoteMta;
import org.postroad.fixtures.VirtualClock;

/** How addresses and families that did not answer recently are ordered, in virtual time. */
class ReachabilityTest {

    private final VirtualClock clock = new VirtualClock();
    private final Reachability reachability = new Reachability(clock);

    @Test
    void ORDER_05_theOrderIsNotChangedWithoutHistory() {
        assertOrder("2001:db8::1 192.0.2.1 2001:db8::2", "2001:db8::1 192.0.2.1 2001:db8::2");
    }

    @Test
    void reachability_aSilentAddressComesLastAndIsNotOmitted() {
        silent("192.0.2.1");
        assertOrder("192.0.2.1 2001:db8::1 192.0.2.2 192.0.2.3", "2001:db8::1 192.0.2.2 192.0.2.3 192.0.2.1");
    }

    @Test
    void reachability_aFamilyIsSilentIfTheOtherConnectsAtTheSameHost() {
        connectedWhileSilent("192.0.2.1", "2001:db8::1");
        // Another host, about which nothing is known.
        assertOrder("2001:db8::7 192.0.2.7 2001:db8::8 192.0.2.8", "192.0.2.7 192.0.2.8 2001:db8::7 2001:db8::8");
    }

    @Test
    void reachability_aHostThatIsDownDoesNotAffectItsFamilies() {
        silent("2001:db8::1", "192.0.2.1");
        connectedWhileSilent("192.0.2.2"); // would clear one of the two
        assertOrder("2001:db8::7 192.0.2.7", "2001:db8::7 192.0.2.7");
    }

    @Test
    void reachability_anAddressThatIsDownDoesNotAffectTheFamilyOfOtherAddresses() {
        connectedWhileSilent("2001:db8::2", "2001:db8::1");
        assertOrder("2001:db8::7 192.0.2.7", "2001:db8::7 192.0.2.7");
    }

    @Test
    void reachability_aSilentAddressComesAfterAnAddressOfASilentFamily() {
        connectedWhileSilent("192.0.2.1", "2001:db8::1");
        silent("192.0.2.7");
        assertOrder("2001:db8::1 192.0.2.7 2001:db8::7 192.0.2.8", "192.0.2.8 2001:db8::7 192.0.2.7 2001:db8::1");
    }

    @Test
    void reachability_aConnectionClearsItsAddressAndItsFamilyImmediately() {
        connectedWhileSilent("192.0.2.1", "2001:db8::1");
        connectedWhileSilent("2001:db8::7");
        assertOrder("2001:db8::7 192.0.2.7", "2001:db8::7 192.0.2.7");
        assertOrder("2001:db8::1 192.0.2.1", "192.0.2.1 2001:db8::1"); // the address itself stays silent

        connectedWhileSilent("2001:db8::1");
        assertOrder("2001:db8::1 192.0.2.1", "2001:db8::1 192.0.2.1");
    }

    @Test
    void reachability_silenceExpires() {
        connectedWhileSilent("192.0.2.1", "2001:db8::1");
        clock.advance(Reachability.LASTING.minus(Duration.ofNanos(1)));
        assertOrder("2001:db8::1 192.0.2.1", "192.0.2.1 2001:db8::1");
        assertOrder("2001:db8::7 192.0.2.7", "192.0.2.7 2001:db8::7");

        clock.advance(Duration.ofNanos(1));
        assertOrder("2001:db8::1 192.0.2.1", "2001:db8::1 192.0.2.1");
        assertOrder("2001:db8::7 192.0.2.7", "2001:db8::7 192.0.2.7");
    }

    @Test
    void reachability_repeatedSilenceRestartsTheTime() {
        silent("192.0.2.1");
        clock.advance(Duration.ofMinutes(9));
        silent("192.0.2.1");
        clock.advance(Duration.ofMinutes(9));
        assertOrder("192.0.2.1 192.0.2.2", "192.0.2.2 192.0.2.1");
    }

    @Test
    void reachability_beyondTheLimitTheOldestEntryIsDropped() {
        silent("192.0.2.1");
        silent("192.0.2.2");
        silent("192.0.2.1"); // now 192.0.2.2 is the oldest
        for (int i = 2; i < Reachability.MAX_ADDRESSES; i++) {
            silent("2001:db8::" + Integer.toHexString(i));
        }
        assertOrder("192.0.2.1 192.0.2.2 192.0.2.3", "192.0.2.3 192.0.2.1 192.0.2.2");

        silent("2001:db8::ffff");
        assertOrder("192.0.2.1 192.0.2.2 192.0.2.3", "192.0.2.2 192.0.2.3 192.0.2.1");
    }

    private void silent(String... addresses) {
        reachability.learn(
                Optional.empty(),
                Stream.of(addresses).map(DialSimulation::remote).toList());
    }

    private void connectedWhileSilent(String connected, String... silent) {
        reachability.learn(
                Optional.of(DialSimulation.remote(connected)),
                Stream.of(silent).map(DialSimulation::remote).toList());
    }

    private void assertOrder(String addresses, String expected) {
        assertThat(reachability.inOrder(remotes(addresses))).isEqualTo(remotes(expected));
    }

    private static List<RemoteMta> remotes(String addresses) {
        return Stream.of(addresses.split(" ")).map(DialSimulation::remote).toList();
    }
}
