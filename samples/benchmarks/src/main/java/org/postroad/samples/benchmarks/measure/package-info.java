// SPDX-License-Identifier: Apache-2.0
/**
 * How it is measured: {@link org.postroad.samples.benchmarks.measure.Race} lets lanes take turns, A B A B, so that what disturbs the
 * machine disturbs all of them; a claim is the ratio of two lanes within the rounds of one race. A
 * {@link org.postroad.samples.benchmarks.measure.Crew} is a lane that sends.
 */
@NullMarked
package org.postroad.samples.benchmarks.measure;

import org.jspecify.annotations.NullMarked;
