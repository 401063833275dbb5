// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.sts;

import java.time.Duration;
import org.postroad.api.Deadline;
import org.postroad.api.Domain;

/** Shorthand of the tests of this room. */
final class StsTesting {

    /** Ample for everything but silence. */
    static final Duration PATIENCE = Duration.ofMinutes(1);

    private StsTesting() {}

    /** What is found, in a word or two. */
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
