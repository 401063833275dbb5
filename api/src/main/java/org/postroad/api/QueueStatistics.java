// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.time.Instant;
import java.util.Optional;

/**
 * Statistics of a queue.
 *
 * @param messages messages in the queue, of all processes
 * @param oldest when the oldest of them was queued
 * @param submitted messages submitted by this process since it opened the queue
 * @param tried deliveries attempted by this process since then; a delivery is one message to one domain
 * @param delivered recipients whose mail was accepted, likewise
 * @param failed recipients given up, likewise
 */
public record QueueStatistics(
        long messages, Optional<Instant> oldest, long submitted, long tried, long delivered, long failed) {}
