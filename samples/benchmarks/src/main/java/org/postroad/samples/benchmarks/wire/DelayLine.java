// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.wire;

import java.util.ArrayDeque;
import java.util.OptionalLong;

/**
 * Chunks on their way in one direction: each comes out, in order, a fixed time after it went in. Nothing else holds one up: a thousand
 * chunks that go in together come out together, so latency is all that it costs, while the octets on their way are within the window.
 * Times are what the caller says. Not thread-safe.
 *
 * @param <T> a chunk
 */
final class DelayLine<T> {

    private final long delayNanos;
    private final long window;
    private final ArrayDeque<Travelling<T>> way = new ArrayDeque<>();
    private long octets;

    /**
     * @param delayNanos from going in to coming out
     * @param window octets on their way at once
     */
    DelayLine(long delayNanos, long window) {
        this.delayNanos = delayNanos;
        this.window = window;
    }

    private record Travelling<T>(T chunk, int size, long dueNanos) {}

    /** Whether a chunk of that size may go in; one may always, where nothing is on its way. */
    boolean hasRoomFor(int size) {
        return way.isEmpty() || octets + size <= window;
    }

    void put(T chunk, int size, long nowNanos) {
        way.add(new Travelling<>(chunk, size, nowNanos + delayNanos));
        octets += size;
    }

    /** How long until the next chunk comes out: 0 where it may now, empty where nothing is on its way. */
    OptionalLong nanosUntilNext(long nowNanos) {
        return way.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Math.max(0, way.element().dueNanos - nowNanos));
    }

    /** The next chunk, which is due. */
    T take(long nowNanos) {
        Travelling<T> next = way.element();
        if (next.dueNanos - nowNanos > 0) {
            throw new IllegalStateException("The chunk is due in " + (next.dueNanos - nowNanos) + " ns");
        }
        way.remove();
        octets -= next.size;
        return next.chunk;
    }
}
