// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** The order of rounds, and the statistics of their times. */
@NullMarked
class RaceTest {

    private final List<String> log = new ArrayList<>();

    private TimedAction action(String name, double millisEach) {
        return times -> {
            log.add(name + times);
            return millisEach + log.size();
        };
    }

    @Test
    void clientsTakeTurns() throws Exception {
        MeasurementPlan plan = new MeasurementPlan(3, Duration.ofMillis(100), Duration.ZERO);
        List<Series> series = Race.run(List.of(action("a", 9), action("b", 48)), plan);
        // After warm-up one time takes 10 ms or 50 ms, so 10 and 2 times fill a round.
        assertThat(log).containsExactly("a1", "b1", "a10", "b2", "a10", "b2", "a10", "b2");
        assertThat(series)
                .containsExactly(new Series(List.of(12.0, 14.0, 16.0)), new Series(List.of(52.0, 54.0, 56.0)));
    }

    @Test
    void aRoundHasAtLeastOneMeasurementAndAtMostTheLimit() {
        Duration round = Duration.ofMillis(100);
        assertThat(Race.times(round, 1000)).isEqualTo(1);
        assertThat(Race.times(round, 50)).isEqualTo(2);
        assertThat(Race.times(round, 51)).isEqualTo(1);
        assertThat(Race.times(round, 100.0 / Race.MOST_TIMES)).isEqualTo(Race.MOST_TIMES);
        assertThat(Race.times(round, 0.0001)).isEqualTo(Race.MOST_TIMES);
    }

    @Test
    void theMedianIsTheMiddleOrTheMeanOfTheTwoInTheMiddle() {
        assertThat(new Series(List.of(9.0, 1.0, 5.0)).median()).isEqualTo(5);
        assertThat(new Series(List.of(9.0, 1.0, 5.0, 6.0)).median()).isEqualTo(5.5);
        assertThat(new Series(List.of(7.0)).median()).isEqualTo(7);
    }

    @Test
    void theSpreadIsFromLowestToHighest() {
        Series series = new Series(List.of(9.0, 1.0, 5.0));
        assertThat(series.least()).isEqualTo(1);
        assertThat(series.most()).isEqualTo(9);
    }

    @Test
    void aRatioIsTakenRoundByRound() {
        Series slowAndDisturbed = new Series(List.of(10.0, 100.0, 10.0));
        Series fastAndDisturbed = new Series(List.of(2.0, 20.0, 2.0));
        assertThat(slowAndDisturbed.over(fastAndDisturbed).rounds()).containsExactly(5.0, 5.0, 5.0);
    }

    @Test
    void anEmptySeriesAndUnequalRoundsAreRefused() {
        assertThatThrownBy(() -> new Series(List.of())).isInstanceOf(IllegalArgumentException.class);
        Series one = new Series(List.of(1.0));
        Series two = new Series(List.of(1.0, 2.0));
        assertThatThrownBy(() -> one.over(two)).isInstanceOf(IllegalArgumentException.class);
    }
}
