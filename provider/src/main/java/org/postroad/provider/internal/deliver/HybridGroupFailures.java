// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.deliver;

import java.time.Duration;
import java.time.InstantSource;
import org.postroad.api.Deadline;
import org.postroad.api.RemoteMta;
import org.postroad.provider.internal.tls.TlsHandshakes.Groups;

/**
 * Remembers for a limited time at which servers a handshake failed with a ClientHello that may have been too large because it offered
 * hybrid groups. These servers are offered classical groups only. Thread-safe.
 */
public final class HybridGroupFailures {

    /** How long an entry is kept. */
    static final Duration REMEMBERED = Duration.ofHours(1);

    /** Maximum number of servers; the oldest entries are dropped first. */
    static final int MAX_SERVERS = 1000;

    /** Limit for a handshake that can be repeated with a smaller hello: some middleboxes silently drop large ones. */
    static final Duration LIMIT = Duration.ofSeconds(10);

    private final ExpiringMap<Endpoint, Boolean> failed;

    public HybridGroupFailures(InstantSource clock) {
        this.failed = new ExpiringMap<>(REMEMBERED, MAX_SERVERS, clock);
    }

    /** Returns the groups to offer to this server. */
    Groups groupsFor(RemoteMta remote) {
        return failed.get(Endpoint.of(remote)).isPresent() ? Groups.CLASSICAL : Groups.ALL;
    }

    void failed(RemoteMta remote) {
        failed.merge(Endpoint.of(remote), true, Boolean::logicalOr);
    }

    /** Records that the smaller hello failed too, so the size was not the cause. */
    void sizeWasNotTheCause(RemoteMta remote) {
        failed.remove(Endpoint.of(remote));
    }

    /** Returns the deadline for a handshake with a large hello: half of the remaining time is left for a second one. */
    static Deadline limit(Deadline until) {
        Duration half = until.remaining().dividedBy(2);
        return until.atMost(half.compareTo(LIMIT) < 0 ? half : LIMIT);
    }
}
