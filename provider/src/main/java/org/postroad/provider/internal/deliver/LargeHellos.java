// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.deliver;

import java.time.Duration;
import java.time.InstantSource;
import org.postroad.api.Deadline;
import org.postroad.api.RemoteMta;
import org.postroad.provider.internal.tls.TlsUpgrade.Groups;

/**
 * Remembers for a while at which servers a handshake failed with a ClientHello that may have been too large, because hybrid groups were
 * offered: from then on they are offered the others. Thread-safe.
 */
public final class LargeHellos {

    /** How long it is remembered. */
    static final Duration REMEMBERED = Duration.ofHours(1);

    /** Servers remembered; of more, those that were met first are forgotten. */
    static final int MAX_SERVERS = 1000;

    /** How long a handshake may take that is tried once more with a smaller hello: some middleboxes drop large ones in silence. */
    static final Duration LIMIT = Duration.ofSeconds(10);

    private final ExpiringMap<Endpoint, Boolean> failed;

    public LargeHellos(InstantSource clock) {
        this.failed = new ExpiringMap<>(REMEMBERED, MAX_SERVERS, clock);
    }

    /** What this server is offered. */
    Groups groupsFor(RemoteMta remote) {
        return failed.get(Endpoint.of(remote)).isPresent() ? Groups.CLASSICAL : Groups.ALL;
    }

    void failed(RemoteMta remote) {
        failed.merge(Endpoint.of(remote), true, Boolean::logicalOr);
    }

    /** The size of the hello was not the cause: the smaller one failed, too. */
    void failedAnyway(RemoteMta remote) {
        failed.remove(Endpoint.of(remote));
    }

    /** When a handshake with a large hello ends: half of the time is left for another one. */
    static Deadline limit(Deadline until) {
        Duration half = until.remaining().dividedBy(2);
        return until.orAfter(half.compareTo(LIMIT) < 0 ? half : LIMIT);
    }
}
