// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.sts;

import java.util.function.Function;
import org.postroad.api.TlsFailure;

/** The MTA-STS result for a domain. Sealed. */
public sealed interface StsResult {

    /**
     * A policy applies; its mode is not none.
     *
     * @param policy the policy
     * @param id of the TXT record when it was fetched
     * @param fromCacheAfterFailure whether it was fetched earlier and is still valid, but there is no usable TXT record now, or the policy
     *     announced now cannot be fetched (RFC 8461 §3.3, §5.1)
     */
    record Policy(StsPolicy policy, String id, boolean fromCacheAfterFailure) implements StsResult {}

    /** No policy applies: there is no usable TXT record and no valid cached policy, or the mode is none (RFC 8461 §5). */
    record None() implements StsResult {}

    /**
     * A policy is announced but cannot be fetched, and none is cached. No policy applies (RFC 8461 §3.3), but the failure is reported.
     *
     * @param failure of one of the MTA-STS types
     */
    record Unavailable(TlsFailure failure) implements StsResult {}

    /** Applies the function for the kind of result. */
    default <T> T fold(Function<Policy, T> ifPolicy, Function<None, T> ifNone, Function<Unavailable, T> ifUnavailable) {
        if (this instanceof Policy policy) {
            return ifPolicy.apply(policy);
        } else if (this instanceof None none) {
            return ifNone.apply(none);
        }
        return ifUnavailable.apply((Unavailable) this);
    }
}
