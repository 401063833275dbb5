// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * One contact with one address of one host, on one connection.
 *
 * @param remote who was contacted
 * @param startedAt when the dial began
 * @param took how long it lasted
 * @param tls the protection reached
 * @param outcomes one for each recipient that was offered or given up here, in the order of the envelope
 * @param superseded whether these outcomes decide nothing: they speak of a kept connection, of TLS or of an extension, and the same
 *     address was contacted once more without it (TRY-09, TLS-02). The attempt after this one tells what holds
 */
public record Attempt(
        RemoteMta remote,
        Instant startedAt,
        Duration took,
        TlsSummary tls,
        List<RecipientOutcome> outcomes,
        boolean superseded) {

    public Attempt {
        outcomes = List.copyOf(outcomes);
        if (outcomes.isEmpty()) {
            throw new IllegalArgumentException("An attempt at " + remote + " has no recipient");
        }
    }

    /** A contact whose outcomes hold. */
    public Attempt(
            RemoteMta remote, Instant startedAt, Duration took, TlsSummary tls, List<RecipientOutcome> outcomes) {
        this(remote, startedAt, took, tls, outcomes, false);
    }
}
