// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.postroad.api.DestinationPace.Limit;
import org.postroad.fixtures.VirtualClock;
import org.postroad.provider.internal.queue.DestinationMeter.Activity;

/** What the time of workers counts for, in virtual time. */
class DestinationMeterTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final VirtualClock clock = new VirtualClock();
    private final DestinationMeter meter = new DestinationMeter(clock, 2);

    private Map<Limit, Duration> spent() {
        return meter.take().spent();
    }

    private static Duration seconds(int count) {
        return Duration.ofSeconds(count);
    }

    private void begin(Activity activity) {
        meter.open();
        meter.begin(activity);
    }

    @Test
    void pace_anAttemptCountsForTheServerWhileThereIsAFreePlace() {
        begin(Activity.ATTEMPT);
        meter.demand(true);
        clock.advance(SECOND);
        assertThat(spent()).containsExactly(Map.entry(Limit.SERVER, SECOND));
    }

    @Test
    void pace_attemptsCountForTheConcurrencyWhileAllPlacesAreInUseAndMoreIsDue() {
        begin(Activity.ATTEMPT);
        meter.begin(Activity.ATTEMPT);
        clock.advance(SECOND); // nothing more is due
        assertThat(spent()).containsExactly(Map.entry(Limit.SERVER, seconds(2)));
        meter.demand(true);
        clock.advance(SECOND);
        assertThat(spent()).containsExactly(Map.entry(Limit.CONCURRENCY, seconds(2)));
        meter.end(Activity.ATTEMPT);
        clock.advance(SECOND);
        assertThat(spent()).containsExactly(Map.entry(Limit.SERVER, SECOND));
    }

    @Test
    void pace_placesOfOtherDomainsOfTheDestinationAreInUseToo() {
        begin(Activity.ATTEMPT);
        meter.demand(true);
        meter.refused(true);
        clock.advance(SECOND);
        assertThat(spent()).containsExactly(Map.entry(Limit.CONCURRENCY, SECOND));
        meter.refused(false);
        clock.advance(SECOND);
        assertThat(spent()).containsExactly(Map.entry(Limit.SERVER, SECOND));
    }

    @Test
    void pace_waitsForAConnectionOrTheDatabaseDoNotCountForTheConcurrency() {
        begin(Activity.DATABASE);
        meter.begin(Activity.ATTEMPT);
        meter.connectionWaits().began();
        meter.demand(true);
        clock.advance(SECOND);
        assertThat(spent()).containsOnly(Map.entry(Limit.DATABASE, SECOND), Map.entry(Limit.CONNECTIONS, SECOND));
        meter.connectionWaits().ended();
        meter.change(Activity.DATABASE, Activity.ATTEMPT);
        clock.advance(SECOND);
        assertThat(spent()).containsExactly(Map.entry(Limit.CONCURRENCY, seconds(2)));
    }

    @Test
    void pace_aWaitForTheRateUsesNoPlace() {
        begin(Activity.RATE);
        meter.begin(Activity.RATE);
        meter.begin(Activity.ATTEMPT);
        meter.demand(true);
        clock.advance(SECOND);
        assertThat(spent()).containsOnly(Map.entry(Limit.RATE, seconds(2)), Map.entry(Limit.SERVER, SECOND));
    }

    @Test
    void pace_aWaitForAVisitEndsWithTheVisitOrAfterALimit() {
        meter.await(Limit.DESTINATIONS, seconds(3));
        clock.advance(SECOND);
        meter.open();
        clock.advance(SECOND);
        meter.close();
        clock.advance(SECOND);
        assertThat(spent()).containsExactly(Map.entry(Limit.DESTINATIONS, SECOND));
        meter.await(Limit.RATE, seconds(3));
        clock.advance(seconds(10));
        assertThat(spent()).containsExactly(Map.entry(Limit.RATE, seconds(3)));
        assertThat(meter.take().isIdle()).isTrue();
    }

    @Test
    void pace_aWaitThatBeginsDuringAVisitIsMeasuredFromItsEnd() {
        meter.open();
        meter.await(Limit.CONCURRENCY, seconds(3));
        clock.advance(SECOND);
        meter.close();
        clock.advance(SECOND);
        assertThat(spent()).containsExactly(Map.entry(Limit.CONCURRENCY, SECOND));
    }

    @Test
    void pace_finishedAttemptsCountForAMinute() {
        meter.finished();
        meter.finished();
        assertThat(meter.take()).matches(first -> first.finished() == 2 && first.finishedInLastMinute() == 2);
        clock.advance(seconds(59));
        meter.finished();
        assertThat(meter.take()).matches(next -> next.finished() == 1 && next.finishedInLastMinute() == 3);
        clock.advance(SECOND);
        assertThat(meter.take()).matches(next -> next.finished() == 0 && next.finishedInLastMinute() == 1);
        clock.advance(seconds(58));
        assertThat(meter.take().isIdle()).isFalse();
        clock.advance(SECOND);
        assertThat(meter.take()).matches(last -> last.finishedInLastMinute() == 0 && last.isIdle());
    }

    @Test
    void pace_theMemoryOfFinishedAttemptsIsLimited() {
        for (int i = 0; i < 1000; i++) {
            meter.finished();
            clock.advance(Duration.ofMillis(1));
            meter.take();
        }
        assertThat(meter.take().finishedInLastMinute()).isEqualTo(1000);
    }

    @Test
    void pace_timeForWhichTheClockWasSetBackIsNotMeasured() {
        Duration[] jump = {Duration.ZERO};
        DestinationMeter jumping = new DestinationMeter(() -> clock.instant().plus(jump[0]), 2);
        jumping.open();
        jumping.begin(Activity.ATTEMPT);
        jump[0] = Duration.ofHours(-1);
        assertThat(jumping.take().spent()).isEmpty();
        clock.advance(SECOND);
        assertThat(jumping.take().spent()).containsExactly(Map.entry(Limit.SERVER, SECOND));
    }
}
