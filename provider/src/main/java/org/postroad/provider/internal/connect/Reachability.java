// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.connect;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.postroad.api.Family;
import org.postroad.api.IpAddress;
import org.postroad.api.RemoteMta;

/**
 * Remembers which addresses and families did not answer recently. They are dialled last for a while, but never left out. A network without
 * a route for one family then costs the attempt delay once, not for each message (RFC 8305 §5).
 *
 * <p>An address is silent if its dial ended without a connection or a refusal. A family is silent if one of its addresses was silent while
 * the same host answered in the other family; if neither family answers, the host is down. A successful connection clears both its address
 * and its family. A refusal changes nothing: it arrives immediately, so trying that address first again costs almost nothing.
 *
 * <p>The data applies to one path into the network: one connector, and the source addresses of one engine. Thread-safe.
 */
final class Reachability {

    /** How long silence is remembered, as in RFC 6555 §4.2. A family that works again is not avoided for much longer. */
    static final Duration LASTING = Duration.ofMinutes(10);

    /** Maximum number of addresses remembered; beyond it, the oldest is dropped. */
    static final int MAX_ADDRESSES = 1000;

    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();

    /** Expiry of each silent address, oldest first. */
    @GuardedBy("lock")
    private final Map<IpAddress, Instant> addresses = new LinkedHashMap<>();

    /** Expiry of each silent family. */
    @GuardedBy("lock")
    private final Map<Family, Instant> families = new EnumMap<>(Family.class);

    Reachability(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * Returns the addresses of one host in the order in which to dial them: the given order, but addresses of silent families after the
     * others, and addresses that were silent themselves last.
     */
    List<RemoteMta> inOrder(List<RemoteMta> remotes) {
        if (remotes.size() == 1) {
            return remotes;
        }
        Instant now = clock.instant();
        lock.lock();
        try {
            Map<RemoteMta, Integer> ranks = new HashMap<>();
            for (RemoteMta remote : remotes) {
                ranks.put(remote, rank(remote, now));
            }
            return remotes.stream()
                    .sorted(Comparator.comparingInt(remote -> ranks.getOrDefault(remote, 0)))
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    /** Returns 0 for an address to dial first, more for one of a silent family, and most for a silent address. */
    @GuardedBy("lock")
    private int rank(RemoteMta remote, Instant now) {
        return (isSilent(addresses, remote.address(), now) ? 2 : 0)
                + (isSilent(families, remote.family(), now) ? 1 : 0);
    }

    private static <K> boolean isSilent(Map<K, Instant> silent, K key, Instant now) {
        return now.isBefore(silent.getOrDefault(key, Instant.MIN));
    }

    /** Returns when the silence of each address is forgotten. */
    Map<IpAddress, Instant> silentAddresses() {
        lock.lock();
        try {
            return notExpired(addresses);
        } finally {
            lock.unlock();
        }
    }

    /** Returns when the silence of each family is forgotten. */
    Map<Family, Instant> silentFamilies() {
        lock.lock();
        try {
            return notExpired(families);
        } finally {
            lock.unlock();
        }
    }

    private <K> Map<K, Instant> notExpired(Map<K, Instant> silent) {
        Map<K, Instant> copy = new LinkedHashMap<>(silent);
        Instant now = clock.instant();
        copy.values().removeIf(until -> !now.isBefore(until));
        return copy;
    }

    /** Forgets all silence. */
    void clear() {
        lock.lock();
        try {
            addresses.clear();
            families.clear();
        } finally {
            lock.unlock();
        }
    }

    /** Records the result of one race at one host: the server that connected, and those that were silent. */
    void learn(Optional<RemoteMta> connected, List<RemoteMta> silent) {
        Instant until = clock.instant().plus(LASTING);
        lock.lock();
        try {
            for (RemoteMta remote : silent) {
                addresses.remove(remote.address()); // moves it to the end
                addresses.put(remote.address(), until);
                if (connected.isPresent()) {
                    families.put(remote.family(), until);
                }
            }
            if (connected.isPresent()) {
                addresses.remove(connected.get().address());
                families.remove(connected.get().family());
            }
            while (addresses.size() > MAX_ADDRESSES) {
                addresses.remove(addresses.keySet().iterator().next());
            }
        } finally {
            lock.unlock();
        }
    }
}
