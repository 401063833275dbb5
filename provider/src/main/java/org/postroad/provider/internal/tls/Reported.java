// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.tls;

import java.util.Optional;
import org.postroad.api.HostName;
import org.postroad.api.TlsFailure;
import org.postroad.api.TlsFailure.Type;
import org.postroad.api.TlsResult;

/**
 * Policy under which a session is reported (RFC 8460 §4): the one that decides on the {@link TlsLadder}.
 *
 * @param policy the published policy, or that there is none
 * @param flaw a failure that is already known, whatever the session's result
 */
public record Reported(TlsResult.Policy policy, Optional<TlsFailure> flaw) {

    /** @param domain the recipient domain */
    public static Reported of(PublishedTlsPolicies published, HostName domain) {
        if (published.dane() instanceof PublishedTlsPolicies.PublishedDane.TlsaLookupFailed failed) {
            return flawed(failed.policy(), Type.DNSSEC_INVALID, failed.why());
        }
        if (published.sts() instanceof PublishedTlsPolicies.PublishedSts.Enforce enforce && !enforce.allowed()) {
            return flawed(enforce.policy(), Type.VALIDATION_FAILURE, "the policy does not list this host");
        }
        if (published.dane() instanceof PublishedTlsPolicies.PublishedDane.Usable usable) {
            return sound(usable.policy());
        }
        if (published.sts() instanceof PublishedTlsPolicies.PublishedSts.Enforce enforce) {
            return sound(enforce.policy());
        }
        if (published.dane() instanceof PublishedTlsPolicies.PublishedDane.Unusable unusable) {
            return flawed(unusable.policy(), Type.TLSA_INVALID, "none of the TLSA records can be checked");
        }
        if (published.sts() instanceof PublishedTlsPolicies.PublishedSts.Testing testing) {
            return sound(testing.policy()); // violations are reported by the session
        }
        if (published.sts() instanceof PublishedTlsPolicies.PublishedSts.PolicyUnavailable unavailable) {
            return new Reported(unavailable.policy(), Optional.of(unavailable.failure()));
        }
        return sound(new TlsResult.Policy(TlsResult.Type.NO_POLICY_FOUND, domain));
    }

    private static Reported sound(TlsResult.Policy policy) {
        return new Reported(policy, Optional.empty());
    }

    private static Reported flawed(TlsResult.Policy policy, Type type, String why) {
        return new Reported(policy, Optional.of(new TlsFailure(type, why)));
    }
}
