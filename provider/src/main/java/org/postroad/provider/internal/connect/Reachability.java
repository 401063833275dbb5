// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.connect;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.postroad.api.Family;
import org.postroad.api.IpAddress;
import org.postroad.api.RemoteMta;

/**
 * Which addresses and which families did not answer lately: they are dialled last for a while, never left out. So a network without a
 * way out for one family costs the attempt delay once, and not with each message (RFC 8305 §5).
 *
 * <p>An address is silent if it gave no connection and no refusal in its time. A family is silent if one of its addresses was silent while
 * the same host answered in the other family; where neither does, it is the host that is down. Whoever connects is silent no longer, and
 * neither is its family. A refusal says nothing, neither good nor bad: it comes at once, and trying it first again costs next to nothing.
 *
 * <p>What it knows holds for one way into the network: one connector, and the source addresses of one engine. Thread-safe.
 */
final class Reachability {

    /** How long silence is remembered, as RFC 6555 §5.4 has it: a family that is well again is not shunned much longer. */
    static final Duration LASTING = Duration.ofMinutes(10);

    /** Addresses that are remembered; beyond, the eldest is forgotten. */
    static final int MAX_ADDRESSES = 1000;

    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<IpAddress, Instant> addresses = new LinkedHashMap<>(); // until when; eldest first; under the lock
    private final Map<Family, Instant> families = new EnumMap<>(Family.class); // until when; under the lock

    Reachability(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * The addresses of one host in the order in which to dial them: as they came, but the silent families behind the others, and behind
     * all those that were silent themselves.
     */
    List<RemoteMta> inOrder(List<RemoteMta> remotes) {
        if (remotes.size() == 1) {
            return remotes;
        }
        Instant now = clock.instant();
        lock.lock();
        try {
            return remotes.stream()
                    .sorted(Comparator.comparing((RemoteMta remote) -> isSilent(addresses, remote.address(), now))
                            .thenComparing(remote -> isSilent(families, remote.family(), now)))
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    private static <K> boolean isSilent(Map<K, Instant> silent, K key, Instant now) {
        return now.isBefore(silent.getOrDefault(key, Instant.MIN));
    }

    /** What one race at one host showed: who connected, and who was silent. */
    void learn(Optional<RemoteMta> connected, List<RemoteMta> silent) {
        Instant until = clock.instant().plus(LASTING);
        lock.lock();
        try {
            for (RemoteMta remote : silent) {
                addresses.remove(remote.address()); // to the end
                addresses.put(remote.address(), until);
                if (connected.isPresent()) {
                    families.put(remote.family(), until);
                }
            }
            connected.ifPresent(remote -> {
                addresses.remove(remote.address());
                families.remove(remote.family());
            });
            while (addresses.size() > MAX_ADDRESSES) {
                addresses.remove(addresses.keySet().iterator().next());
            }
        } finally {
            lock.unlock();
        }
    }
}
