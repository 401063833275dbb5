// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * One contact with one address of one host, on one connection.
 *
 * @param remote the address contacted
 * @param startedAt when the connection attempt began
 * @param took the duration of the contact
 * @param tls the protection of the connection
 * @param outcomes one for each recipient offered or given up in this contact, in the order of the envelope
 * @param superseded whether the outcomes are not decisive: they were caused by a pooled connection, by TLS or by an extension,
 *     and the same address was contacted once more without it (TRY-09, TLS-02). The next attempt decides
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

    /** Creates an attempt whose outcomes are decisive. */
    public Attempt(
            RemoteMta remote, Instant startedAt, Duration took, TlsSummary tls, List<RecipientOutcome> outcomes) {
        this(remote, startedAt, took, tls, outcomes, false);
    }
}
