// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.connect;

import java.time.InstantSource;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import org.postroad.spi.Connector;

/**
 * The diallers of one engine: a new one for each send, but what was learnt of the network stays. It is learnt for each connector on its
 * own, since a tunnel and the plain network reach different things, and forgotten with it: no connector is held. Thread-safe.
 */
public final class Diallers {

    private final ConnectSettings settings;
    private final Executor executor;
    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Connector, Reachability> learnt = new WeakHashMap<>(); // under the lock

    /** @param executor has a thread for every dial, and refuses only when it is closed for good */
    public Diallers(ConnectSettings settings, Executor executor, InstantSource clock) {
        this.settings = settings;
        this.executor = executor;
        this.clock = clock;
    }

    /** One that dials through this connector. */
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
