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
import org.postroad.provider.internal.connect.DialSimulation.DialOutcome;
import org.postroad.provider.internal.connect.DialSimulation.Line;

/** When each address of a host is dialled, in virtual time, to the millisecond. */
class HappyEyeballsTest {

    private Optional<Duration> attemptDelay = Optional.of(Duration.ofMillis(250));
    private Duration deadline = Duration.ofMinutes(5);

    @Test
    void ORDER_06_theNextAddressIsDialledWhenTheDelayIsOver() {
        DialSimulation simulation = race("2001:db8::1 TIMES_OUT 0, 192.0.2.1 CONNECTS 10, 192.0.2.2 CONNECTS 0");

        assertThat(simulation.log)
                .containsExactly(
                        "0 ms dial 2001:db8::1",
                        "250 ms dial 192.0.2.1",
                        "260 ms connected 192.0.2.1",
                        "260 ms close 2001:db8::1");
        assertThat(simulation.race().failures()).isEmpty();
        assertThat(simulation.race().lostRace())
                .containsExactly(new DialResult.Failure(
                        remote("2001:db8::1"),
                        VirtualClock.START,
                        Duration.ofMillis(260),
                        "mx.example.test[2001:db8::1]:25: lost the race to 192.0.2.1"));
        assertThat(simulation.race().untried()).containsExactly(remote("192.0.2.2"));
    }

    @Test
    void ORDER_06_anAddressThatConnectsWithinTheDelayIsTheOnlyOneDialled() {
        assertThat(race("192.0.2.1 CONNECTS 249, 192.0.2.2 CONNECTS 0").log)
                .containsExactly("0 ms dial 192.0.2.1", "249 ms connected 192.0.2.1");
    }

    @Test
    void ORDER_06_theFirstMayStillWinAfterTheSecondStarted() {
        assertThat(race("192.0.2.1 CONNECTS 300, 192.0.2.2 CONNECTS 100, 192.0.2.3 CONNECTS 0").log)
                .containsExactly(
                        "0 ms dial 192.0.2.1",
                        "250 ms dial 192.0.2.2",
                        "300 ms connected 192.0.2.1",
                        "300 ms close 192.0.2.2");
    }

    @Test
    void ORDER_06_afterAFailureTheNextIsDialledImmediately() {
        assertThat(race("192.0.2.1 IS_REFUSED 5, 192.0.2.2 IS_REFUSED 400, 192.0.2.3 TIMES_OUT 0, 192.0.2.4 CONNECTS 1")
                        .log)
                .containsExactly(
                        "0 ms dial 192.0.2.1",
                        "5 ms refused 192.0.2.1",
                        "5 ms dial 192.0.2.2",
                        "255 ms dial 192.0.2.3",
                        "405 ms refused 192.0.2.2",
                        "405 ms dial 192.0.2.4",
                        "406 ms connected 192.0.2.4",
                        "406 ms close 192.0.2.3");
    }

    @Test
    void ORDER_06_withoutADelayNothingOverlaps() {
        attemptDelay = Optional.empty();

        assertThat(race("192.0.2.1 TIMES_OUT 0, 192.0.2.2 IS_REFUSED 7, 192.0.2.3 CONNECTS 1").log)
                .containsExactly(
                        "0 ms dial 192.0.2.1",
                        "30000 ms timed out 192.0.2.1",
                        "30000 ms dial 192.0.2.2",
                        "30007 ms refused 192.0.2.2",
                        "30007 ms dial 192.0.2.3",
                        "30008 ms connected 192.0.2.3");
    }

    @Test
    void connect_atTheDeadlineNoDialStartsAndRunningOnesEnd() {
        deadline = Duration.ofMillis(500);

        DialSimulation simulation =
                race("192.0.2.1 TIMES_OUT 0, 192.0.2.2 TIMES_OUT 0, 192.0.2.3 CONNECTS 0, 192.0.2.4 CONNECTS 0");

        assertThat(simulation.log)
                .containsExactly(
                        "0 ms dial 192.0.2.1",
                        "250 ms dial 192.0.2.2",
                        "500 ms timed out 192.0.2.1",
                        "500 ms timed out 192.0.2.2");
        assertThat(simulation.race().untried()).containsExactly(remote("192.0.2.3"), remote("192.0.2.4"));
    }

    @Test
    void connect_aConnectorThatExceedsTheTimeOfItsDialIsAbandoned() {
        assertThat(race("192.0.2.1 HANGS 0").log).containsExactly("0 ms dial 192.0.2.1", "31000 ms give up 192.0.2.1");
    }

    @Test
    void connect_withoutAddressesNothingIsDialled() {
        HappyEyeballs race = new HappyEyeballs(List.of(), settings(), VirtualClock.START.plusSeconds(1));
        assertThat(race.next(VirtualClock.START)).isEqualTo(new HappyEyeballs.RaceOver());
    }

    @Test
    void reachability_anAddressIsSilentIfItDidNotAnswerWithinItsDelay() {
        DialSimulation simulation =
                race("192.0.2.1 TIMES_OUT 0, 192.0.2.2 IS_REFUSED 10, 192.0.2.3 TIMES_OUT 0, 192.0.2.4 CONNECTS 249");

        assertThat(simulation.log)
                .endsWith(
                        "260 ms refused 192.0.2.2",
                        "260 ms dial 192.0.2.3",
                        "510 ms dial 192.0.2.4",
                        "759 ms connected 192.0.2.4",
                        "759 ms close 192.0.2.1",
                        "759 ms close 192.0.2.3");
        assertThat(simulation.race().silent()).containsExactly(remote("192.0.2.1"), remote("192.0.2.3"));
    }

    @Test
    void reachability_anAddressThatLostWithinItsDelayIsNotSilent() {
        String hastened = "192.0.2.1 IS_REFUSED 260, 192.0.2.2 TIMES_OUT 0, 192.0.2.3 CONNECTS ";
        assertThat(race(hastened + 239).race().silent()).isEmpty();
        assertThat(race(hastened + 240).race().silent()).containsExactly(remote("192.0.2.2"));
    }

    @Test
    void reachability_anAddressWithLessTimeThanTheWinnerNeededIsNotSilent() {
        assertThat(race("192.0.2.1 CONNECTS 700, 192.0.2.2 CONNECTS 700").race().silent())
                .isEmpty();
    }

    @Test
    void reachability_aTimeOutCountsAsSilentEvenWithoutAWinner() {
        assertThat(race("192.0.2.1 TIMES_OUT 0, 192.0.2.2 IS_REFUSED 0, 192.0.2.3 HANGS 0")
                        .race()
                        .silent())
                .containsExactly(remote("192.0.2.1"), remote("192.0.2.3"));
    }

    private DialSimulation race(String lines) {
        return new DialSimulation(
                        Stream.of(lines.split(", "))
                                .map(HappyEyeballsTest::line)
                                .toList(),
                        settings(),
                        deadline)
                .run();
    }

    private static Line line(String text) {
        String[] words = text.split(" ");
        return new Line(remote(words[0]), DialOutcome.valueOf(words[1]), Long.parseLong(words[2]));
    }

    private static RemoteMta remote(String address) {
        return DialSimulation.remote(address);
    }

    private ConnectSettings settings() {
        return new ConnectSettings(
                FamiliesSetting.BOTH,
                LocalAddresses.NONE,
                Duration.ofSeconds(30),
                attemptDelay,
                List.of(),
                Optional.empty(),
                Optional.empty());
    }
}
