// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.measure;

import java.util.ArrayList;
import java.util.List;

/**
 * The results of the rounds of one action.
 *
 * @param rounds in order, at least one
 */
public record Series(List<Double> rounds) {

    private static final double MILLIS_IN_A_SECOND = 1000;

    public Series {
        rounds = List.copyOf(rounds);
        if (rounds.isEmpty()) {
            throw new IllegalArgumentException("A series has at least one round");
        }
    }

    public double median() {
        List<Double> sorted = rounds.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    public double least() {
        return rounds.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
    }

    public double most() {
        return rounds.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
    }

    /** Converts milliseconds to rates per second. */
    public Series perSecond() {
        return new Series(
                rounds.stream().map(millis -> MILLIS_IN_A_SECOND / millis).toList());
    }

    /** Returns the value that this share of the rounds, in (0, 1], does not exceed. */
    public double quantile(double share) {
        List<Double> sorted = rounds.stream().sorted().toList();
        return sorted.get((int) Math.ceil(share * sorted.size()) - 1);
    }

    /** Divides this by the other series, round by round. A disturbance of a round affects both and cancels out. */
    public Series over(Series other) {
        if (rounds.size() != other.rounds.size()) {
            throw new IllegalArgumentException(
                    rounds.size() + " rounds cannot be compared with " + other.rounds.size());
        }
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < rounds.size(); i++) {
            ratios.add(rounds.get(i) / other.rounds.get(i));
        }
        return new Series(ratios);
    }
}
