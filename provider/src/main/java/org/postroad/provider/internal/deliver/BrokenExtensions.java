// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.deliver;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.postroad.api.RemoteMta;
import org.postroad.provider.internal.smtp.SmtpSettings;

/** Remembers for a limited time which servers announce PIPELINING or CHUNKING but fail when it is used. Thread-safe. */
public final class BrokenExtensions {

    /** How long an entry is kept. */
    static final Duration REMEMBERED = Duration.ofHours(1);

    /** Maximum number of servers; the oldest entries are dropped first. */
    static final int MAX_SERVERS = 1000;

    /** What still works with a server that fails on CHUNKING. */
    private record WorkingExtensions(boolean pipelining) {}

    private final ExpiringMap<Endpoint, WorkingExtensions> byServer;

    public BrokenExtensions(InstantSource clock) {
        this.byServer = new ExpiringMap<>(REMEMBERED, MAX_SERVERS, clock);
    }

    /** Returns the settings without the extensions that this server fails on. */
    SmtpSettings fit(RemoteMta remote, SmtpSettings settings) {
        return byServer.get(Endpoint.of(remote))
                .map(working -> settings.with(settings.pipelining() && working.pipelining(), false))
                .orElse(settings);
    }

    /**
     * Records that the server failed on CHUNKING.
     *
     * @param pipelining whether PIPELINING is still used with it
     */
    void learn(RemoteMta remote, boolean pipelining) {
        byServer.merge(
                Endpoint.of(remote),
                new WorkingExtensions(pipelining),
                (before, now) -> new WorkingExtensions(before.pipelining() && now.pipelining()));
    }

    /**
     * A server that fails on extensions.
     *
     * @param server address and port
     * @param extensions such as {@code CHUNKING, PIPELINING}
     * @param until when that is forgotten
     */
    public record BrokenServer(String server, String extensions, Instant until) {}

    /** Returns the servers that are remembered, the oldest ones first. */
    public List<BrokenServer> servers() {
        return byServer.live().stream()
                .map(entry -> new BrokenServer(
                        entry.key().toString(),
                        entry.value().pipelining() ? "CHUNKING" : "CHUNKING, PIPELINING",
                        entry.until()))
                .toList();
    }

    /** Forgets all servers. */
    public void clear() {
        byServer.clear();
    }
}
