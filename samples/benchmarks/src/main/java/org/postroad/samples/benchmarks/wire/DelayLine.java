// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.wire;

import java.util.ArrayDeque;
import java.util.OptionalLong;

/**
 * Chunks in transit in one direction: each comes out a fixed time after it was put in, in order. There is no other delay: a
 * thousand chunks put in together come out together. So the only cost is latency, as long as the octets in transit fit into the
 * window. The caller supplies the times. Not thread-safe.
 *
 * @param <T> a chunk
 */
final class DelayLine<T> {

    private final long delayNanos;
    private final long window;
    private final ArrayDeque<ChunkInTransit<T>> way = new ArrayDeque<>();
    private long octets;

    /**
     * @param delayNanos the delay from input to output
     * @param window the maximum number of octets in transit
     */
    DelayLine(long delayNanos, long window) {
        this.delayNanos = delayNanos;
        this.window = window;
    }

    private record ChunkInTransit<T>(T chunk, int size, long dueNanos) {}

    /** Returns whether a chunk of that size can be put in. One chunk of any size can if nothing is in transit. */
    boolean hasRoomFor(int size) {
        return way.isEmpty() || octets + size <= window;
    }

    void put(T chunk, int size, long nowNanos) {
        way.add(new ChunkInTransit<>(chunk, size, nowNanos + delayNanos));
        octets += size;
    }

    /** Returns the time until the next chunk comes out: 0 if it is due, empty if nothing is in transit. */
    OptionalLong nanosUntilNext(long nowNanos) {
        return way.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Math.max(0, way.element().dueNanos - nowNanos));
    }

    /** Removes and returns the next chunk, which must be due. */
    T take(long nowNanos) {
        ChunkInTransit<T> next = way.element();
        if (next.dueNanos - nowNanos > 0) {
            throw new IllegalStateException("The chunk is due in " + (next.dueNanos - nowNanos) + " ns");
        }
        way.remove();
        octets -= next.size;
        return next.chunk;
    }
}
