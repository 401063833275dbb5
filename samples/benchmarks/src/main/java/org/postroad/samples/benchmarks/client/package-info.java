// SPDX-License-Identifier: Apache-2.0
/**
 * The compared clients. A {@link org.postroad.samples.benchmarks.client.Contender} creates clients that repeatedly send one
 * {@link org.postroad.samples.benchmarks.client.ClientTask} to a {@link org.postroad.samples.benchmarks.client.Destination}: the
 * transport {@code mx}, its engine with a spooled message, Angus Mail's {@code smtp}, and two clients of a few lines that show
 * the upper limit.
 */
@NullMarked
package org.postroad.samples.benchmarks.client;

import org.jspecify.annotations.NullMarked;
