// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.measure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Runs lanes alternately. */
public final class Race {

    /** Limits the connections of one round, so that they cannot use up all local ports. */
    static final int MOST_TIMES = 1000;

    private static final double NANOS_PER_MILLI = 1e6;

    private Race() {}

    /**
     * Warms up every lane, then runs the rounds: the first round of each lane, the second of each lane, and so on. The series
     * are in the order of the lanes.
     */
    public static List<Series> run(List<? extends Lane> lanes, Effort effort) throws Exception {
        List<Integer> times = new ArrayList<>();
        for (Lane lane : lanes) {
            times.add(times(effort.round(), warmUp(lane, effort.warmUp())));
        }
        List<List<Double>> rounds = new ArrayList<>();
        lanes.forEach(lane -> rounds.add(new ArrayList<>()));
        for (int round = 0; round < effort.rounds(); round++) {
            for (int lane = 0; lane < lanes.size(); lane++) {
                rounds.get(lane).add(lanes.get(lane).round(times.get(lane)));
            }
        }
        return rounds.stream().map(Series::new).toList();
    }

    /** Returns how many times fill a round. */
    static int times(Duration round, double millisEach) {
        return (int) Math.max(1, Math.min(MOST_TIMES, round.toNanos() / NANOS_PER_MILLI / millisEach));
    }

    /** Returns the milliseconds for one time at the end of the warm-up. */
    private static double warmUp(Lane lane, Duration least) throws Exception {
        long begin = System.nanoTime();
        double millisEach = lane.round(1);
        int times = 1;
        while (System.nanoTime() - begin < least.toNanos()) {
            millisEach = lane.round(times);
            times = Math.min(MOST_TIMES, 2 * times);
        }
        return millisEach;
    }
}
