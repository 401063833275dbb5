// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.deliver;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BinaryOperator;

/** Map whose entries expire after a fixed time. Drops the oldest entries beyond its capacity. Thread-safe. */
final class ExpiringMap<K, V> {

    private record ExpiringValue<V>(V value, Instant until) {}

    private final Duration lasting;
    private final int capacity;
    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Map<K, ExpiringValue<V>> entries = new LinkedHashMap<>(); // oldest first

    ExpiringMap(Duration lasting, int capacity, InstantSource clock) {
        this.lasting = lasting;
        this.capacity = capacity;
        this.clock = clock;
    }

    Optional<V> get(K key) {
        lock.lock();
        try {
            ExpiringValue<V> entry = entries.get(key);
            return entry == null || entry.until().isBefore(clock.instant())
                    ? Optional.empty()
                    : Optional.of(entry.value());
        } finally {
            lock.unlock();
        }
    }

    /** Sets the value, combined with the existing one if there is one, and restarts its time to live. */
    void merge(K key, V value, BinaryOperator<V> combine) {
        lock.lock();
        try {
            V combined = get(key).map(before -> combine.apply(before, value)).orElse(value);
            entries.remove(key); // moves the entry to the end
            entries.put(key, new ExpiringValue<>(combined, clock.instant().plus(lasting)));
            if (entries.size() > capacity) {
                entries.remove(entries.keySet().iterator().next());
            }
        } finally {
            lock.unlock();
        }
    }

    /** An entry that has not expired. */
    record LiveEntry<K, V>(K key, V value, Instant until) {}

    /** Returns the entries that have not expired, oldest first. */
    List<LiveEntry<K, V>> live() {
        lock.lock();
        try {
            Instant now = clock.instant();
            return entries.entrySet().stream()
                    .filter(entry -> !entry.getValue().until().isBefore(now))
                    .map(entry -> new LiveEntry<>(
                            entry.getKey(),
                            entry.getValue().value(),
                            entry.getValue().until()))
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    void clear() {
        lock.lock();
        try {
            entries.clear();
        } finally {
            lock.unlock();
        }
    }

    void remove(K key) {
        lock.lock();
        try {
            entries.remove(key);
        } finally {
            lock.unlock();
        }
    }
}
