// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.sts;

import java.time.Duration;
import org.postroad.api.Deadline;
import org.postroad.api.Domain;

/** Shorthand of the tests of this room. */
final class StsTesting {

    /** Ample for everything but silence, of which a policy may take a third. */
    static final Duration PATIENCE = Duration.ofMinutes(3);

    /** Octets for two domains of short names and policies, and not for three. */
    static final int ROOM_FOR_TWO = 1_400;

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
