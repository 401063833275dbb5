// SPDX-License-Identifier: Apache-2.0
/**
 * What the clients talk to: {@link org.postroad.samples.benchmarks.wire.Sink} takes their messages and counts round trips,
 * {@link org.postroad.samples.benchmarks.wire.LatencyProxy} puts it far away, {@link org.postroad.samples.benchmarks.wire.Blackhole}
 * never answers. Everything is on loopback, in daemon threads, and ends with {@code close}.
 */
@NullMarked
package org.postroad.samples.benchmarks.wire;

import org.jspecify.annotations.NullMarked;
