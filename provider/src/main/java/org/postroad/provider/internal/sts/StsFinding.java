// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.sts;

import java.util.function.Function;
import org.postroad.api.TlsFailure;

/** What MTA-STS says about a domain: one of three. */
public sealed interface StsFinding {

    /**
     * A policy is to be heeded; its mode is not none.
     *
     * @param policy the policy
     * @param id of the TXT record when it was fetched
     * @param fromCacheAfterFailure whether it was fetched earlier and holds still, though now there is no usable TXT record, or what it
     *     announces cannot be had (RFC 8461 §3.3, §5.1)
     */
    record Policy(StsPolicy policy, String id, boolean fromCacheAfterFailure) implements StsFinding {}

    /** There is nothing to heed: no usable TXT record and no policy that holds still, or one of mode none (RFC 8461 §5). */
    record None() implements StsFinding {}

    /**
     * A policy is announced and cannot be had, and none holds still: there is nothing to heed (RFC 8461 §3.3), but somebody should know.
     *
     * @param failure one of the kinds of MTA-STS
     */
    record Unavailable(TlsFailure failure) implements StsFinding {}

    /** The result of the function that fits. */
    default <T> T fold(Function<Policy, T> ifPolicy, Function<None, T> ifNone, Function<Unavailable, T> ifUnavailable) {
        if (this instanceof Policy policy) {
            return ifPolicy.apply(policy);
        } else if (this instanceof None none) {
            return ifNone.apply(none);
        }
        return ifUnavailable.apply((Unavailable) this);
    }
}
