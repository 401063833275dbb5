// SPDX-License-Identifier: Apache-2.0
/**
 * The servers: {@link org.postroad.samples.benchmarks.wire.Sink} accepts messages and counts round trips,
 * {@link org.postroad.samples.benchmarks.wire.LatencyProxy} adds latency,
 * {@link org.postroad.samples.benchmarks.wire.Blackhole} never answers. Everything runs on loopback, in daemon threads, and
 * stops with {@code close}.
 */
@NullMarked
package org.postroad.samples.benchmarks.wire;

import org.jspecify.annotations.NullMarked;
