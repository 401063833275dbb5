// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.connect;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import org.postroad.api.Family;
import org.postroad.api.IpAddress;
import org.postroad.spi.Connector;

/**
 * Creates the diallers of one engine: a new one for each send, with shared reachability data. The data is kept per connector, since a
 * tunnel and the plain network reach different addresses. Connectors are weakly referenced, and the data is dropped with them. Thread-safe.
 */
public final class DiallerFactory {

    private final ConnectSettings settings;
    private final Executor executor;
    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Map<Connector, Reachability> learnt = new WeakHashMap<>();

    /** @param executor provides a thread for every dial, and rejects tasks only after it was shut down */
    public DiallerFactory(ConnectSettings settings, Executor executor, InstantSource clock) {
        this.settings = settings;
        this.executor = executor;
        this.clock = clock;
    }

    /** Returns a dialler that uses this connector. */
    public Dialler through(Connector connector) {
        lock.lock();
        try {
            Reachability reachability = learnt.computeIfAbsent(connector, first -> new Reachability(clock));
            return new Dialler(connector, settings, executor, reachability);
        } finally {
            lock.unlock();
        }
    }

    /**
     * An address that did not answer.
     *
     * @param since when it was last silent
     * @param until when that is forgotten
     */
    public record SilentAddress(IpAddress address, Instant since, Instant until) {}

    /** Returns the addresses that were silent recently, through any connector. */
    public List<SilentAddress> silentAddresses() {
        Map<IpAddress, Instant> latest = new LinkedHashMap<>();
        known().forEach(reachability -> reachability
                .silentAddresses()
                .forEach((address, until) -> latest.merge(address, until, DiallerFactory::later)));
        return latest.entrySet().stream()
                .map(entry -> new SilentAddress(
                        entry.getKey(), entry.getValue().minus(Reachability.LASTING), entry.getValue()))
                .toList();
    }

    /** Returns the families of which addresses were silent recently while the same hosts answered in the other one. */
    public Set<Family> silentFamilies() {
        Set<Family> families = EnumSet.noneOf(Family.class);
        known().forEach(reachability ->
                families.addAll(reachability.silentFamilies().keySet()));
        return families;
    }

    /** Forgets which addresses and families were silent. */
    public void clear() {
        known().forEach(Reachability::clear);
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    private List<Reachability> known() {
        lock.lock();
        try {
            return List.copyOf(learnt.values());
        } finally {
            lock.unlock();
        }
    }
}
