// SPDX-License-Identifier: Apache-2.0
/**
 * Two nodes, one queue: {@link org.postroad.samples.cluster.Cluster} starts {@link org.postroad.samples.cluster.Node} twice,
 * kills one of them, and counts the messages that arrive.
 */
@NullMarked
package org.postroad.samples.cluster;

import org.jspecify.annotations.NullMarked;
