// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.deliver;

import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.postroad.api.RemoteMta;
import org.postroad.provider.internal.deliver.ConnectionKey.HostPort;

/**
 * Counts the connections of a pool against its limits, and remembers which addresses have answered recently. Not thread-safe: used under
 * the pool's lock.
 */
final class ConnectionCounts {

    /** How long the results for an address are kept: that it answered, and how many transactions it accepts on one connection. */
    static final Duration REMEMBERED = Duration.ofHours(1);

    /** Maximum number of addresses; the oldest entries are dropped first. */
    static final int MAX_ADDRESSES = 1000;

    private final PoolLimits limits;
    private final ExpiringMap<Endpoint, Boolean> answering;
    private final Map<HostPort, Integer> perHost = new HashMap<>();
    private final Map<Endpoint, Integer> perAddress = new HashMap<>();
    private int unproven;
    private int inAll;

    ConnectionCounts(PoolLimits limits, InstantSource clock) {
        this.limits = limits;
        this.answering = new ExpiringMap<>(REMEMBERED, MAX_ADDRESSES, clock);
    }

    /** One connection as counted: at every address being dialled for it, then only at the one connected. */
    static final class Slot {

        private final HostPort host;
        private Set<Endpoint> endpoints;
        private boolean unproven;

        private Slot(HostPort host, Set<Endpoint> endpoints, boolean unproven) {
            this.host = host;
            this.endpoints = endpoints;
            this.unproven = unproven;
        }
    }

    /** Returns the number of connections, in use or kept. */
    int inAll() {
        return inAll;
    }

    boolean hasRoom() {
        return inAll < limits.inAll();
    }

    boolean hasRoomAt(HostPort host) {
        return perHost.getOrDefault(host, 0) < limits.perHost();
    }

    /** Returns whether a connection to one of these addresses would exceed the share of addresses that have not answered recently. */
    boolean exceedsUnproven(List<ConnectionKey> keys) {
        return isUnproven(keys) && unproven >= limits.toUnproven();
    }

    /** Returns those whose addresses have room. */
    List<ConnectionKey> withRoom(List<ConnectionKey> keys) {
        return keys.stream()
                .filter(key -> perAddress.getOrDefault(key.endpoint(), 0) < mostAt(key))
                .toList();
    }

    /** Returns the connection limit for one address. A relay comes from configuration, so the reduced shares do not apply to it. */
    private int mostAt(ConnectionKey key) {
        if (key.remote().role() == RemoteMta.Role.RELAY) {
            return limits.perHost();
        }
        return isUnproven(List.of(key)) ? limits.atUnproven() : limits.atAnswering();
    }

    /** Returns whether at least one of these addresses has not answered recently. */
    private boolean isUnproven(List<ConnectionKey> keys) {
        return keys.stream()
                .anyMatch(key -> key.remote().role() != RemoteMta.Role.RELAY
                        && answering.get(key.endpoint()).isEmpty());
    }

    /** Counts a connection to one of these addresses of one host. */
    Slot add(List<ConnectionKey> keys) {
        Set<Endpoint> endpoints = keys.stream().map(ConnectionKey::endpoint).collect(Collectors.toSet());
        Slot slot = new Slot(keys.get(0).hostPort(), endpoints, isUnproven(keys));
        count(slot, 1);
        return slot;
    }

    void remove(Slot slot) {
        count(slot, -1);
    }

    /** Counts the connection at this address only. */
    void connected(Slot slot, Endpoint endpoint) {
        recount(slot, endpoint, slot.unproven);
    }

    void answered(Slot slot, Endpoint endpoint) {
        answering.merge(endpoint, true, Boolean::logicalOr);
        recount(slot, endpoint, false);
    }

    void failed(Endpoint endpoint) {
        answering.remove(endpoint);
    }

    private void recount(Slot slot, Endpoint endpoint, boolean isUnproven) {
        count(slot, -1);
        slot.endpoints = Set.of(endpoint);
        slot.unproven = isUnproven;
        count(slot, 1);
    }

    private void count(Slot slot, int change) {
        inAll += change;
        unproven += slot.unproven ? change : 0;
        add(perHost, slot.host, change);
        slot.endpoints.forEach(endpoint -> add(perAddress, endpoint, change));
    }

    private static <K> void add(Map<K, Integer> counts, K key, int change) {
        counts.merge(key, change, (before, more) -> before + more == 0 ? null : before + more);
    }
}
