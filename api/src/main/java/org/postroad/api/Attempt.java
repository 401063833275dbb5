// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * One contact with one address of one host.
 *
 * @param remote who was contacted
 * @param startedAt when the dial began
 * @param took how long it lasted
 * @param tls the protection reached
 * @param outcomes one for each recipient that was still open, in the order of the envelope
 */
public record Attempt(
        RemoteMta remote, Instant startedAt, Duration took, TlsSummary tls, List<RecipientOutcome> outcomes) {

    public Attempt {
        outcomes = List.copyOf(outcomes);
        if (outcomes.isEmpty()) {
            throw new IllegalArgumentException("An attempt at " + remote + " has no recipient");
        }
    }
}
