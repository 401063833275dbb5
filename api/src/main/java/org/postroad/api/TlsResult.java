// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.util.List;
import java.util.Optional;

/**
 * The TLS result of one session with a mail exchanger, or the reason why there was no session. TLS reporting counts these
 * results (RFC 8460 §4).
 *
 * @param policy the policy of the destination to which the result applies
 * @param remote the address that was contacted, or was not because of a published policy
 * @param source our end of the connection, as seen by this host; empty if there was no connection
 * @param failure empty if the session satisfied the policy
 */
public record TlsResult(Policy policy, RemoteMta remote, Optional<IpAddress> source, Optional<TlsFailure> failure) {

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

        /** Returns the name used in TLS reports. */
        @Override
        public String toString() {
            return text;
        }
    }

    @Override
    public String toString() {
        return policy + " at " + remote + ": "
                + failure.map(TlsFailure::toString).orElse("success");
    }
}
