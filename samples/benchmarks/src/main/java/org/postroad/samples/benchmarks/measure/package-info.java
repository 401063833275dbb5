// SPDX-License-Identifier: Apache-2.0
/**
 * How measurements are made: {@link org.postroad.samples.benchmarks.measure.Race} runs actions alternately, A B A B, so that
 * disturbances of the machine affect all of them. A claim is the ratio of two actions within the rounds of one race. A
 * {@link org.postroad.samples.benchmarks.measure.ClientThreads} is an action that sends.
 */
@NullMarked
package org.postroad.samples.benchmarks.measure;

import org.jspecify.annotations.NullMarked;
