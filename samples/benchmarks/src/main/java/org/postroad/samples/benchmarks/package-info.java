// SPDX-License-Identifier: Apache-2.0
/**
 * Measures the transport: {@link org.postroad.samples.benchmarks.Benchmarks} runs the trials of room {@code trial}, which let the
 * clients of room {@code client} race (room {@code measure}) to the servers of room {@code wire}, and shows what they found (room
 * {@code report}).
 */
@NullMarked
package org.postroad.samples.benchmarks;

import org.jspecify.annotations.NullMarked;
