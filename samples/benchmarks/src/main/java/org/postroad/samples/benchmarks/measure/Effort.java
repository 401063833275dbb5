// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.measure;

import java.time.Duration;

/**
 * How much is measured.
 *
 * @param rounds of each lane
 * @param round how long a round lasts, about; at least one message is sent in it
 * @param warmUp of each lane, before the first round
 */
public record Effort(int rounds, Duration round, Duration warmUp) {}
