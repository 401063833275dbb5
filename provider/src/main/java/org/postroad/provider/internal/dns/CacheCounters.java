// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import java.util.concurrent.atomic.LongAdder;

/** Counts the questions to the caches of an engine, also of caches that are gone. No count ever decreases. Thread-safe. */
public final class CacheCounters {

    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();
    private final LongAdder failures = new LongAdder();

    void hit() {
        hits.increment();
    }

    void miss() {
        misses.increment();
    }

    void failure() {
        failures.increment();
    }

    /** Returns the number of questions answered from a cache. */
    public long hits() {
        return hits.sum();
    }

    /** Returns the number of questions that a resolver was asked. */
    public long misses() {
        return misses.sum();
    }

    /** Returns the number of questions of {@link #misses} whose lookup failed. A name or record that does not exist is no failure. */
    public long failures() {
        return failures.sum();
    }
}
