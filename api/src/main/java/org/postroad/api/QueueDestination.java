// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.time.Instant;
import java.util.Optional;

/**
 * A destination domain of the queue that has waiting deliveries or is paused.
 *
 * @param domain the domain
 * @param waiting the number of deliveries
 * @param oldestDue when the earliest delivery was or is due
 * @param paused whether an operator has paused deliveries to the domain
 * @param retryAt when the domain is tried again, if it did not answer
 * @param report on the last visit, if the domain did not answer; human-readable, several lines
 */
public record QueueDestination(
        Domain domain,
        long waiting,
        Optional<Instant> oldestDue,
        boolean paused,
        Optional<Instant> retryAt,
        Optional<String> report) {}
