// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.tlsrpt;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.postroad.api.IpAddress;
import org.postroad.api.RemoteMta;
import org.postroad.api.TlsFailure;
import org.postroad.api.TlsResult;

/** Counts the sessions of one day with one policy of one domain. Not thread-safe. */
final class SessionCounts {

    /** Maximum number of kinds of failure counted separately; further ones count in the total only. */
    static final int MAX_KINDS = 100;

    private long successes;
    private long failures;
    private final Map<FailureKind, Long> kinds = new LinkedHashMap<>();

    /** What failures of one kind have in common. */
    record FailureKind(TlsFailure failure, RemoteMta remote, Optional<IpAddress> source) {}

    void add(TlsResult result) {
        if (result.failure().isEmpty()) {
            successes++;
            return;
        }
        failures++;
        FailureKind kind = new FailureKind(result.failure().get(), result.remote(), result.source());
        if (kinds.containsKey(kind) || kinds.size() < MAX_KINDS) {
            kinds.merge(kind, 1L, Long::sum);
        }
    }

    long successes() {
        return successes;
    }

    long failures() {
        return failures;
    }

    /** Returns the count of each kind, in the order of first occurrence. */
    Map<FailureKind, Long> kinds() {
        return kinds;
    }
}
