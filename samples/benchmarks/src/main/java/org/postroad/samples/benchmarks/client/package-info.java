// SPDX-License-Identifier: Apache-2.0
/**
 * Who is measured. A {@link org.postroad.samples.benchmarks.client.Contender} makes clients that send one
 * {@link org.postroad.samples.benchmarks.client.Errand} again and again to a
 * {@link org.postroad.samples.benchmarks.client.Destination}: the transport {@code mx}, its engine with a message that is spooled
 * already, Angus Mail's {@code smtp}, and two clients of a few lines that show what is possible.
 */
@NullMarked
package org.postroad.samples.benchmarks.client;

import org.jspecify.annotations.NullMarked;
