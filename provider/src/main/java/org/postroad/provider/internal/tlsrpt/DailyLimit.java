// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.tlsrpt;

import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Counts what one destination gets in a day (UTC), whichever domains ask for it: a domain can name anybody's mailbox or web server, who is
 * never asked. In memory. Thread-safe.
 */
final class DailyLimit {

    /** Destinations of a day; further ones get nothing. */
    static final int MAX_DESTINATIONS = 100_000;

    private final int most;
    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Integer> counts = new HashMap<>(); // this and the following, under the lock
    private LocalDate day = LocalDate.MIN;

    /** @param most for one destination in a day */
    DailyLimit(int most, InstantSource clock) {
        this.most = most;
        this.clock = clock;
    }

    /** Counts one more for the destination; false if it has had all that it may get today. */
    boolean take(String destination) {
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        lock.lock();
        try {
            if (!today.equals(day)) {
                counts.clear();
                day = today;
            }
            int before = counts.getOrDefault(destination, 0);
            if (before >= most || (before == 0 && counts.size() >= MAX_DESTINATIONS)) {
                return false;
            }
            counts.put(destination, before + 1);
            return true;
        } finally {
            lock.unlock();
        }
    }
}
