// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.util.List;
import java.util.Optional;

/**
 * How TLS turned out in one session with a mail exchanger, or why there was no session: what TLS reporting counts (RFC 8460 §4).
 *
 * @param policy which of the destination's policies this is a result of
 * @param remote who was spoken with, or was not for what is published
 * @param source our end of the connection, as this host sees it; empty: there was no connection
 * @param failure empty: all was as the policy wants it
 */
public record TlsResult(Policy policy, RemoteMta remote, Optional<IpAddress> source, Optional<TlsFailure> failure) {

    /**
     * What a destination published.
     *
     * @param type by which means
     * @param domain where: for TLSA records, the name below which they are; else the domain of the mailbox (RFC 8460 §1.1)
     * @param lines the TLSA records, one each, or the lines of the MTA-STS policy; none where they could not be had
     * @param mx the hosts that the MTA-STS policy lists
     */
    public record Policy(Type type, HostName domain, List<String> lines, List<String> mx) {
        public Policy {
            lines = List.copyOf(lines);
            mx = List.copyOf(mx);
        }

        /** Of which nothing more is known. */
        public Policy(Type type, HostName domain) {
            this(type, domain, List.of(), List.of());
        }

        @Override
        public String toString() {
            return type + " of " + domain;
        }
    }

    /** By which means a destination says what protects it. */
    public enum Type {
        /** TLSA records (RFC 7672). */
        TLSA("tlsa"),
        /** An MTA-STS policy (RFC 8461). */
        STS("sts"),
        /** None. */
        NO_POLICY_FOUND("no-policy-found");

        private final String text;

        Type(String text) {
            this.text = text;
        }

        /** As reports have it. */
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
