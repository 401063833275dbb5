// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.time.Instant;
import java.util.Optional;

/**
 * How a queue is.
 *
 * @param messages in it, of all processes
 * @param oldest when the oldest of them was queued
 * @param submitted messages that were put in since the queue was opened, in this process
 * @param tried deliveries that were tried since then, in this process: one message to one domain each
 * @param delivered recipients whose mail was accepted, likewise
 * @param failed recipients who were given up, likewise
 */
public record QueueFigures(
        long messages, Optional<Instant> oldest, long submitted, long tried, long delivered, long failed) {}
