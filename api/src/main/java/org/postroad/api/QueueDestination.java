// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.time.Instant;
import java.util.Optional;

/**
 * A domain to which something waits in the queue, or which is paused.
 *
 * @param domain the domain
 * @param waiting deliveries
 * @param oldestDue when the one that waits longest was or is due
 * @param paused whether somebody stopped deliveries to it
 * @param retryAt when it is visited again, where it did not answer
 * @param report of the last visit, where it did not answer; for people, several lines
 */
public record QueueDestination(
        Domain domain,
        long waiting,
        Optional<Instant> oldestDue,
        boolean paused,
        Optional<Instant> retryAt,
        Optional<String> report) {}
