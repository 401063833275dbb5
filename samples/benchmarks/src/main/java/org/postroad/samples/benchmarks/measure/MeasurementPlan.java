// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.measure;

import java.time.Duration;

/**
 * How much is measured.
 *
 * @param rounds the number of rounds of each action
 * @param round the approximate duration of a round; at least one message is sent in it
 * @param warmUp the warm-up time of each action, before the first round
 */
public record MeasurementPlan(int rounds, Duration round, Duration warmUp) {}
