// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.connect;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.InstantSource;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
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
}
