// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.sts;

import java.time.Duration;
import org.postroad.api.Deadline;
import org.postroad.api.Domain;

/** Helpers for the tests of this package. */
final class StsTesting {

    /** Ample, except for servers that do not answer, which can take a third of it. */
    static final Duration PATIENCE = Duration.ofMinutes(3);

    /** Room for two domains with short names and policies, but not for three, in octets. */
    static final int ROOM_FOR_TWO = 1_400;

    private StsTesting() {}

    /** Returns the result in one or two words. */
    static String found(StsPolicies policies, PolicySource source, String domain, Deadline deadline)
            throws InterruptedException {
        return policies.find(Domain.parse(domain), source, deadline, asked -> {})
                .fold(
                        policy -> policy.policy().mode() + " " + policy.id()
                                + (policy.fromCacheAfterFailure() ? " after failure" : ""),
                        none -> "none",
                        unavailable -> "unavailable: " + unavailable.failure().detail());
    }
}
