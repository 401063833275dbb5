// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.deliver;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.postroad.api.Credentials;
import org.postroad.api.Host;
import org.postroad.api.Relay;

/**
 * The credentials that relays received within the last hour. A relay may repeat them on a later connection, before other credentials are
 * sent there, so they are redacted from the beginning of each connection. Thread-safe.
 */
public final class RecentCredentials {

    /** Maximum number of credentials that are remembered for a relay. */
    static final int MAX_PER_RELAY = 4;

    private static final Duration LASTING = Duration.ofHours(1);
    private static final int MAX_RELAYS = 100;

    private final ExpiringMap<Server, List<Credentials>> sent;

    private record Server(Host host, int port) {}

    public RecentCredentials(InstantSource clock) {
        this.sent = new ExpiringMap<>(LASTING, MAX_RELAYS, clock);
    }

    /** Remembers what a relay is about to receive. */
    void add(Relay relay, Credentials credentials) {
        sent.merge(server(relay), List.of(credentials), RecentCredentials::latest);
    }

    private static List<Credentials> latest(List<Credentials> before, List<Credentials> added) {
        List<Credentials> all = new ArrayList<>(before);
        all.removeAll(added);
        all.addAll(added);
        return List.copyOf(all.subList(Math.max(0, all.size() - MAX_PER_RELAY), all.size()));
    }

    /** Returns what the relay received recently. */
    Set<Credentials> of(Relay relay) {
        return sent.get(server(relay)).map(Set::copyOf).orElse(Set.of());
    }

    private static Server server(Relay relay) {
        return new Server(relay.host(), relay.port());
    }
}
