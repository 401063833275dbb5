// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.measure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Runs actions alternately. */
public final class Race {

    /** Limits the connections of one round, so that they cannot use up all local ports. */
    static final int MOST_TIMES = 1000;

    private static final double NANOS_PER_MILLI = 1e6;

    private Race() {}

    /**
     * Warms up every action, then runs the rounds: the first round of each action, the second of each action, and so on. The series
     * are in the order of the actions.
     */
    public static List<Series> run(List<? extends TimedAction> actions, MeasurementPlan plan) throws Exception {
        List<Integer> times = new ArrayList<>();
        for (TimedAction action : actions) {
            times.add(times(plan.round(), warmUp(action, plan.warmUp())));
        }
        List<List<Double>> rounds = new ArrayList<>();
        actions.forEach(action -> rounds.add(new ArrayList<>()));
        for (int round = 0; round < plan.rounds(); round++) {
            for (int action = 0; action < actions.size(); action++) {
                rounds.get(action).add(actions.get(action).round(times.get(action)));
            }
        }
        return rounds.stream().map(Series::new).toList();
    }

    /** Returns how many times fill a round. */
    static int times(Duration round, double millisEach) {
        return (int) Math.max(1, Math.min(MOST_TIMES, round.toNanos() / NANOS_PER_MILLI / millisEach));
    }

    /** Returns the milliseconds for one time at the end of the warm-up. */
    private static double warmUp(TimedAction action, Duration least) throws Exception {
        long begin = System.nanoTime();
        double millisEach = action.round(1);
        int times = 1;
        while (System.nanoTime() - begin < least.toNanos()) {
            millisEach = action.round(times);
            times = Math.min(MOST_TIMES, 2 * times);
        }
        return millisEach;
    }
}
