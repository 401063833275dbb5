// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** One contact with one address of one host, on one connection. */
public final class Attempt {

    private final RemoteMta remote;
    private final Instant startedAt;
    private final Duration duration;
    private final TlsSummary tls;
    private final List<RecipientOutcome> outcomes;
    private final boolean superseded;
    private final Optional<ConnectionUse> connection;

    /**
     * Creates an attempt without a connection.
     *
     * @param outcomes at least one
     * @throws IllegalArgumentException if there is no outcome
     */
    public Attempt(
            RemoteMta remote,
            Instant startedAt,
            Duration duration,
            TlsSummary tls,
            List<RecipientOutcome> outcomes,
            boolean superseded) {
        this(remote, startedAt, duration, tls, outcomes, superseded, Optional.empty());
    }

    private Attempt(
            RemoteMta remote,
            Instant startedAt,
            Duration duration,
            TlsSummary tls,
            List<RecipientOutcome> outcomes,
            boolean superseded,
            Optional<ConnectionUse> connection) {
        if (outcomes.isEmpty()) {
            throw new IllegalArgumentException("An attempt at " + remote + " has no recipient");
        }
        this.remote = remote;
        this.startedAt = startedAt;
        this.duration = duration;
        this.tls = tls;
        this.outcomes = List.copyOf(outcomes);
        this.superseded = superseded;
        this.connection = connection;
    }

    /** {@return the same attempt, on this connection} */
    public Attempt withConnection(ConnectionUse use) {
        return new Attempt(remote, startedAt, duration, tls, outcomes, superseded, Optional.of(use));
    }

    /**
     * {@return the same attempt with these outcomes}
     *
     * @param others at least one
     * @throws IllegalArgumentException if there is no outcome
     */
    public Attempt withOutcomes(List<RecipientOutcome> others) {
        return new Attempt(remote, startedAt, duration, tls, others, superseded, connection);
    }

    /** {@return the address contacted} */
    public RemoteMta remote() {
        return remote;
    }

    /** {@return when the connection attempt began} */
    public Instant startedAt() {
        return startedAt;
    }

    /** {@return the duration of the contact} */
    public Duration duration() {
        return duration;
    }

    /** {@return the protection of the connection} */
    public TlsSummary tls() {
        return tls;
    }

    /** {@return the outcomes: one for each recipient offered or given up in this contact, in the order of the envelope} */
    public List<RecipientOutcome> outcomes() {
        return outcomes;
    }

    /**
     * {@return whether the outcomes are not decisive: they were caused by a pooled connection, by TLS or by an extension, and the same
     * address was contacted once more without it (TRY-09, TLS-02)} The next attempt decides.
     */
    public boolean superseded() {
        return superseded;
    }

    /** {@return the connection and its times; empty if none was made} */
    public Optional<ConnectionUse> connection() {
        return connection;
    }

    /**
     * Creates an attempt without a connection, whose outcomes are decisive.
     *
     * @param outcomes at least one
     * @throws IllegalArgumentException if there is no outcome
     */
    public Attempt(
            RemoteMta remote, Instant startedAt, Duration duration, TlsSummary tls, List<RecipientOutcome> outcomes) {
        this(remote, startedAt, duration, tls, outcomes, false);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Attempt that
                && remote.equals(that.remote)
                && startedAt.equals(that.startedAt)
                && duration.equals(that.duration)
                && tls.equals(that.tls)
                && outcomes.equals(that.outcomes)
                && superseded == that.superseded
                && connection.equals(that.connection);
    }

    @Override
    public int hashCode() {
        return Objects.hash(remote, startedAt, duration, tls, outcomes, superseded, connection);
    }

    @Override
    public String toString() {
        return "Attempt[remote=" + remote
                + ", startedAt=" + startedAt
                + ", duration=" + duration
                + ", tls=" + tls
                + ", outcomes=" + outcomes
                + ", superseded=" + superseded
                + ", connection=" + connection + "]";
    }
}
