// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.measure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Lanes that take turns. */
public final class Race {

    /** So that connections of one round, a port each, cannot use up the ports there are. */
    static final int MOST_TIMES = 1000;

    private static final double NANOS_PER_MILLI = 1e6;

    private Race() {}

    /**
     * Warms every lane up, then runs the rounds: first of each lane, second of each lane, and so on. The series are in the order of
     * the lanes.
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

    /** How many times fill a round. */
    static int times(Duration round, double millisEach) {
        return (int) Math.max(1, Math.min(MOST_TIMES, round.toNanos() / NANOS_PER_MILLI / millisEach));
    }

    /** What one time took in the end, in milliseconds. */
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
