// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The TLS result of one session with a mail exchanger, or the reason why there was no session. TLS reporting counts these
 * results (RFC 8460 §4).
 */
public final class TlsResult {

    private final Policy policy;
    private final RemoteMta remote;
    private final Optional<IpAddress> source;
    private final Optional<TlsFailure> failure;

    /** Creates a result. */
    public TlsResult(Policy policy, RemoteMta remote, Optional<IpAddress> source, Optional<TlsFailure> failure) {
        this.policy = policy;
        this.remote = remote;
        this.source = source;
        this.failure = failure;
    }

    /** {@return the policy of the destination to which the result applies} */
    public Policy policy() {
        return policy;
    }

    /** {@return the address that was contacted, or was not because of a published policy} */
    public RemoteMta remote() {
        return remote;
    }

    /** {@return our end of the connection, as seen by this host; empty if there was no connection} */
    public Optional<IpAddress> source() {
        return source;
    }

    /** {@return why the session did not satisfy the policy; empty if it did} */
    public Optional<TlsFailure> failure() {
        return failure;
    }

    /**
     * A policy published by a destination.
     *
     * @param type the mechanism
     * @param domain for TLSA records, the name below which they are published; otherwise the domain of the mailbox (RFC 8460
     *     §1.1)
     * @param lines one TLSA record each, or the lines of the MTA-STS policy; empty if they are not available
     * @param mx the hosts listed in the MTA-STS policy
     */
    public record Policy(Type type, HostName domain, List<String> lines, List<String> mx) {
        public Policy {
            lines = List.copyOf(lines);
            mx = List.copyOf(mx);
        }

        /** Creates a policy without details. */
        public Policy(Type type, HostName domain) {
            this(type, domain, List.of(), List.of());
        }

        @Override
        public String toString() {
            return type + " of " + domain;
        }
    }

    /** The mechanism by which a destination publishes its policy. */
    public enum Type {
        /** TLSA records (RFC 7672). */
        TLSA("tlsa"),
        /** An MTA-STS policy (RFC 8461). */
        STS("sts"),
        /** No policy is published. */
        NO_POLICY_FOUND("no-policy-found");

        private final String text;

        Type(String text) {
            this.text = text;
        }

        /** {@return the name used in TLS reports} */
        @Override
        public String toString() {
            return text;
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TlsResult that
                && policy.equals(that.policy)
                && remote.equals(that.remote)
                && source.equals(that.source)
                && failure.equals(that.failure);
    }

    @Override
    public int hashCode() {
        return Objects.hash(policy, remote, source, failure);
    }

    @Override
    public String toString() {
        return policy + " at " + remote + ": "
                + failure.map(TlsFailure::toString).orElse("success");
    }
}
